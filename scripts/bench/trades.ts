import { deepEqual, equal } from 'node:assert/strict'
import {
  allocate,
  allocateColumns,
  allocateNaive,
  type AllocationRule,
  checkCut,
  type TradeColumns,
} from '@busbar/core/metering'
import { type FigureLine, pairUp } from './figure.ts'
import { drawer, objectsOf } from './trade-data.ts'
import { settlementFigures } from './trade-settlement.ts'

const meterCount = 100_000
const tradesPerMeter = 5
/** How often an allocation is timed beside a reading. */
const pairs = { long: 9, short: 3 }
const tries = 2

/** How many times as long as reading everything once a rule may take. */
const bars: Readonly<Record<AllocationRule, number>> = {
  fifo: 15,
  'pro-rata': 60,
  'maximal-proportional': 100,
  'max-flow': 400,
}

/**
 * The figures of bilateral trades: the allocation of 100,000 meters, each of which sells to five
 * others, anybody to anybody, so that all hang together. Of what it owes a meter shows from nothing
 * to a fifth too much. And what 100,000 trades of 20,000 such meters take to be verified, settled
 * and made payments of.
 */
export async function tradeFigures(
  { short }: { readonly short: boolean },
): Promise<readonly FigureLine[]> {
  checkAgainstReference()
  const columns = makeColumns(meterCount)
  const rules = ['fifo', 'pro-rata', 'maximal-proportional', 'max-flow'] as const
  const often = short ? pairs.short : pairs.long
  const allocations = rules.map((rule) => allocation(columns, rule, often))
  return [...allocations, ...settlementFigures(makeColumns(meterCount / tradesPerMeter))]
}

function allocation(columns: TradeColumns, rule: AllocationRule, often: number): FigureLine {
  const ours = (): unknown => allocateColumns(columns, rule)
  const peer = (): void => void readOnce(columns)
  for (let i = 0; i < 3; i += 1) [ours, peer].forEach((run) => run())
  const paired = pairUp(ours, peer, often, tries)
  const { delivered } = allocateColumns(columns, rule)
  const sum = (energies: Float64Array): number => energies.reduce((all, one) => all + one, 0)
  return {
    figure: `allocate_100k_x5_${rule.replaceAll('-', '_')}`,
    value: paired.ratio.median,
    bar: `<= ${bars[rule]}`,
    holds: paired.ratio.median <= bars[rule],
    detail: {
      compared:
        'time of an allocation (checks, shares, assertions, for max-flow its cut) divided by' +
        ' the time of reading every trade and the energy of its two meters once',
      meters: meterCount,
      trades: delivered.length,
      owedWh: sum(columns.obligation),
      deliveredWh: sum(delivered),
      ...paired,
      ...(rule === 'maximal-proportional' ? { fromObjects: fromObjects(columns, rule) } : {}),
    },
  }
}

/** From objects with bigint in any sequence, to bigint. */
function fromObjects(columns: TradeColumns, rule: AllocationRule): object {
  const input = { ...objectsOf(columns), rule }
  return pairUp(() => allocate(input), () => readOnce(columns), 3)
}

/** What nobody can do without: the columns from front to back, the meters where they are. */
function readOnce({ seller, buyer, obligation, exported, imported }: TradeColumns): number {
  let sumWh = 0
  for (let row = 0; row < obligation.length; row += 1) {
    sumWh += Math.min(obligation[row]!, exported[seller[row]!]!, imported[buyer[row]!]!)
  }
  return sumWh
}

/** Each rule gives on a small market what the naive one gives. */
function checkAgainstReference(): void {
  const input = objectsOf(makeColumns(100))
  for (const rule of Object.keys(bars) as AllocationRule[]) {
    const { delivered, cut } = allocate({ ...input, rule })
    deepEqual({ delivered, cut }, allocateNaive({ ...input, rule }))
    if (cut !== null) equal(checkCut(input, delivered, cut), null)
  }
}

function makeColumns(meters: number): TradeColumns {
  const draw = drawer(7)
  const count = meters * tradesPerMeter
  const seller = Uint32Array.from({ length: count }, (_, row) => row % meters)
  const buyer = Uint32Array.from({ length: count }, () => draw(meters))
  const obligation = Float64Array.from({ length: count }, () => 1 + draw(1_000))
  const meteredOf = (meterOf: Uint32Array): Float64Array => {
    const owed = new Float64Array(meters)
    for (let row = 0; row < count; row += 1) owed[meterOf[row]!]! += obligation[row]!
    return owed.map((energyWh) => Math.floor((energyWh * draw(1_201)) / 1_000))
  }
  return { seller, buyer, obligation, exported: meteredOf(seller), imported: meteredOf(buyer) }
}

if (import.meta.main) {
  const short = process.argv.includes('--short')
  for (const line of await tradeFigures({ short })) console.log(JSON.stringify(line))
}
