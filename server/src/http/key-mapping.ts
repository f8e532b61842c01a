import type { JoinCode, Passkey } from '@busbar/core/registry'
import type { Mandate, Objection } from '@busbar/protocols/api'
import type { MandateView, ObjectionView } from '../app/ports/key-views.ts'
import { jsonInteger } from './json-numbers.ts'

export const passkeyJson = (passkey: Passkey) => ({
  publicKey: passkey.publicKey,
  credentialId: passkey.credentialId,
  host: passkey.host,
  label: passkey.label,
  signsFromMs: passkey.signsFrom,
  withdraws: passkey.ownWord,
  registeredBy: passkey.registeredBy,
  registeredAtMs: passkey.at,
  askedBy: passkey.askedBy,
})

export const joinCodeJson = ({ publicKey, host, until, issuedBy }: JoinCode) => ({
  ...{ publicKey, host, untilMs: until, issuedBy },
})

export const mandateJson = (view: MandateView): Mandate => ({
  publicKey: view.publicKey,
  meters: [...view.meters],
  buyMaxMicrosPerKwh: view.buyMaxMicrosPerKwh,
  sellMinMicrosPerKwh: view.sellMinMicrosPerKwh,
  orderEnergyMaxWh: view.orderEnergyMaxWh,
  dayEnergyMaxWh: view.dayEnergyMaxWh,
  fromMs: view.from,
  untilMs: view.until,
  label: view.label,
  grantedAtMs: view.at,
  usedTodayWh: jsonInteger(view.usedToday, 'usedTodayWh'),
  leftTodayWh: jsonInteger(view.leftToday, 'leftTodayWh'),
})

export const objectionJson = ({ passkey, until, ...waiting }: ObjectionView): Objection => ({
  publicKey: passkey.publicKey,
  credentialId: passkey.credentialId,
  label: passkey.label,
  revokedBy: passkey.revokedBy,
  revokedAtMs: passkey.revokedAt,
  objectedAtMs: passkey.objectedAt,
  untilMs: until,
  passkeys: [...waiting.passkeys],
  joinCodes: waiting.joinCodes.map((one) => ({ ...joinCodeJson(one), issuedAtMs: one.at })),
})
