import type { Registers } from './registers.ts'

/**
 * The grid operator's own meter at the head of the area: it sees the sum of what all sites take and
 * give, and no site can reach it. What the sites' meters report must add up to it.
 */
export type MainMeter = {
  readonly count: (energy: Registers) => void
  /** Net energy into the area per interval so far, watt-hours, negative when it feeds out. */
  readonly netImportWh: () => readonly number[]
  /** Closes the interval. */
  readonly next: () => void
}

export function createMainMeter(): MainMeter {
  const intervals: number[] = []
  let net = 0
  return {
    count(energy) {
      net += energy.importWh - energy.exportWh
    },
    next() {
      intervals.push(net)
      net = 0
    },
    netImportWh: () => intervals,
  }
}
