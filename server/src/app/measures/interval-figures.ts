import type { IntervalRecord } from '@busbar/core/exchange'
import type { Reason, Run } from '@busbar/core/settlement'

/** How a meter's energy was known in the newest run of an interval, by what its gateway speaks. */
export type KnownEnergy = { metered: number; substituted: number }

/** What is said of one interval of one zone, in sums: no account and no meter. */
export type IntervalFigures = {
  readonly zone: number
  readonly interval: number
  readonly isFinal: boolean
  /** When the first and the newest run were posted, market time. */
  readonly firstAt: number
  readonly lastAt: number
  /** Micros that the first run moved, and what all later ones moved against it. */
  readonly initialMoney: bigint
  readonly movedMoney: bigint
  /** Wh of all meters in the first run, in and out, and by how much they differ in the newest. */
  readonly initialEnergy: bigint
  readonly movedEnergy: bigint
  readonly traded: bigint
  /** Exchange fees as they stand, micros. */
  readonly fees: bigint
  /** What deviations cost beyond the price, in thousandths of a micro. */
  readonly deviationThousandths: bigint
  readonly injected: bigint
  readonly consumed: bigint
  /** Accounts whose money the first run moved. */
  readonly accounts: number
  readonly known: ReadonlyMap<string, KnownEnergy>
}

/** Undefined before the first run. */
export function intervalFigures(
  record: IntervalRecord,
  protocolOf: (meter: number) => string,
): IntervalFigures | undefined {
  const { zone, interval, status, runs, energy } = record
  const [first] = runs
  const last = runs.at(-1)
  if (first === undefined || last === undefined) return undefined
  return {
    ...{ zone, interval, isFinal: status === 'final', traded: energy },
    ...{ firstAt: first.at, lastAt: last.at, accounts: first.net.length },
    initialMoney: first.net.reduce((sum, { amount }) => sum + absolute(amount), 0n),
    movedMoney: movedMoney(runs),
    ...energyOf(first, last),
    ...costs(record),
    injected: last.energy.injected,
    consumed: last.energy.consumed,
    known: knownEnergy(last, protocolOf),
  }
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value)

/** Per account, what all runs after the first came to together. */
function movedMoney([, ...later]: readonly Run[]): bigint {
  const sums = new Map<number, bigint>()
  for (const { net } of later) {
    for (const { account, amount } of net) sums.set(account, (sums.get(account) ?? 0n) + amount)
  }
  return [...sums.values()].reduce((sum, amount) => sum + absolute(amount), 0n)
}

function energyOf(
  first: Run,
  last: Run,
): Pick<IntervalFigures, 'initialEnergy' | 'movedEnergy'> {
  let initial = 0n
  let moved = 0n
  const before = new Map<number, Run['metered'][number]>()
  for (const one of first.metered) {
    initial += one.imported + one.exported
    if (last !== first) before.set(one.meter, one)
  }
  if (last === first) return { initialEnergy: initial, movedEnergy: 0n }
  for (const { meter, imported, exported } of last.metered) {
    const was = before.get(meter)
    before.delete(meter)
    moved += absolute(imported - (was?.imported ?? 0n)) + absolute(exported - (was?.exported ?? 0n))
  }
  for (const { imported, exported } of before.values()) moved += imported + exported
  return { initialEnergy: initial, movedEnergy: moved }
}

/** Whether who deviated so is paid for it, or pays. */
const deviations: Partial<Record<Reason, bigint>> = {
  over_production: 1n,
  under_consumption: 1n,
  under_production: -1n,
  over_consumption: -1n,
}

/** Of the lines of all runs, which are differences: their sum is what stands. */
function costs(
  { price, runs }: IntervalRecord,
): Pick<IntervalFigures, 'fees' | 'deviationThousandths'> {
  let fees = 0n
  let deviationThousandths = 0n
  for (const { items } of runs) {
    for (const { reason, energy, amount } of items) {
      if (reason === 'exchange_fee') fees -= amount
      const direction = deviations[reason]
      if (direction === undefined || price === null) continue
      deviationThousandths += direction * price * energy - 1_000n * amount
    }
  }
  return { fees, deviationThousandths }
}

function knownEnergy(
  { metered }: Run,
  protocolOf: (meter: number) => string,
): ReadonlyMap<string, KnownEnergy> {
  const known = new Map<string, KnownEnergy>()
  for (const { meter, assurance } of metered) {
    const protocol = protocolOf(meter)
    const counts = known.get(protocol) ?? { metered: 0, substituted: 0 }
    known.set(protocol, counts)
    counts[assurance === 'metered' ? 'metered' : 'substituted'] += 1
  }
  return known
}
