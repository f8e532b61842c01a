import type { BusbarClient } from '@busbar/client'
import type { Device } from '../session/device.ts'
import { type KnownPasskey, remember } from '../session/known-passkeys.ts'
import type { Session } from '../session/session.ts'
import { CannotSign, credentialBy, credentialByAny } from '../session/signing.ts'

/** By what somebody signs in: a passkey that was seen here, any other, or a word made elsewhere. */
export type By =
  | { readonly kind: 'known'; readonly passkey: KnownPasskey }
  | { readonly kind: 'any' }
  | { readonly kind: 'word'; readonly credential: string }

/**
 * Opens the session of this browser, and remembers the passkey that did it.
 *
 * @throws CannotSign, BusbarError with the exchange's code, or what the device says
 */
export async function signIn(
  by: By,
  { client, device, market, keeper, now }: {
    readonly client: BusbarClient
    readonly device: Device
    readonly market: string
    readonly keeper: Storage
    readonly now: () => number
  },
): Promise<Session> {
  if (by.kind === 'word') return opened(client, by.credential)
  const domain = await client.domain()
  if (by.kind === 'known') {
    const session = await opened(client, await credentialBy(device, domain, by.passkey, now()))
    remember(keeper, { ...by.passkey, name: session.name })
    return session
  }
  const { credential, key, account } = await credentialByAny(device, domain, market, now())
  const session = await opened(client, credential)
  remember(keeper, { ...key, market, account, name: session.name })
  return session
}

async function opened(client: BusbarClient, credential: string): Promise<Session> {
  const session = await client.as(() => Promise.resolve(credential)).sessions.open()
  if (session === null) throw new CannotSign('unknown-key')
  return session
}
