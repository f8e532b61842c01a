import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '../hash/index.ts'

/** The sender's key of once, the share and its tag. */
const envelopeBytes = 32 + 32 + 16

const domain = textToBytes('Busbar committee share 1')
const zeroNonce = new Uint8Array(12)

/**
 * Seals a share to its receiver's registered key: a Diffie-Hellman on X25519 with a key of once,
 * and ChaCha20-Poly1305. What it is for (ceremony, dealer, receiver) is part of the key, so that an
 * envelope cannot be handed on as another's.
 *
 * @param request.random 32 uniform bytes, used once
 */
export function sealShare(request: {
  readonly share: string
  readonly sealingKey: string
  readonly context: string
  readonly random: Uint8Array
}): Hex {
  const receiver = hexToBytes(request.sealingKey, 32, 'sealingKey')
  const point = x25519.getPublicKey(request.random)
  const shared = x25519.getSharedSecret(request.random, receiver)
  const cipher = chacha20poly1305(keyOf(shared, point, receiver, request.context), zeroNonce)
  const sealed = cipher.encrypt(hexToBytes(request.share, 32, 'share'))
  return bytesToHex(Uint8Array.of(...point, ...sealed))
}

/** The share, or undefined if this envelope holds none for us. */
export function openShare(request: {
  readonly envelope: string
  readonly sealingSecret: string
  readonly context: string
}): Hex | undefined {
  const secret = hexToBytes(request.sealingSecret, 32, 'sealingSecret')
  try {
    const bytes = hexToBytes(request.envelope, envelopeBytes, 'envelope')
    const point = bytes.slice(0, 32)
    const shared = x25519.getSharedSecret(secret, point)
    const key = keyOf(shared, point, x25519.getPublicKey(secret), request.context)
    return bytesToHex(chacha20poly1305(key, zeroNonce).decrypt(bytes.subarray(32)))
  } catch (error) {
    // Not its form, a point of small order, or not for us: a complaint in any case.
    if (error instanceof Error) return undefined
    throw error
  }
}

function keyOf(
  shared: Uint8Array,
  point: Uint8Array,
  receiver: Uint8Array,
  context: string,
): Uint8Array {
  return keccak256(
    Uint8Array.of(...domain, ...shared, ...point, ...receiver, ...textToBytes(context, 'context')),
  )
}
