/**
 * Verification keys. The repository pins their digests (`proofs/keys`), one file for each reference
 * string; the keys themselves are made from circuit and string when they are first needed, and are
 * used only if they are the pinned ones.
 */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { assert, Fault } from '@busbar/core/errors'
import { gatesOf, keyOf, type Limits, logSizeOf } from './barretenberg.ts'
import { type CircuitName, type CompiledCircuit } from './circuit.ts'
import type { Srs } from './srs.ts'

/** What is known of a circuit's key: enough to tell it from every other. */
export type KeyPin = {
  readonly gates: number
  /** The circuit takes `2^logSize` points of the string. */
  readonly logSize: number
  /** SHA-256 of the compiled program, as text. */
  readonly bytecodeSha256: string
  /** SHA-256 of the key in Barretenberg's form; the verifier contract answers it too. */
  readonly keySha256: string
}

export type PinnedKeys = {
  readonly name: string
  readonly circuits: Readonly<Partial<Record<CircuitName, KeyPin>>>
}

export const keysFile = (isDevelopment: boolean): string =>
  resolve(import.meta.dirname, `../keys/${isDevelopment ? 'development' : 'ceremony'}.json`)

/** @throws Fault PROOF_KEY_DIFFERS if no key of this circuit is pinned for the string */
export function pinOf(name: CircuitName, isDevelopment: boolean): KeyPin {
  const file = keysFile(isDevelopment)
  const pins = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PinnedKeys) : undefined
  const pin = pins?.circuits[name]
  if (pin === undefined) throw differs(name, 'nothing is pinned for this string')
  return pin
}

/**
 * The key of a circuit under a string, as pinned.
 *
 * @throws Fault PROOF_KEY_DIFFERS if program or key are not the pinned ones; as `keyOf`.
 */
export async function pinnedKey(
  name: CircuitName,
  { bytecode }: Pick<CompiledCircuit, 'bytecode'>,
  srs: Srs,
  {
    cacheFolder = defaultCacheFolder,
    pin = pinOf(name, srs.isDevelopment),
    ...limits
  }: Limits & {
    readonly cacheFolder?: string
    readonly pin?: KeyPin
  } = {},
): Promise<Uint8Array> {
  if (sha256(bytecode) !== pin.bytecodeSha256) throw differs(name, 'the program is another')
  const file = join(cacheFolder, pin.keySha256)
  if (existsSync(file)) {
    const kept = readFileSync(file)
    if (sha256(kept) === pin.keySha256) return kept
  }
  const key = await keyOf(bytecode, srs, pin.logSize, limits)
  if (sha256(key) !== pin.keySha256) throw differs(name, 'the key is another')
  mkdirSync(cacheFolder, { recursive: true })
  const written = `${file}.${randomUUID()}`
  writeFileSync(written, key)
  renameSync(written, file)
  return key
}

/** Makes a circuit's key and what is to be pinned of it. */
export async function makeKey(
  { bytecode }: Pick<CompiledCircuit, 'bytecode'>,
  srs: Srs,
): Promise<{ readonly key: Uint8Array; readonly pin: KeyPin }> {
  const gates = await gatesOf(bytecode)
  // Some rows hide the witness: a power of two that gates fill to the last row does not hold them.
  const logSize = Math.max(logSizeMin, Math.ceil(Math.log2(gates + maskedRows)))
  const key = await keyOf(bytecode, srs, logSize)
  assert(logSizeOf(key) <= logSize, 'a circuit is as large as its gates and what hides them')
  const pin = { gates, logSize, bytecodeSha256: sha256(bytecode), keySha256: sha256(key) }
  return { key, pin }
}

/** More than Barretenberg uses to blind a proof. */
const maskedRows = 16

/** Blinding alone takes 2^9 points, whatever the circuit. */
const logSizeMin = 12

export const sha256 = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex')

const defaultCacheFolder = join(homedir(), '.cache', 'busbar', 'proof-keys')

const differs = (circuit: string, reason: string): Fault =>
  new Fault('PROOF_KEY_DIFFERS', { circuit, reason })
