import { permute, poseidon2Hash } from '@zkpassport/poseidon2'
import { createMachine, type Machine } from './machine.ts'
import { width } from './permutation-code.ts'

/**
 * Poseidon2 over the scalar field of BN254 with a state of four, as the circuits compute it.
 *
 * In WebAssembly that is written here, and where there is none by the package that says what is
 * right; both give the same numbers. Values must be from 0 and below the field's order.
 */
let machine: Machine | undefined | null = null

/** Compiled by who hashes first: many programs never do. */
const ready = (): Machine | undefined => {
  if (machine === null) machine = createMachine()
  return machine
}

/** Which implementation hashes, for reports and benches. */
export const poseidon2Kind = (): 'wasm' | 'plain' => (ready() === undefined ? 'plain' : 'wasm')

/** What a state of four becomes. */
export function poseidon2Permutation(state: readonly bigint[]): bigint[] {
  const fast = ready()
  if (fast === undefined) return poseidon2PermutationPlain(state)
  fast.clear()
  for (let element = 0; element < width; element += 1) fast.add(element, state[element] ?? 0n)
  fast.permute()
  return Array.from({ length: width }, (_, element) => fast.read(element))
}

/** The sponge that begins with the number of values, three at a time: Noir's `Poseidon2::hash`. */
export function poseidon2(values: readonly bigint[]): bigint {
  const fast = ready()
  if (fast === undefined) return poseidon2Plain(values)
  const rate = width - 1
  fast.clear()
  fast.add(rate, BigInt(values.length) << 64n)
  for (const [i, value] of values.entries()) {
    if (i > 0 && i % rate === 0) fast.permute()
    fast.add(i % rate, value)
  }
  fast.permute()
  return fast.read(0)
}

/** The same, by the package. */
export const poseidon2PermutationPlain = (state: readonly bigint[]): bigint[] => permute([...state])

/** The same, by the package. */
export const poseidon2Plain = (values: readonly bigint[]): bigint => poseidon2Hash([...values])
