import {
  bilateralZone,
  type IntervalRecord,
  recordOf,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'

/** What of one meter's interval went where, in watt-hours. */
export type Sinks = {
  readonly meter: number
  readonly exported: bigint
  readonly imported: bigint
  /** To and from contracts with named parties. */
  readonly sold: bigint
  readonly bought: bigint
  /** Net in the auction: what it scheduled, as far as it was done. */
  readonly auction: bigint
  /** Net with the balancing authority: done less scheduled. */
  readonly imbalance: bigint
  /** Net with the retailer: what nobody had a contract for. */
  readonly retailer: bigint
}

/**
 * Where each watt-hour of an interval's meters ended: with a contract, in the auction, with the
 * balancing authority or with the retailer. Undefined while a zone of it, or its trades, have no
 * run or one that no longer matches the readings.
 */
export function sinksIn(state: State, interval: number): readonly Sinks[] | undefined {
  const trades = recordOf(state, bilateralZone, interval)
  if (trades === undefined || !isSettled(state, trades)) return undefined
  const traded = new Map(trades.runs.at(-1)?.traded.map((one) => [one.meter, one]))
  const sinks: Sinks[] = []
  for (const { zone } of state.zones) {
    const record = recordOf(state, zone, interval)
    if (record === undefined || !isSettled(state, record)) return undefined
    for (const { meter, exported, imported } of record.runs.at(-1)?.metered ?? []) {
      const { sold = 0n, bought = 0n } = traded.get(meter) ?? {}
      const left = exported - sold - (imported - bought)
      const scheduled = scheduledOf(record, meter)
      const counted = countedOf(state, interval, scheduled, left)
      const net = { auction: scheduled, imbalance: counted - scheduled, retailer: left - counted }
      sinks.push({ meter, exported, imported, sold, bought, ...net })
    }
  }
  return sinks
}

const isSettled = (state: State, { zone, interval, runs }: IntervalRecord): boolean =>
  runs.length > 0 && !state.dirty.has(zoneKey(zone, interval))

const scheduledOf = ({ price, contracts }: IntervalRecord, meter: number): bigint => {
  const contract = contracts.get(meter)
  return price === null || contract === undefined ? 0n : contract.sold - contract.bought
}

/** What was done in the direction of the schedule, up to the share beyond it that counts. */
function countedOf(state: State, interval: number, scheduled: bigint, left: bigint): bigint {
  if (scheduled === 0n) return 0n
  const sign = scheduled > 0n ? 1n : -1n
  const { overDeviationBasisPoints } = rulebookFor(state, interval).reconciliation
  const size = scheduled * sign
  const most = size + (size * BigInt(overDeviationBasisPoints)) / 10_000n
  const done = left * sign
  return sign * (done <= 0n ? 0n : done < most ? done : most)
}

/** What is wrong with an interval's watt-hours; nothing where each has one owner. */
export function sinkFaults(state: State, interval: number, sinks: readonly Sinks[]): string[] {
  const faults: string[] = []
  const trades = recordOf(state, bilateralZone, interval)
  const shown = new Map(sinks.map((one) => [one.meter, one]))
  for (const { meter, exported, imported } of trades?.runs.at(-1)?.metered ?? []) {
    const own = shown.get(meter)
    if (own?.exported !== exported || own.imported !== imported) {
      faults.push(`meter ${meter}: its contracts and its retailer go by other readings`)
    }
  }
  for (const { meter, exported, imported, sold, bought, ...net } of sinks) {
    if (sold > exported) faults.push(`meter ${meter}: ${sold} Wh sold of ${exported} exported`)
    if (bought > imported) {
      faults.push(`meter ${meter}: ${bought} Wh bought of ${imported} imported`)
    }
    const { auction, imbalance, retailer } = net
    const rest = exported - imported - (sold - bought + auction + imbalance + retailer)
    if (rest !== 0n) faults.push(`meter ${meter}: ${rest} Wh without an owner`)
  }
  for (const { zone } of state.zones) faults.push(...balanceFaults(state, zone, interval, shown))
  return faults
}

/** What the zone's last run says of its energy, against the sum over its meters. */
function balanceFaults(
  state: State,
  zone: number,
  interval: number,
  shown: ReadonlyMap<number, Sinks>,
): string[] {
  const record = recordOf(state, zone, interval)
  const run = record?.runs.at(-1)
  if (record === undefined || run === undefined) return []
  const sum = { injected: 0n, consumed: 0n, tradeBought: 0n, tradeSold: 0n }
  const net = { toRetailers: 0n, toBalancing: 0n }
  for (const { meter } of run.metered) {
    const own = shown.get(meter)
    if (own === undefined) continue
    sum.injected += own.exported
    sum.consumed += own.imported
    sum.tradeBought += own.bought
    sum.tradeSold += own.sold
    net.toRetailers += own.retailer
    net.toBalancing += own.imbalance
  }
  const virtual = [...record.contracts]
    .filter(([meter]) => state.meters[meter]?.kind === 'virtual')
    .reduce((all, [, { sold, bought }]) => all + bought - sold, 0n)
  const { energy } = run
  const faults = Object.entries(sum)
    .filter(([name, value]) => energy[name as keyof typeof sum] !== value)
    .map(([name, value]) => `zone ${zone}: ${name} is said to be other than ${value} Wh`)
  if (energy.exported - energy.imported !== net.toRetailers + virtual) {
    faults.push(`zone ${zone}: retailers are said to have other than ${net.toRetailers} Wh`)
  }
  if (energy.imbalanceSold - energy.imbalanceBought !== net.toBalancing) {
    faults.push(`zone ${zone}: the imbalance is said to be other than ${net.toBalancing} Wh`)
  }
  return faults
}
