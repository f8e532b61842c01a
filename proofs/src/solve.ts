import { gzipSync } from 'node:zlib'
import { type InputMap, Noir } from '@noir-lang/noir_js'
import { type CircuitName, compileCircuit } from './circuit.ts'

/**
 * Solves a circuit: works out every wire from the inputs.
 *
 * @returns the witness as `bb prove -w` takes it (gzip)
 * @throws Error if the inputs break a constraint
 */
export async function solve(name: CircuitName, inputs: InputMap): Promise<Uint8Array> {
  const noir = new Noir((await compileCircuit(name)) as never)
  const { witness } = await noir.execute(inputs)
  return isGzip(witness) ? witness : gzipSync(witness)
}

/** A number as `noir_js` takes it. */
export const inputNumber = (value: bigint): string => `0x${value.toString(16)}`

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
