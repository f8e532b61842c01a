import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '../hash/index.ts'
import { malformed } from '../timelock/malformed.ts'

export { labelOf, type LabelParts } from '../timelock/label.ts'

/*
 * Sealing as in `timelock`, without WebAssembly, for where it is not allowed: some hundred times
 * slower, which one person's order does not notice. Byte for byte the same.
 */

const { G1, G2, fields } = bls12_381

const tag = 'BUSBAR_TIMELOCK_BLS12381G2_XMD:SHA-256_SSWU_RO_'
const domain = textToBytes('Busbar timelock 1')
const zeroNonce = new Uint8Array(12)

/** Uniform bytes for one scalar, as in `timelock`. */
export const plainRandomBytes = 48
const pointBytes = 48
const commitmentBytes = 32
const plaintextBytes = 57

/**
 * Seals an order to its interval; see `seal` of `timelock`.
 *
 * @param request.random 48 uniform bytes, used once
 * @throws Fault TIMELOCK_MALFORMED for a key that is no point of the group, a plaintext of another
 * length or a zero scalar; HEX_MALFORMED
 */
export function plainSeal(request: {
  readonly label: string
  readonly publicKey: string
  readonly commitment: string
  readonly plaintext: Uint8Array
  readonly random: Uint8Array
}): Hex {
  const { label, plaintext, random } = request
  const commitment = hexToBytes(request.commitment, commitmentBytes, 'commitment')
  if (plaintext.length !== plaintextBytes) throw malformed('plaintext', 'it has another length')
  const key = keyOf(request.publicKey)
  const scalar = BigInt(bytesToHex(random)) % fields.Fr.ORDER
  if (random.length !== plainRandomBytes || scalar === 0n) {
    throw malformed('random', 'it is zero or too short')
  }
  const point = G1.Point.BASE.multiply(scalar).toBytes(true)
  const hashed = G2.hashToCurve(textToBytes(label), { DST: tag })
  const secret = serialised(bls12_381.pairing(key.multiply(scalar), hashed))
  const cipherKey = keccak256(joined([domain, secret, point, commitment]))
  const sealed = chacha20poly1305(cipherKey, zeroNonce, commitment).encrypt(plaintext)
  return bytesToHex(joined([point, sealed]))
}

/** In the group, and not its zero: only then is a secret of it known to nobody else. */
function keyOf(publicKey: string) {
  const bytes = hexToBytes(publicKey, pointBytes, 'publicKey')
  try {
    const point = G1.Point.fromBytes(bytes)
    point.assertValidity()
    if (!point.is0() && point.isTorsionFree()) return point
  } catch {
    // Told below, as every other key that is none.
  }
  throw malformed('publicKey', 'it is no point of the group')
}

/** Each coefficient of the square extension: imaginary part first, 48 bytes big endian each. */
function serialised(value: ReturnType<typeof bls12_381.pairing>): Uint8Array {
  const bytes = fields.Fp12.toBytes(value)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 2 * pointBytes) {
    const middle = at + pointBytes
    parts.push(bytes.subarray(middle, middle + pointBytes), bytes.subarray(at, middle))
  }
  return joined(parts)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
