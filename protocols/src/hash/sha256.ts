import { sha256 as noble } from '@noble/hashes/sha2.js'

/** SHA-256 (FIPS 180-4): the journal's hashes are made with it. A fresh 32-byte array each time. */
export const sha256 = (bytes: Uint8Array): Uint8Array => noble(bytes)
