import type { JoinCode, Passkey } from '@busbar/core/registry'

export const passkeyJson = (passkey: Passkey) => ({
  publicKey: passkey.publicKey,
  credentialId: passkey.credentialId,
  host: passkey.host,
  label: passkey.label,
  signsFromMs: passkey.signsFrom,
  registeredBy: passkey.registeredBy,
  registeredAtMs: passkey.at,
})

export const joinCodeJson = ({ publicKey, host, until, issuedBy }: JoinCode) => ({
  ...{ publicKey, host, untilMs: until, issuedBy },
})
