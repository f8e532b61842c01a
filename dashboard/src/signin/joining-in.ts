import { type BusbarClient, type JoinCode, joining } from '@busbar/client'
import { bytesToHex } from '@busbar/protocols/hash'
import type { SignedInstruction } from '@busbar/protocols/api'
import type { Device } from '../session/device.ts'
import { type KnownPasskey, remember, userHandleOf } from '../session/known-passkeys.ts'

/** A passkey that a device made, and the word of the join code for it: sent until it is taken. */
export type Made = { readonly passkey: KnownPasskey; readonly signed: SignedInstruction }

/** Has the device make a passkey, and signs for it with the join code. Sends nothing. */
export async function makePasskey(
  code: JoinCode,
  label: string,
  { client, device, market, name, host }: {
    readonly client: BusbarClient
    readonly device: Device
    readonly market: string
    readonly name: string
    readonly host: string
  },
): Promise<Made> {
  const { account } = code
  const domain = await client.domain()
  const userHandle = userHandleOf(market, account)
  const made = await device.create({ name, userHandle, known: [] })
  const publicKey = bytesToHex(made.publicKey)
  const credentialId = bytesToHex(made.credentialId)
  const signed = await joining(domain, code, { publicKey, credentialId, host, label })
  return { passkey: { market, account, name, publicKey, credentialId }, signed }
}

/** Has the exchange take it; the same again has its effect once. */
export async function register(
  { passkey, signed }: Made,
  client: BusbarClient,
  keeper: Storage,
): Promise<void> {
  await client.instruct(signed)
  remember(keeper, passkey)
}
