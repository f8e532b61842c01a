import { passkeyMark } from '@busbar/core/registry'
import { concatBytes } from '@noble/hashes/utils.js'

/**
 * What a device signs when it is asked for a digest (WebAuthn, *assertion*), with the key that it
 * says it is by.
 */
export type Assertion = {
  /** Compressed P-256 key, 33 bytes. */
  readonly publicKey: Uint8Array
  /** Host, flags and counter, as the device wrote them: 37 bytes, more with extensions. */
  readonly authenticatorData: Uint8Array
  /** Purpose, digest and origin, as the browser wrote them. */
  readonly clientData: Uint8Array
  /** r ‖ s, 64 bytes, with s in the lower half of the order. */
  readonly signature: Uint8Array
}

/** The most that a part may be long, in bytes: several times what devices and browsers write. */
export const authenticatorDataMax = 512
export const clientDataMax = 1_024

const authenticatorDataMin = 37
const mark = Number.parseInt(passkeyMark, 16)

/** The shortest and the longest encoding, in bytes. */
export const passkeySignatureMin = 1 + 33 + 2 + authenticatorDataMin + 2 + 1 + 64
export const passkeySignatureMax = 1 + 33 + 2 + authenticatorDataMax + 2 + clientDataMax + 64

/**
 * The bytes that stand where a signature of a registered key would, with lengths in two bytes:
 * `50 ‖ publicKey ‖ length ‖ authenticatorData ‖ length ‖ clientData ‖ r ‖ s`.
 */
export function encodeAssertion(assertion: Assertion): Uint8Array {
  const { publicKey, authenticatorData, clientData, signature } = assertion
  return concatBytes(
    Uint8Array.of(mark),
    publicKey,
    twoBytes(authenticatorData.length),
    authenticatorData,
    twoBytes(clientData.length),
    clientData,
    signature,
  )
}

/** Reads what `encodeAssertion` wrote; undefined for any other bytes. */
export function decodeAssertion(bytes: Uint8Array): Assertion | undefined {
  if (bytes.length < passkeySignatureMin || bytes.length > passkeySignatureMax) return undefined
  if (bytes[0] !== mark) return undefined
  let offset = 1
  const take = (length: number): Uint8Array => bytes.subarray(offset, (offset += length))
  const publicKey = take(33)
  const authenticatorData = take(lengthIn(take(2)))
  const clientData = take(lengthIn(take(2)))
  const signature = take(64)
  const isWhole =
    offset === bytes.length && signature.length === 64 &&
    authenticatorData.length >= authenticatorDataMin &&
    authenticatorData.length <= authenticatorDataMax &&
    clientData.length > 0 && clientData.length <= clientDataMax
  return isWhole ? { publicKey, authenticatorData, clientData, signature } : undefined
}

const twoBytes = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff)

const lengthIn = (bytes: Uint8Array): number => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
