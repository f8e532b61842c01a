import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, textToBytes } from '../hash/index.ts'
import { type Assertion, decodeAssertion } from './form.ts'

/** Whose word a passkey's signature is: its key, and the host of the page that asked for it. */
export type PasskeyWord = {
  /** Compressed, `0x` and 66 hex. */
  readonly publicKey: string
  readonly host: string
}

/**
 * Checks r ‖ s, s in the lower half of the order, over SHA-256 of `message`. Malformed keys and
 * signatures are false. A port: a server brings a native one.
 */
export type VerifyP256Message = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean

/** In JavaScript alone. */
export const verifyP256Message: VerifyP256Message = (publicKey, message, signature) => {
  if (publicKey.length !== 33 || signature.length !== 64) return false
  if (!p256.utils.isValidPublicKey(publicKey, true)) return false
  const options = { prehash: true, lowS: true, format: 'compact' } as const
  try {
    return p256.verify(signature, message, publicKey, options)
  } catch (error) {
    // The library throws plain errors for numbers that are none of the curve's.
    if (error instanceof Error) return false
    throw error
  }
}

/**
 * Whose word over `digest` these bytes are; undefined where they are nobody's.
 *
 * The device signed for a page of this host, somebody was present and was recognised by the device
 * (a finger, a face, a code), the challenge is just this digest, and no other page stood around.
 * What the device counts is not looked at: a digest is used once by its id, and a passkey that is
 * on several devices counts on none.
 *
 * @param digest 32 bytes
 */
export function passkeyWord(
  digest: Uint8Array,
  bytes: Uint8Array,
  verify: VerifyP256Message = verifyP256Message,
): PasskeyWord | undefined {
  const assertion = decodeAssertion(bytes)
  if (assertion === undefined || digest.length !== 32) return undefined
  const { publicKey, authenticatorData, clientData, signature } = assertion
  const host = hostAsked(clientData, digest)
  if (host === undefined) return undefined
  if (!isPresentAt(host, authenticatorData)) return undefined
  if (!verify(publicKey, signedMessage(assertion), signature)) return undefined
  return { publicKey: bytesToHex(publicKey), host }
}

/** What the device signed: its own data and the hash of the browser's. */
export const signedMessage = (
  { authenticatorData, clientData }: Pick<Assertion, 'authenticatorData' | 'clientData'>,
): Uint8Array => concatBytes(authenticatorData, sha256(clientData))

/**
 * The host of the origin that asked for `digest`, read as WebAuthn's *limited verification
 * algorithm*: browsers write these members first, in this order and spelling, so that nothing has
 * to be parsed and nothing can be said twice.
 */
function hostAsked(clientData: Uint8Array, digest: Uint8Array): string | undefined {
  const text = asciiOf(clientData)
  if (text === undefined) return undefined
  const start = `{"type":"webauthn.get","challenge":"${base64Url(digest)}","origin":"`
  if (!text.startsWith(start)) return undefined
  const end = text.indexOf('"', start.length)
  if (end < 0 || !endsRightly(text.slice(end + 1))) return undefined
  return hostOf(text.slice(start.length, end))
}

/** In nobody's frame. Browsers add members behind this one, in order that nobody compares. */
const endsRightly = (rest: string): boolean =>
  rest === '}' || /^,"crossOrigin":false(?:,.*)?\}$/.test(rest)

const originPattern = /^(https?):\/\/([a-z0-9.-]{1,253})(?::[1-9][0-9]{0,4})?$/

/** By TLS, or on this machine. */
function hostOf(origin: string): string | undefined {
  const [, scheme, host] = originPattern.exec(origin) ?? []
  if (host === undefined) return undefined
  return scheme === 'https' || host === 'localhost' ? host : undefined
}

const flagBits = {
  present: 0x01,
  recognised: 0x04,
  eligible: 0x08,
  backedUp: 0x10,
  key: 0x40,
  extensions: 0x80,
}

function isPresentAt(host: string, authenticatorData: Uint8Array): boolean {
  const expected = sha256(textToBytes(host))
  if (!expected.every((byte, i) => byte === authenticatorData[i])) return false
  const flags = authenticatorData[32] ?? 0
  const has = (bit: number): boolean => (flags & bit) !== 0
  return (
    has(flagBits.present) && has(flagBits.recognised) && !has(flagBits.key) &&
    (has(flagBits.eligible) || !has(flagBits.backedUp)) &&
    has(flagBits.extensions) === authenticatorData.length > 37
  )
}

/** Undefined where a byte is no printable character of ASCII: origins are written in those. */
function asciiOf(bytes: Uint8Array): string | undefined {
  let text = ''
  for (const byte of bytes) {
    if (byte < 0x20 || byte > 0x7e) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64 for addresses, without padding: as browsers write a challenge. */
export function base64Url(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const digits = left >= 3 ? 4 : left + 1
    for (let digit = 0; digit < digits; digit += 1) {
      text += alphabet[(word >> (18 - 6 * digit)) & 0x3f]
    }
  }
  return text
}
