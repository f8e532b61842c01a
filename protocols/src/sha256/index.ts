import { sha256 as digest } from '@noble/hashes/sha2.js'

/** SHA-256, as files carry it: the chain hashes by keccak-256. */
export const sha256 = (bytes: Uint8Array): Uint8Array => digest(bytes)
