import type { JoinCode, Passkey } from '@busbar/core/registry'
import type { Mandate } from '@busbar/protocols/api'
import type { MandateView } from '../app/ports/key-views.ts'
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
