/** A phone with a passkey, as Chromium plays one: its person says yes to whatever is asked. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import { passkeyPublicKey } from '@busbar/protocols/passkeys'
import { seededKey } from '@busbar/simulator'
import type { CDPSession, Page } from 'playwright-core'
import { userHandleOf } from '../src/session/known-passkeys.ts'

/** Pages are opened by a name: passkeys belong to one. */
export const byName = (url: string): string => url.replace('127.0.0.1', 'localhost')

export type Phone = {
  readonly devtools: CDPSession
  readonly authenticatorId: string
}

/** A phone beside a page, or a key that is put into it, with no passkey yet. */
export async function phoneFor(
  page: Page,
  transport: 'internal' | 'usb' = 'internal',
): Promise<Phone> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return { devtools, authenticatorId }
}

/**
 * Puts a passkey of a participant of the simulated market into a phone, and has the participant's
 * registered key say to the exchange that it is one.
 */
export async function givePasskey(
  { devtools, authenticatorId }: Phone,
  url: string,
  name: string,
  seed = 1,
): Promise<{ readonly account: number }> {
  const client = new BusbarClient({ baseUrl: url })
  const [{ participants }, { market }, domain] = await Promise.all([
    client.participants({ limit: 500 }), client.market(), client.domain(),
  ])
  const account = participants.find((one) => one.name === name)?.account
  if (account === undefined) throw new Error(`no participant is called ${name}`)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
  const credentialId = randomBytes(32)
  const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey)
  const signer = new Signer({ domain, account, sign })
  await client.instruct(
    await signer.instruction('register_passkey', {
      participant: account,
      publicKey: `0x${Buffer.from(passkeyPublicKey(spki)).toString('hex')}`,
      credentialId: `0x${credentialId.toString('hex')}`,
      ...{ host: 'localhost', label: `phone-${randomBytes(2).toString('hex')}` },
    }),
  )
  await devtools.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: credentialId.toString('base64'),
      isResidentCredential: true,
      rpId: 'localhost',
      privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      userHandle: Buffer.from(userHandleOf(market, account)).toString('base64'),
      signCount: 0,
    },
  })
  return { account }
}

/** What a person does who has a phone and has not been here before. */
export async function signInWithPhone(page: Page, url: string, to = ''): Promise<void> {
  await page.goto(`${byName(url)}/signin${to === '' ? '' : `?to=${encodeURIComponent(to)}`}`)
  await page.getByRole('button', { name: /^(?:Sign in with a|With another) passkey$/ }).click()
  await page.locator('.person').waitFor()
}
