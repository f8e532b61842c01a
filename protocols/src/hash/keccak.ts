import { keccak_256 } from '@noble/hashes/sha3.js'
import { createKeccak } from 'hash-wasm'

export type Keccak256 = (bytes: Uint8Array) => Uint8Array

/** The same function in plain JavaScript: about eight times slower, and present everywhere. */
export const keccak256Plain: Keccak256 = (bytes) => keccak_256(bytes)

/**
 * Compiled once, at import: a hash in the middle of a digest cannot wait for a promise. Where
 * WebAssembly is missing or forbidden (a strict content policy), the plain one takes its place.
 */
const compiled = await compile()

/** Which implementation `keccak256` is, for reports and benches. */
export const keccak256Kind: 'wasm' | 'plain' = compiled === undefined ? 'plain' : 'wasm'

/** Keccak-256 as Ethereum uses it (not SHA3-256). A fresh 32-byte array for each call. */
export const keccak256: Keccak256 = compiled ?? keccak256Plain

async function compile(): Promise<Keccak256 | undefined> {
  if (!('WebAssembly' in globalThis)) return undefined
  try {
    const hasher = await createKeccak(256)
    return (bytes) => hasher.init().update(bytes).digest('binary')
  } catch (error) {
    // Refused by the environment's policy, which is no fault: the plain hash gives the same bytes.
    if (error instanceof Error) return undefined
    throw error
  }
}
