import { Fault } from '@busbar/core/errors'
import type { InstructionContent } from '@busbar/core/exchange'
import type { SignedInstruction } from '@busbar/protocols/api'
import { type Domain, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { signNamed } from '@busbar/protocols/named-keys'
import { base64Url } from '@busbar/protocols/passkeys'
import { platformRandom, type RandomBytes } from './ids.ts'
import { Signer } from './signer.ts'

/** Both halves of a key that registers one passkey of an account. Whoever has it can use it. */
export type JoinCode = {
  readonly account: number
  readonly privateKey: Uint8Array
  /** What the exchange knows of it: `0x` and 66 hex. */
  readonly publicKey: string
}

/** Draws the key of a join code; `issue_join_code` makes it count. */
export function newJoinCode(account: number, random: RandomBytes = platformRandom): JoinCode {
  // A random value outside of the curve's order has a chance of 2^-128.
  const privateKey = random(new Uint8Array(32))
  return { account, privateKey, publicKey: bytesToHex(publicKeyOf(privateKey)) }
}

/**
 * As it is handed over: the account, a dot and the key in base64 for addresses. Behind the `#` of a
 * link, where no browser sends it to a server.
 */
export const joinCodeText = ({ account, privateKey }: JoinCode): string =>
  `${account}.${base64Url(privateKey)}`

const textPattern = /^(0|[1-9][0-9]{0,9})\.([A-Za-z0-9_-]{43})$/

/**
 * Reads what `joinCodeText` wrote.
 *
 * @throws Fault JOIN_CODE_MALFORMED
 */
export function parseJoinCode(text: string): JoinCode {
  const [, account, key] = textPattern.exec(text) ?? []
  if (account === undefined || key === undefined) throw new Fault('JOIN_CODE_MALFORMED', {})
  const letters = atob(key.replaceAll('-', '+').replaceAll('_', '/'))
  const privateKey = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  // Two spellings of one key are one too many: the last letter holds two bits that count nothing.
  if (base64Url(privateKey) !== key) throw new Fault('JOIN_CODE_MALFORMED', {})
  try {
    const publicKey = bytesToHex(publicKeyOf(privateKey))
    return { account: Number(account), privateKey, publicKey }
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    throw new Fault('JOIN_CODE_MALFORMED', {}, { cause })
  }
}

/** What a device tells of the passkey that it made. */
export type NewPasskey = Omit<InstructionContent['register_passkey'], 'participant'>

/**
 * The instruction by which a join code registers a passkey. Keep it and send the same again where
 * the answer was lost: the code counts once, and the same instruction is answered as before.
 *
 * @throws Fault TEXT_MALFORMED
 */
export const joining = (
  domain: Domain,
  { account, privateKey }: JoinCode,
  passkey: NewPasskey,
): Promise<SignedInstruction> => {
  const sign = (digest: Uint8Array): Uint8Array => signNamed('join', privateKey, digest)
  const signer = new Signer({ domain, account, sign })
  return signer.instruction('register_passkey', { participant: account, ...passkey })
}
