import { assert, Fault } from '@busbar/core/errors'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { type GT, mul, pow } from 'mcl-wasm'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '../hash/index.ts'
import {
  g1Bytes,
  g1FromHex,
  generator,
  hashToG2,
  keep,
  malformed,
  pair,
  parseG1,
  scalarFromRandom,
} from './curve.ts'

/** Side 1, energy 8, limit 8, account 4, meter 4, salt 32. */
export const plaintextBytes = 57

/** The point, the sealed plaintext and its tag: 121. */
export const ciphertextBytes: number = g1Bytes + plaintextBytes + 16

const commitmentBytes = 32

/**
 * What one participant draws once for all its orders of a label: `point` = r·G1 goes into each
 * ciphertext, `secret` = e(PK, H(label))^r stays with the participant. Each order still has its own
 * key, because the commitment goes into it; that two ciphertexts share a point shows that they are
 * of one participant, which the signed order says anyway.
 */
export type SealingKey = {
  readonly label: string
  readonly publicKey: string
  readonly point: Uint8Array
  readonly secret: Uint8Array
}

const pairingsKept = 64
const pairings = new Map<string, GT>()

/** e(PK, H(label)): the same for everybody who seals to this label, so the last few are kept. */
function labelPairing(publicKey: string, label: string): GT {
  const name = `${publicKey} ${label}`
  const known = pairings.get(name)
  if (known !== undefined) return known
  const made = pair(g1FromHex(publicKey, 'publicKey'), hashToG2(label))
  keep(pairings, name, made, pairingsKept)
  return made
}

/**
 * Draws a sealing key: three milliseconds, of which two are the same for all of a label and kept.
 *
 * @param request.random 48 uniform bytes, used once
 * @throws Fault TIMELOCK_MALFORMED for a key that is no point of the group
 */
export function sealingKey(request: {
  readonly label: string
  readonly publicKey: string
  readonly random: Uint8Array
}): SealingKey {
  const { label, publicKey } = request
  const scalar = scalarFromRandom(request.random)
  if (scalar.isZero()) throw malformed('random', 'it is zero')
  const secret = pow(labelPairing(publicKey, label), scalar).serialize()
  return { label, publicKey, point: mul(generator(), scalar).serialize(), secret }
}

export type SealRequest = {
  readonly label: string
  /** The committee's joint key: 48 bytes. */
  readonly publicKey: string
  /** The order's commitment: the ciphertext opens for this one only. 32 bytes. */
  readonly commitment: string
  /** 57 bytes. A commitment belongs to one plaintext: under one key never seal another. */
  readonly plaintext: Uint8Array
  /** 48 uniform bytes, used once; not looked at when a key is reused. */
  readonly random: Uint8Array
  /** A key of the same label and committee, to spare the pairing. */
  readonly reuse?: SealingKey
}

/**
 * Seals an order to its interval: nobody can open it, the one who sealed it excepted, until the
 * committee has signed the label. Identity-based encryption after Boneh and Franklin with the label
 * as the identity, as in timelock encryption to a randomness beacon.
 *
 * @throws Fault TIMELOCK_MALFORMED, HEX_MALFORMED
 */
export function seal(request: SealRequest): Hex {
  const { label, publicKey, plaintext } = request
  const commitment = hexToBytes(request.commitment, commitmentBytes, 'commitment')
  if (plaintext.length !== plaintextBytes) {
    throw malformed('plaintext', `it has ${plaintext.length} bytes, not ${plaintextBytes}`)
  }
  const key = request.reuse ?? sealingKey({ label, publicKey, random: request.random })
  if (key.label !== label || key.publicKey !== publicKey) {
    throw malformed('reuse', 'it is of another label or committee')
  }
  const sealed = cipherOf(key.secret, key.point, commitment).encrypt(plaintext)
  const ciphertext = new Uint8Array(ciphertextBytes)
  ciphertext.set(key.point)
  ciphertext.set(sealed, g1Bytes)
  return bytesToHex(ciphertext)
}

const domain = textToBytes('Busbar timelock 1')
const zeroNonce = new Uint8Array(12)

/** The nonce may be zero because a key seals once: the commitment is part of what it is made of. */
export function cipherOf(
  secret: Uint8Array,
  point: Uint8Array,
  commitment: Uint8Array,
): ReturnType<typeof chacha20poly1305> {
  assert(commitment.length === commitmentBytes, 'a commitment has 32 bytes')
  const parts = [domain, secret, point, commitment]
  const input = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    input.set(part, at)
    at += part.length
  }
  return chacha20poly1305(keccak256(input), zeroNonce, commitment)
}

/**
 * Whether a ciphertext has its form: length, and a point of the group. The intake asks this, so
 * that opening thousands need not check the group again. It says nothing of what is inside.
 */
export function isCiphertext(ciphertext: string): boolean {
  try {
    const bytes = hexToBytes(ciphertext, ciphertextBytes, 'ciphertext')
    parseG1(bytes.subarray(0, g1Bytes), 'ciphertext')
    return true
  } catch (error) {
    if (error instanceof Fault) return false
    throw error
  }
}
