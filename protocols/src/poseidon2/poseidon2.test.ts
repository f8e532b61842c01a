/**
 * Goal: the hash in WebAssembly is that of the package, for every state. Method: values at the ends
 * of the field and of limbs, random ones, and hundreds of permutations one after the other, where
 * what is not quite reduced would grow.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bigInt, array, assert, property } from 'fast-check'
import { createMachine } from './machine.ts'
import { limbBits, limbs, order } from './permutation-code.ts'
import {
  poseidon2,
  poseidon2Kind,
  poseidon2Permutation,
  poseidon2PermutationPlain,
  poseidon2Plain,
} from './index.ts'

const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const element = bigInt({ min: 0n, max: order - 1n })

/** Where carries and reductions turn. */
const edges = [
  ...[0n, 1n, order - 1n, order - 2n, order / 2n],
  ...Array.from({ length: limbs }, (_, limb) => 1n << BigInt(limb * limbBits)),
  ...Array.from({ length: limbs }, (_, limb) => (1n << BigInt(limb * limbBits)) - 1n),
].filter((value) => value < order)

describe('Poseidon2 in WebAssembly', () => {
  test('is what this machine hashes with', () => equal(poseidon2Kind(), 'wasm'))

  test('permutes the ends of the field and of limbs as the package does', () => {
    for (const [i, value] of edges.entries()) {
      for (const state of [
        [value, value, value, value],
        [value, edges[(i + 1) % edges.length] ?? 0n, order - 1n - value, 0n],
      ]) {
        deepEqual(poseidon2Permutation(state), poseidon2PermutationPlain(state))
      }
    }
  })

  test('hashes as the package does, however many values there are', () => {
    assert(
      property(array(element, { maxLength: 20 }), (values) => {
        equal(poseidon2(values), poseidon2Plain(values))
      }),
      { numRuns: Number(process.env.RUNS ?? 100), ...seed },
    )
  })

  test('stays right over hundreds of permutations of one state', () => {
    const machine = createMachine()
    machine?.clear()
    for (const [i, value] of [order - 1n, 1n, order / 3n, 0n].entries()) machine?.add(i, value)
    let state = [order - 1n, 1n, order / 3n, 0n]
    for (let round = 0; round < 300; round += 1) {
      machine?.permute()
      state = poseidon2PermutationPlain(state)
      // Only every third state is read, so that the others stay in their form.
      if (round % 3 !== 0) continue
      deepEqual(state.map((_, i) => machine?.read(i)), state)
    }
  })

  test('adds to a state of largest values without a limb that overflows', () => {
    const machine = createMachine()
    machine?.clear()
    let sum = 0n
    for (let times = 0; times < 3; times += 1) {
      for (let i = 0; i < 3; i += 1) machine?.add(i, order - 1n)
      sum = (sum + order - 1n) % order
    }
    machine?.permute()
    const state = poseidon2PermutationPlain([sum, sum, sum, 0n])
    deepEqual(state.map((_, i) => machine?.read(i)), state)
  })
})
