import { type BusbarClient, plainTimelockSeal, type SignDigest, Signer } from '@busbar/client'
import type { Domain } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { assertionOf, encodeAssertion, keysBehind } from '@busbar/protocols/passkeys'
import type { Device, DeviceAnswer } from './device.ts'
import { accountIn, type KnownPasskey } from './known-passkeys.ts'

/** Of a passkey what signing needs. */
export type SigningKey = Pick<KnownPasskey, 'publicKey' | 'credentialId'>

/** Nobody here, or no device, can sign as this account. */
export class CannotSign extends Error {
  override readonly name = 'CannotSign'
  readonly why: 'no-passkey' | 'other-market' | 'unknown-key'

  constructor(why: CannotSign['why']) {
    super(why)
    this.why = why
  }
}

const encoded = (key: string, answer: DeviceAnswer): Uint8Array =>
  encodeAssertion(assertionOf(hexToBytes(key, 33, 'publicKey'), answer))

/** Signs each digest with whichever of the passkeys the device has. */
export function withDevice(device: Device, keys: readonly SigningKey[]): SignDigest {
  return async (digest) => {
    if (keys.length === 0) throw new CannotSign('no-passkey')
    const answer = await device.sign(digest, keys.map(idOf))
    const used = bytesToHex(answer.credentialId)
    const key = keys.find(({ credentialId }) => credentialId === used)
    if (key === undefined) throw new CannotSign('unknown-key')
    return encoded(key.publicKey, answer)
  }
}

const idOf = ({ credentialId }: SigningKey): Uint8Array => hexToBytes(credentialId)

/** Signs as an account with what its devices hold for this host. */
export async function signerWith(
  device: Device,
  client: BusbarClient,
  domain: Domain,
  account: number,
  host: string,
): Promise<Signer> {
  const { passkeys } = await client.account(account)
  const keys = passkeys.filter((passkey) => passkey.host === host)
  return signerBy(device, domain, account, keys)
}

/** Signs as an account with whichever of these passkeys the device has. */
export const signerBy = (
  device: Device,
  domain: Domain,
  account: number,
  keys: readonly SigningKey[],
): Signer =>
  // The policy of the pages allows no WebAssembly, and one person's orders need none.
  new Signer({ domain, account, sign: withDevice(device, keys), seal: plainTimelockSeal() })

/** How long a browser reads before its person is asked again. */
export const sessionMs = 12 * 3_600_000

/** The word that opens a session, by a passkey that this browser has seen: asked once. */
export function credentialBy(
  device: Device,
  domain: Domain,
  known: Pick<KnownPasskey, 'account' | 'publicKey' | 'credentialId'>,
  nowMs: number,
): Promise<string> {
  const sign = withDevice(device, [known])
  const signer = new Signer({ domain, account: known.account, sign })
  return signer.credential(nowMs + sessionMs)
}

/**
 * The word that opens a session, by a passkey that this browser has not seen: the device first says
 * whose it is, and then signs. Which key it has follows from the two answers together.
 *
 * @throws CannotSign for a passkey of another market
 */
export async function credentialByAny(
  device: Device,
  domain: Domain,
  market: string,
  nowMs: number,
): Promise<{ readonly credential: string; readonly key: SigningKey; readonly account: number }> {
  const first = await device.sign(crypto.getRandomValues(new Uint8Array(32)), [])
  const account = accountIn(market, first.userHandle)
  if (account === undefined) throw new CannotSign('other-market')
  const credentialId = bytesToHex(first.credentialId)
  const candidates = keysBehind(first).map((key) => bytesToHex(key))
  let publicKey = ''
  const sign: SignDigest = async (digest) => {
    const second = await device.sign(digest, [first.credentialId])
    const keys = keysBehind(second).map((key) => bytesToHex(key))
    publicKey = keys.find((key) => candidates.includes(key)) ?? ''
    if (publicKey === '') throw new CannotSign('unknown-key')
    return encoded(publicKey, second)
  }
  const credential = await new Signer({ domain, account, sign }).credential(nowMs + sessionMs)
  return { credential, key: { publicKey, credentialId }, account }
}
