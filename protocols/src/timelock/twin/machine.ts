import { compile, moduleBytes } from '../../wasm/index.ts'
import { fieldBytes, limbBits, limbs, prime, primeAt, toLimbs } from './field-code.ts'
import { type Fp2, inverse, reduced } from './lines.ts'
import { fp12Bytes, freeMemory, towerCode } from './tower-code.ts'

export type Lane = 0 | 1

type Names =
  | 'dot1' | 'multiply12' | 'square12' | 'multiplyLine' | 'squareCyclotomic' | 'conjugate'
  | 'frobeniusOdd' | 'frobeniusEven'

/** Memory of 64 KiB each. */
const pages = 4

const radix = (1n << BigInt(limbBits * limbs)) % prime
const ofRadix = inverse(radix)

/** One instance of the module: its functions, and numbers in and out of its memory. */
export class Machine {
  /** Called with addresses: where to, and then what from, which are never the same. */
  readonly run: Readonly<Record<Names, (...places: number[]) => void>>
  readonly #doubles: Float64Array
  #next = freeMemory

  constructor(exports: Record<string, unknown>) {
    this.run = exports as Machine['run']
    this.#doubles = new Float64Array((exports.memory as { readonly buffer: ArrayBuffer }).buffer)
    for (const lane of [0, 1] as const) this.#writeLimbs(primeAt.offset, lane, prime)
  }

  room(bytes: number): number {
    const at = this.#next
    this.#next += bytes
    if (8 * this.#doubles.length < this.#next) throw new Error('invariant broken: memory is full')
    return at
  }

  write(at: number, lane: Lane, value: bigint): void {
    this.#writeLimbs(at, lane, reduced(reduced(value) * radix))
  }

  writeBoth(at: number, { re, im }: Fp2): void {
    for (const lane of [0, 1] as const) {
      this.write(at, lane, re)
      this.write(at + fieldBytes, lane, im)
    }
  }

  /** The one of Fp12. */
  writeOne(at: number): void {
    this.#doubles.fill(0, at / 8, (at + fp12Bytes) / 8)
    for (const lane of [0, 1] as const) this.write(at, lane, 1n)
  }

  /** From 0, below the prime. */
  read(at: number, lane: Lane): bigint {
    let value = 0n
    for (let i = limbs - 1; i >= 0; i -= 1) {
      value = (value << BigInt(limbBits)) + BigInt(this.#doubles[at / 8 + 2 * i + lane] as number)
    }
    return reduced(value * ofRadix)
  }

  copy(to: number, from: number, bytes: number): void {
    this.#doubles.copyWithin(to / 8, from / 8, (from + bytes) / 8)
  }

  #writeLimbs(at: number, lane: Lane, value: bigint): void {
    for (const [i, one] of toLimbs(value).entries()) this.#doubles[at / 8 + 2 * i + lane] = one
  }
}

let compiled: (() => Record<string, unknown>) | null | undefined

/** Null where the platform lacks the instructions, or rounds products before it adds to them. */
export function createMachine(): Machine | null {
  compiled ??= compile(moduleBytes(towerCode(), pages))
  if (compiled === null) return null
  const machine = new Machine(compiled())
  return multipliesRight(machine) ? machine : null
}

/** Without fused instructions nearly every product is wrong. */
function multipliesRight(machine: Machine): boolean {
  const [d, a, b] = [0, 1, 2].map(() => machine.room(fieldBytes)) as [number, number, number]
  let [left, right] = [prime - 1n, 3n]
  for (let i = 0; i < 16; i += 1) {
    machine.write(a, 0, left)
    machine.write(a, 1, right)
    machine.write(b, 0, right)
    machine.write(b, 1, right)
    machine.run.dot1(d, a, b)
    ;[left, right] = [reduced(left * right), reduced(right * right)]
    if (machine.read(d, 0) !== left || machine.read(d, 1) !== right) return false
  }
  return true
}
