/** What a meter's display shows: two counters that only go up, until they begin again at zero. */
export type Registers = { readonly importWh: number; readonly exportWh: number }

/**
 * A smart meter: it counts what passes, and reports it. A lying one counts and reports different
 * things; nobody but the simulator sees both.
 */
export type SmartMeter = {
  readonly digits: number
  /** Counts one interval. */
  readonly count: (energy: Registers) => void
  readonly reported: () => Registers
  /** What honest registers would show. */
  readonly truth: () => Registers
}

/**
 * @param options.lieBasisPoints how much of the true energy is reported, in hundredths of a per
 *   cent: 10,000 is all. Parts of a watt-hour are carried on: the lie is exact over time.
 */
export function createMeter(options: {
  readonly digits: number
  readonly initial: Registers
  readonly lieBasisPoints?: { readonly import: number; readonly export: number }
}): SmartMeter {
  const modulus = 10 ** options.digits
  const lie = options.lieBasisPoints ?? { import: honest, export: honest }
  const counted = { importWh: 0, exportWh: 0 }
  const shown = (importWh: number, exportWh: number): Registers => ({
    importWh: (options.initial.importWh + importWh) % modulus,
    exportWh: (options.initial.exportWh + exportWh) % modulus,
  })
  return {
    digits: options.digits,
    count(energy) {
      counted.importWh += energy.importWh
      counted.exportWh += energy.exportWh
    },
    reported: () =>
      shown(shareOf(counted.importWh, lie.import), shareOf(counted.exportWh, lie.export)),
    truth: () => shown(counted.importWh, counted.exportWh),
  }
}

export const honest = 10_000

const shareOf = (wattHours: number, basisPoints: number): number =>
  basisPoints === honest ? wattHours : Math.floor((wattHours * basisPoints) / honest)
