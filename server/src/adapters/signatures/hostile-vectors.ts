import { createHash } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'

/**
 * Inputs that separate a careful verifier from a careless one, with the answer that each must get.
 * Several are built from the equation, where a signature that no honest signer makes is valid or an
 * honest-looking one is not.
 */
export type Vector = Inputs & { readonly name: string; readonly valid: boolean }

export type Inputs = {
  readonly publicKey: Uint8Array
  readonly digest: Uint8Array
  readonly signature: Uint8Array
}

export type Curve = {
  readonly point: typeof secp256k1.Point | typeof p256.Point
  /** The integer that the curve's signatures are about, for a digest. */
  readonly messageInteger: (digest: Uint8Array) => bigint
}

export const curves = {
  secp256k1: { point: secp256k1.Point, messageInteger: integer },
  p256: {
    point: p256.Point,
    messageInteger: (digest) => integer(createHash('sha256').update(digest).digest()),
  },
} as const satisfies Record<string, Curve>

/** Signs by the equation with a chosen nonce, so that every part can be bent. */
function sign(curve: Curve, privateKey: bigint, nonce: bigint, digest: Uint8Array) {
  const { Fn, BASE } = curve.point
  const r = Fn.create(BASE.multiply(nonce).toAffine().x)
  const z = Fn.create(curve.messageInteger(digest))
  const s = Fn.mul(Fn.inv(nonce), Fn.create(z + r * privateKey))
  return { r, s: lower(curve, s) }
}

function lower({ point }: Curve, s: bigint): bigint {
  const order = point.Fn.ORDER
  return s > order / 2n ? order - s : s
}

/** The vectors that both curves have. `digest` is any 32 bytes. */
export function hostileVectors(curve: Curve, digest: Uint8Array): readonly Vector[] {
  const { point } = curve
  const order = point.Fn.ORDER
  const privateKey = 0x1234_5678_9abc_def1n
  const publicKey = point.BASE.multiply(privateKey).toBytes(true)
  const { r, s } = sign(curve, privateKey, 0xfedc_ba98_7654_3211n, digest)
  const good: Inputs = { publicKey, digest, signature: compact(r, s) }
  const x = publicKey.subarray(1)

  const vector = (name: string, change: Partial<Inputs>, valid = false): Vector => {
    return { name, valid, ...good, ...change }
  }
  const scalars = (name: string, newR: bigint, newS: bigint) =>
    vector(name, { signature: compact(newR, newS) })

  return [
    vector('the signature itself', {}, true),
    scalars('s in the upper half: the other signature of the pair', r, order - s),
    scalars('r of zero', 0n, s),
    scalars('s of zero', r, 0n),
    scalars('r and s of zero', 0n, 0n),
    scalars('r at the order', order, s),
    scalars('r beyond the order', order + 1n, s),
    scalars('s at the order', r, order),
    scalars('s beyond the order', r, order + 1n),
    scalars('s plus the order, where it fits', r, (s + order) % 2n ** 256n),
    scalars('s one above the half', r, order / 2n + 1n),
    scalars('s at the half', r, order / 2n),
    scalars('r and s at one', 1n, 1n),
    scalars('r and s all ones', 2n ** 256n - 1n, 2n ** 256n - 1n),
    scalars('r and s exchanged', s, r),
    scalars('r negated', order - r, s),
    scalars('another s', r, s - 1n),
    vector('no signature', { signature: new Uint8Array(0) }),
    vector('a signature of 32 bytes', { signature: good.signature.subarray(0, 32) }),
    vector('a signature of 63 bytes', { signature: good.signature.subarray(0, 63) }),
    vector('a signature without its first byte', { signature: good.signature.subarray(1) }),
    vector('a signature of 66 bytes', { signature: joined(good.signature, [27, 0]) }),
    vector('a signature in DER', { signature: der(r, s) }),
    vector('another digest', { digest: digest.with(31, (digest[31] as number) ^ 1) }),
    vector('no digest', { digest: new Uint8Array(0) }),
    vector('a digest of 31 bytes', { digest: digest.subarray(0, 31) }),
    vector('a digest of 33 bytes', { digest: joined(digest, [0]) }),
    // Over zero the key does not matter up to its sign: a digest of zeros has no preimage, though.
    vector(
      'the negated key',
      { publicKey: publicKey.with(0, (publicKey[0] as number) ^ 1) },
      curve.messageInteger(digest) === 0n,
    ),
    vector('another key', { publicKey: point.BASE.multiply(privateKey + 1n).toBytes(true) }),
    vector('no key', { publicKey: new Uint8Array(0) }),
    vector('a key of zeros', { publicKey: new Uint8Array(33) }),
    vector('the point at infinity', { publicKey: new Uint8Array(1) }),
    vector('a key with x of zeros', { publicKey: joined([2], new Uint8Array(32)) }),
    vector('a key of 32 bytes', { publicKey: x }),
    vector('a key of 34 bytes', { publicKey: joined(publicKey, [0]) }),
    ...[0, 1, 4, 5, 6, 7, 255].map((head) => {
      return vector(`a key that begins with ${head}`, { publicKey: joined([head], x) })
    }),
    vector('a key that is not on the curve', { publicKey: joined([2], offCurve(curve)) }),
    vector('a key with x at the field', { publicKey: joined([2], bytes32(point.Fp.ORDER)) }),
    vector('a key with x beyond the field', { publicKey: joined([3], bytes32(2n ** 256n - 1n)) }),
    ...constructed(curve, digest),
  ]
}

/** Edge cases of the verification equation R = (z·G + r·Q) / s. */
function constructed(curve: Curve, digest: Uint8Array): readonly Vector[] {
  const { point, messageInteger } = curve
  const { Fn, BASE } = point
  const z = Fn.create(messageInteger(digest))
  const keyOf = (privateKey: bigint) => BASE.multiply(privateKey).toBytes(true)
  const signed = (name: string, privateKey: bigint, nonce: bigint): Vector => {
    const { r, s } = sign(curve, privateKey, nonce, digest)
    return { name, valid: true, publicKey: keyOf(privateKey), digest, signature: compact(r, s) }
  }

  // The private key for which a chosen s satisfies the equation: Q = (s·R − z·G) / r.
  const withScalar = (name: string, s: bigint, valid: boolean): Vector => {
    const chosen = 0x1122_3344n
    const chosenR = Fn.create(BASE.multiply(chosen).toAffine().x)
    const privateKey = Fn.mul(Fn.create(s * chosen - z), Fn.inv(chosenR))
    return {
      name,
      valid,
      publicKey: keyOf(privateKey),
      digest,
      signature: compact(chosenR, s),
    }
  }

  const everywhere = [
    withScalar('s of one, by the equation', 1n, true),
    withScalar('s at the half, by the equation', Fn.ORDER / 2n, true),
    withScalar('s one above the half, by the equation', Fn.ORDER / 2n + 1n, false),
    withScalar('s one below the order, by the equation', Fn.ORDER - 1n, false),
    signed('the smallest private key', 1n, 5n),
    signed('the largest private key', Fn.ORDER - 1n, 5n),
    signed('the nonce one', 7n, 1n),
    signed('nonce and private key the same', 11n, 11n),
    beyondOrder(curve, digest),
  ]
  // The two below would need the private key zero, which is none.
  if (z === 0n) return everywhere

  // Q = −(z/r)·G makes z·G + r·Q the point at infinity, whatever s is.
  const r = 0x1357_9bdfn
  const vanishing = Fn.mul(Fn.neg(z), Fn.inv(r))

  // With Q = (z/r)·G both terms are the same point, which naive addition formulas cannot add.
  const nonce = 0x2468_ace1n
  const doubling = Fn.mul(z, Fn.inv(Fn.create(BASE.multiply(nonce).toAffine().x)))

  return [
    ...everywhere,
    {
      name: 'a sum at infinity',
      valid: false,
      publicKey: keyOf(vanishing),
      digest,
      signature: compact(r, 1n),
    },
    signed('a sum of two equal points', doubling, nonce),
  ]
}

/**
 * R's x between the order and the field's size: r is x minus the order. Valid, though honest
 * signers meet it once in 2^128 (2^32 for P-256), so a verifier may have it wrong and nobody know.
 */
function beyondOrder({ point, messageInteger }: Curve, digest: Uint8Array): Vector {
  const { Fn, Fp } = point
  const z = Fn.create(messageInteger(digest))
  let r = 1n
  let nonce = liftX(point, r + Fn.ORDER)
  while (nonce === undefined) {
    r += 1n
    if (r + Fn.ORDER >= Fp.ORDER) throw new Error('no such point')
    nonce = liftX(point, r + Fn.ORDER)
  }
  const s = 2n
  const inverse = Fn.inv(r)
  // Q = (s·R − z·G) / r
  const key = nonce
    .multiply(Fn.mul(s, inverse))
    .subtract(point.BASE.multiplyUnsafe(Fn.mul(z, inverse)) as never)
  const publicKey = key.toBytes(true)
  return { name: 'R beyond the order', valid: true, publicKey, digest, signature: compact(r, s) }
}

function liftX(point: Curve['point'], x: bigint) {
  try {
    return point.fromBytes(joined([2], bytes32(x)))
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

function offCurve({ point }: Curve): Uint8Array {
  let x = 2n
  while (liftX(point, x) !== undefined) x += 1n
  return bytes32(x)
}

function der(r: bigint, s: bigint): Uint8Array {
  const unsigned = (value: bigint) => joined([2, 33, 0], bytes32(value))
  return joined([0x30, 70], joined(unsigned(r), unsigned(s)))
}

export const compact = (r: bigint, s: bigint): Uint8Array => joined(bytes32(r), bytes32(s))

export const joined = (a: ArrayLike<number>, b: ArrayLike<number>): Uint8Array =>
  Uint8Array.from([...Array.from(a), ...Array.from(b)])

function bytes32(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'))
}

function integer(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
