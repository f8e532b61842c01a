import { finalExponentiation } from './final-exponentiation.ts'
import { prime } from './field-code.ts'
import { inverses, linesOf, loopBits, type Point2 } from './lines.ts'
import { createMachine, type Lane, type Machine } from './machine.ts'
import { fieldBytes, fp12Bytes, fp2Bytes } from './tower-code.ts'

export type Point1 = { readonly x: bigint; readonly y: bigint }

/** Pairings with one point of G2. */
export type TwinPairing = {
  /** The 576 bytes of each pairing, as a public key's `K` is written. */
  readonly pair: (points: readonly Point1[]) => readonly Uint8Array[]
}

/** Pairs of points that are computed with one inversion of a number. */
const pairsMost = 32

/** A coefficient, big endian. */
const coefficientBytes = 48

/**
 * Pairings of many points of G1 with one of G2, two at a time. Both have the order of the group and
 * neither is infinity. Null where the platform does not have what it takes: then another library
 * has to do it.
 */
export function createTwinPairing(point: Point2): TwinPairing | null {
  const machine = createMachine()
  return machine === null ? null : twinPairing(machine, point)
}

function twinPairing(machine: Machine, point: Point2): TwinPairing {
  const lines = linesOf(point).map(({ constant, slope }) => {
    const at = machine.room(2 * fp2Bytes)
    machine.writeBoth(at, constant)
    machine.writeBoth(at + fp2Bytes, slope)
    return at
  })
  const miller = millerLoop(machine, lines)
  const finish = finalExponentiation(machine)
  const values = Array.from({ length: pairsMost }, () => machine.room(fp12Bytes))

  /** Fewer than `pairsMost` pairs; of an odd number the last is its own neighbour. */
  function some(points: readonly Point1[]): readonly Uint8Array[] {
    const ofHeights = inverses(points.map(({ y }) => y))
    const used = values.slice(0, Math.ceil(points.length / 2))
    for (const [k, value] of used.entries()) {
      const places = lanes.map((lane) => Math.min(2 * k + lane, points.length - 1))
      miller(
        value,
        places.map((i) => {
          const ofHeight = ofHeights[i] as bigint
          return { ofHeight, slope: prime - (points[i] as Point1).x * ofHeight }
        }),
      )
    }
    finish(used)
    return points.map((_, i) => written(machine, used[i >> 1] as number, (i % 2) as Lane))
  }

  return {
    pair: (points) =>
      Array.from({ length: Math.ceil(points.length / (2 * pairsMost)) }, (_, i) =>
        some(points.slice(2 * pairsMost * i, 2 * pairsMost * (i + 1))),
      ).flat(),
  }
}

const lanes = [0, 1] as const

/** Of a point (x, y): 1/y, and −x/y. */
type Prepared = { readonly ofHeight: bigint; readonly slope: bigint }

/** Multiplies the lines up, at the point of each lane. */
function millerLoop(machine: Machine, lines: readonly number[]) {
  const { run } = machine
  const point = machine.room(2 * fieldBytes)
  const other = machine.room(fp12Bytes)
  return (value: number, points: readonly Prepared[]): void => {
    for (const lane of lanes) {
      const { ofHeight, slope } = points[lane] as Prepared
      machine.write(point, lane, ofHeight)
      machine.write(point + fieldBytes, lane, slope)
    }
    let [from, to] = [value, other]
    const turn = (): void => {
      ;[from, to] = [to, from]
    }
    let next = 0
    const line = (): void => {
      run.multiplyLine(to, from, lines[next] as number, point)
      next += 1
      turn()
    }
    machine.writeOne(from)
    for (const bit of loopBits.slice(1)) {
      run.square12(to, from)
      turn()
      line()
      if (bit === '1') line()
    }
    // The parameter of the curve is negative.
    run.conjugate(to, from)
    if (to !== value) machine.copy(value, to, fp12Bytes)
  }
}

/** Twelve coefficients; of the two of each square extension the imaginary one is first. */
function written(machine: Machine, value: number, lane: Lane): Uint8Array {
  const bytes = new Uint8Array(12 * coefficientBytes)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 12; i += 1) {
    let rest = machine.read(value + i * fieldBytes, lane)
    const end = ((i ^ 1) + 1) * coefficientBytes
    for (let at = end - 8; at >= end - coefficientBytes; at -= 8) {
      view.setBigUint64(at, BigInt.asUintN(64, rest))
      rest >>= 64n
    }
  }
  return bytes
}
