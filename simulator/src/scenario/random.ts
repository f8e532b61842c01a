/**
 * A small seeded generator: the only source of chance in the simulator.
 *
 * It is sfc32 (Chris Doty-Humphrey, PractRand), seeded from text by FNV-1a. Streams are named, so
 * that a change in how clouds are drawn does not change what the buildings do.
 */
export type Random = {
  /** Uniform in [0, 1), 32 bits. */
  readonly uniform: () => number
  /** Uniform whole number in [0, count). */
  readonly integer: (count: number) => number
  /** Standard normal, by Box and Muller. */
  readonly normal: () => number
}

/** A generator for `seed` and a name of what it is for. The same arguments give the same stream. */
export function random(seed: number, ...name: readonly (string | number)[]): Random {
  const next = sfc32(hash(['busbar', seed, ...name].join('/')))
  const uniform = (): number => next() / 2 ** 32
  return {
    uniform,
    integer: (count) => Math.floor(uniform() * count),
    normal() {
      // 1 − u is in (0, 1]: its logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
      return radius * Math.cos(2 * Math.PI * uniform())
    },
  }
}

/**
 * First-order autoregressive noise with standard deviation 1: each value keeps `memory` of the
 * last one. The first value is already stationary.
 */
export function autoregressive(source: Random, memory: number): () => number {
  const fresh = Math.sqrt(1 - memory * memory)
  let value = source.normal()
  return () => {
    const current = value
    value = memory * value + fresh * source.normal()
    return current
  }
}

/** Whole, reproducible, and equal for equal text: 32-bit FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  }
  return value >>> 0
}

function sfc32(seed: number): () => number {
  let a = 0
  let b = seed | 0
  let c = 0x9e3779b9 | 0
  let counter = 1
  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + result) | 0
    return result >>> 0
  }
  // The author's advice: the first outputs still show the seed.
  for (let i = 0; i < 16; i += 1) next()
  return next
}
