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

/** Numbers within arrays and records; names become those of Noir, `like_this`. */
export type Numbers = bigint | readonly Numbers[] | { readonly [name: string]: Numbers }

/** Inputs as `noir_js` takes them. */
export const inputsOf = (inputs: { readonly [name: string]: Numbers }): InputMap =>
  inputOf(inputs) as InputMap

function inputOf(value: Numbers): InputValue {
  if (typeof value === 'bigint') return inputNumber(value)
  if (isList(value)) return value.map(inputOf)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [snakeCase(name), inputOf(inner)]),
  )
}

type InputValue = InputMap[string]

const isList = (value: Numbers): value is readonly Numbers[] => Array.isArray(value)

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b
