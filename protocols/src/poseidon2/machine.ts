import { compile, moduleBytes } from '../wasm/index.ts'
import { diagonal, roundConstants } from './constants.ts'
import {
  constantsFrom,
  elementAt,
  limbs,
  limbsOf,
  order,
  pages,
  permutationCode,
  places,
  radix,
  width,
} from './permutation-code.ts'

type Functions = {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly permute: () => void
  /** Both take the address of an element of the state. */
  readonly load: (element: number) => void
  readonly store: (element: number) => void
}

/** The state of one permutation in WebAssembly's memory. */
export class Machine {
  readonly #run: Functions
  readonly #memory: BigUint64Array
  readonly #words: BigUint64Array

  constructor(exports: Record<string, unknown>) {
    this.#run = exports as Functions
    const { buffer } = this.#run.memory
    this.#memory = new BigUint64Array(buffer)
    this.#words = new BigUint64Array(buffer, places.words.offset, 4)
    this.#write(places.toForm.offset, (radix * radix) % order)
    this.#write(places.one.offset, 1n)
    for (const [i, value] of diagonal.entries()) {
      this.#write(places.diagonal[i]?.offset ?? 0, (value * radix) % order)
    }
    for (const [i, value] of roundConstants.entries()) {
      this.#write(elementAt(constantsFrom + i), (value * radix) % order)
    }
  }

  #write(at: number, value: bigint): void {
    this.#memory.set(limbsOf(value), at / 8)
  }

  /** All zero. */
  clear(): void {
    this.#memory.fill(0n, 0, width * limbs)
  }

  /** Adds a number below p to an element of the state. */
  add(element: number, value: bigint): void {
    const words = this.#words
    // What is above 64 bits falls off.
    words[0] = value
    words[1] = value >> 64n
    words[2] = value >> 128n
    words[3] = value >> 192n
    this.#run.load(elementAt(element))
  }

  permute(): void {
    this.#run.permute()
  }

  read(element: number): bigint {
    this.#run.store(elementAt(element))
    const [a = 0n, b = 0n, c = 0n, d = 0n] = this.#words
    const value = (((((d << 64n) | c) << 64n) | b) << 64n) | a
    return value === order ? 0n : value
  }
}

/** The first element of what 0, 1, 2, 3 become, as everybody publishes it. */
const published = 0x01bd538c2ee014ed5141b29e9ae240bf8db3fe5b9a38629a9647cf8d76c01737n

/** Undefined where WebAssembly is missing or forbidden, or computes something else. */
export function createMachine(): Machine | undefined {
  try {
    const instance = compile(moduleBytes(permutationCode(), pages))
    if (instance === null) return undefined
    const machine = new Machine(instance())
    machine.clear()
    for (const element of [1, 2, 3]) machine.add(element, BigInt(element))
    machine.permute()
    return machine.read(0) === published ? machine : undefined
  } catch (error) {
    // Refused by the environment's policy, which is no fault: the package gives the same numbers.
    if (error instanceof Error) return undefined
    throw error
  }
}
