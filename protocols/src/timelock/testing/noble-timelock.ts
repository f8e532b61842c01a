import { bls12_381 } from '@noble/curves/bls12-381.js'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * The same scheme from its description, on another library of the curve, hash and hex: what ours
 * seals this must open, and the other way round. It shares no line with what it judges.
 */
const { G1, G2, fields } = bls12_381
const tag = 'BUSBAR_TIMELOCK_BLS12381G2_XMD:SHA-256_SSWU_RO_'

type Pairing = ReturnType<typeof bls12_381.pairing>

const bare = (hex: string): string => hex.slice(2)
const hashed = (label: string) => G2.hashToCurve(utf8ToBytes(label), { DST: tag })

/** Each coefficient of the square extension: imaginary part first, 48 bytes big endian each. */
function serialise(value: Pairing): Uint8Array {
  const bytes = fields.Fp12.toBytes(value)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += 96) {
    parts.push(bytes.subarray(at + 48, at + 96), bytes.subarray(at, at + 48))
  }
  return concatBytes(...parts)
}

function cipher(secret: Pairing, point: Uint8Array, commitment: Uint8Array) {
  const domain = utf8ToBytes('Busbar timelock 1')
  const key = keccak_256(concatBytes(domain, serialise(secret), point, commitment))
  return chacha20poly1305(key, new Uint8Array(12), commitment)
}

export function nobleSeal(request: {
  readonly label: string
  readonly publicKey: string
  readonly commitment: string
  readonly plaintext: Uint8Array
  readonly scalar: bigint
}): string {
  const key = G1.Point.fromHex(bare(request.publicKey))
  const point = G1.Point.BASE.multiply(request.scalar).toBytes(true)
  const secret = bls12_381.pairing(key.multiply(request.scalar), hashed(request.label))
  const commitment = hexToBytes(bare(request.commitment))
  const sealed = cipher(secret, point, commitment).encrypt(request.plaintext)
  return `0x${bytesToHex(concatBytes(point, sealed))}`
}

export function nobleOpen(request: {
  readonly signature: string
  readonly commitment: string
  readonly ciphertext: string
}): Uint8Array {
  const bytes = hexToBytes(bare(request.ciphertext))
  const point = bytes.subarray(0, 48)
  const signature = G2.Point.fromHex(bare(request.signature))
  const secret = bls12_381.pairing(G1.Point.fromBytes(point), signature)
  const commitment = hexToBytes(bare(request.commitment))
  return cipher(secret, point, commitment).decrypt(bytes.subarray(48))
}

export const nobleSign = (scalar: bigint, label: string): string =>
  `0x${hashed(label).multiply(scalar).toHex(true)}`

export const noblePublicKey = (scalar: bigint): string =>
  `0x${G1.Point.BASE.multiply(scalar).toHex(true)}`
