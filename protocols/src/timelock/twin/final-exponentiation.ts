import { fieldBytes, prime } from './field-code.ts'
import {
  add,
  type Fp2,
  inverseBy,
  inverses,
  loopBits,
  multiply,
  norm,
  power,
  subtract,
  timesXi,
} from './lines.ts'
import type { Lane, Machine } from './machine.ts'
import { fp12Bytes, fp2Bytes } from './tower-code.ts'

const lanes = [0, 1] as const

/** In which power of w the i-th part of an element stands. */
const powersOfW = [0n, 2n, 4n, 1n, 3n, 5n]

type Fp6 = readonly [Fp2, Fp2, Fp2]

/**
 * Raises the value at each place to (p¹² − 1)/r, thrice: (p⁶ − 1)(p² + 1) by conjugates and one
 * inversion for all, the rest by five powers of the curve's parameter. The factor of three is in
 * other libraries too.
 */
export function finalExponentiation(machine: Machine): (places: readonly number[]) => void {
  const { run } = machine
  const tables = [1, 2, 3].map((k) => {
    const table = machine.room(6 * fp2Bytes)
    const exponent = (prime ** BigInt(k) - 1n) / 6n
    for (const [i, j] of powersOfW.entries()) {
      machine.writeBoth(table + i * fp2Bytes, power({ re: 1n, im: 1n }, j * exponent))
    }
    return table
  })
  const frobenius = (to: number, from: number, k: 1 | 2 | 3): void => {
    const byTable = k === 2 ? run.frobeniusEven : run.frobeniusOdd
    byTable(to, from, tables[k - 1] as number)
  }
  const inverted = inversion(machine)
  const raise = powerOfParameter(machine)
  const registers = Array.from({ length: 11 }, () => machine.room(fp12Bytes))
  const [t0, t1, t2, t3, t4, t5, t6, t7, t8, s, easy] = registers as [
    number, number, number, number, number, number, number, number, number, number, number,
  ]

  /** The power (p⁴ − p² + 1)/r, thrice, of a value that is raised already to the others. */
  const hard = (d: number, a: number): void => {
    raise(t2, a)
    run.squareCyclotomic(s, a)
    run.conjugate(t0, s)
    run.multiply12(t3, t0, t2)
    raise(t4, t3)
    raise(t5, t4)
    raise(t0, t5)
    run.squareCyclotomic(s, t2)
    run.multiply12(t6, t0, s)
    raise(t7, t6)
    run.multiply12(t0, t2, t5)
    frobenius(t8, t0, 2)
    run.multiply12(t0, t4, a)
    frobenius(t1, t0, 3)
    run.multiply12(t0, t8, t1)
    run.conjugate(t1, a)
    run.multiply12(t8, t6, t1)
    frobenius(t1, t8, 1)
    run.multiply12(t8, t0, t1)
    run.conjugate(t0, t3)
    run.multiply12(t1, t7, t0)
    run.multiply12(t0, t1, a)
    run.multiply12(d, t8, t0)
  }

  return (places) => {
    // The conjugate divided by the value is the conjugate's square divided by their product.
    inverted(places, (place, inverse) => {
      run.conjugate(t0, place)
      run.multiply12(t1, t0, t0)
      run.multiply12(t0, t1, inverse)
      frobenius(t1, t0, 2)
      run.multiply12(easy, t1, t0)
      hard(place, easy)
    })
  }
}

/** d = a to the power of the curve's parameter, which is negative. */
function powerOfParameter(machine: Machine): (d: number, a: number) => void {
  const { run } = machine
  const [one, other] = [machine.room(fp12Bytes), machine.room(fp12Bytes)]
  return (d, a) => {
    let from = a
    let to = one
    const turn = (): void => {
      const free = from === a ? other : from
      from = to
      to = free
    }
    for (const bit of loopBits.slice(1)) {
      run.squareCyclotomic(to, from)
      turn()
      if (bit === '1') {
        run.multiply12(to, from, a)
        turn()
      }
    }
    run.conjugate(d, from)
  }
}

/** For each value the inverse of its product with its conjugate, which is in Fp6. */
function inversion(machine: Machine) {
  const { run } = machine
  const [conjugate, product, inverse] = [0, 1, 2].map(() => machine.room(fp12Bytes)) as [
    number, number, number,
  ]
  return (places: readonly number[], use: (place: number, inverse: number) => void): void => {
    const norms = places.flatMap((place) => {
      run.conjugate(conjugate, place)
      run.multiply12(product, place, conjugate)
      return lanes.map((lane) => adjoint(read6(machine, product, lane)))
    })
    const ofNorms = inverses(norms.map((one) => norm(one.norm)))
    machine.writeOne(inverse)
    for (const [k, place] of places.entries()) {
      for (const lane of lanes) {
        const own = norms[2 * k + lane] as Adjoint
        const scale = inverseBy(own.norm, ofNorms[2 * k + lane] as bigint)
        for (const [i, part] of own.parts.entries()) {
          const { re, im } = multiply(part, scale)
          machine.write(inverse + i * fp2Bytes, lane, re)
          machine.write(inverse + i * fp2Bytes + fieldBytes, lane, im)
        }
      }
      use(place, inverse)
    }
  }
}

function read6(machine: Machine, place: number, lane: Lane): Fp6 {
  const part = (i: number): Fp2 => ({
    re: machine.read(place + i * fp2Bytes, lane),
    im: machine.read(place + i * fp2Bytes + fieldBytes, lane),
  })
  return [part(0), part(1), part(2)]
}

/** The product of an element's other two conjugates over Fp2, and of all three. */
type Adjoint = { readonly parts: Fp6; readonly norm: Fp2 }

function adjoint([a, b, c]: Fp6): Adjoint {
  const parts: Fp6 = [
    subtract(multiply(a, a), timesXi(multiply(b, c))),
    subtract(timesXi(multiply(c, c)), multiply(a, b)),
    subtract(multiply(b, b), multiply(a, c)),
  ]
  const [x, y, z] = parts
  const rest = add(multiply(c, y), multiply(b, z))
  return { parts, norm: add(multiply(a, x), timesXi(rest)) }
}
