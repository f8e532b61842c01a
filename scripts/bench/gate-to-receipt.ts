/**
 * From the gate to the receipt: clearing, roots, journal and commitment, then reconciliation,
 * postings, netting and the money on the embedded chain. Delivery lies between the two and is not
 * counted, nor are orders and readings, which are verified and stored when they arrive.
 */
import { firstInterval } from './bench-commands.ts'
import { openBenchMarket } from './bench-market.ts'
import { type FigureLine, logLogSlope, quantile, rounded } from './figure.ts'

/** p99 wants hundreds of intervals; where one takes long, fewer are run and the detail says so. */
const sizes = [
  { participants: 180, intervals: 200, barMs: 1_000 },
  { participants: 1_000, intervals: 60, barMs: 1_000 },
  { participants: 10_000, intervals: 12, barMs: 1_000 },
  { participants: 100_000, intervals: 3, barMs: 5_000 },
] as const

export async function gateToReceiptFigures(options: {
  readonly short: boolean
  readonly participantsMax?: number
}): Promise<FigureLine[]> {
  const lines: FigureLine[] = []
  const points: { size: number; ms: number }[] = []
  const most = options.participantsMax ?? Infinity
  for (const { participants, intervals, barMs } of sizes) {
    const figure = `gate_to_receipt_p99_ms_${participants}`
    const bar = `<= ${barMs}`
    if (participants > most || (options.short && participants > 10_000)) {
      const detail = { reason: 'left out of the short run' }
      lines.push({ figure, value: Number.NaN, bar, holds: 'not run', detail })
      continue
    }
    const count = options.short ? Math.ceil(intervals / 8) : intervals
    const { totals, gates, settles } = await measured(participants, count)
    const value = rounded(quantile(totals, 0.99))
    points.push({ size: participants, ms: quantile(totals, 0.5) })
    lines.push({
      figure,
      value,
      bar,
      holds: value <= barMs,
      detail: {
        intervals: count,
        p50Ms: rounded(quantile(totals, 0.5)),
        gateP50Ms: rounded(quantile(gates, 0.5)),
        settleP50Ms: rounded(quantile(settles, 0.5)),
        maxMs: rounded(Math.max(...totals)),
        ...(count < 100 ? { note: 'with so few intervals the p99 is close to the slowest' } : {}),
      },
    })
  }
  const large = points.filter(({ size }) => size >= 10_000)
  if (large.length >= 2) {
    const value = rounded(logLogSlope(large))
    const detail = { points: large.map(({ size, ms }) => ({ size, ms: rounded(ms) })) }
    lines.push({
      figure: 'gate_to_receipt_growth_slope',
      value,
      bar: '<= 1.05',
      holds: value <= 1.05,
      detail,
    })
  }
  return lines
}

async function measured(
  participants: number,
  intervals: number,
): Promise<{ totals: number[]; gates: number[]; settles: number[] }> {
  const market = await openBenchMarket(participants)
  const gates: number[] = []
  const settles: number[] = []
  try {
    // The gate of an interval closes while the one before it is delivered. The first one warms the
    // engine up and is not counted.
    for (let n = 0; n <= intervals + 1; n += 1) {
      const interval = firstInterval + n
      await market.trade(interval)
      gates.push((await market.gate(interval)).receiptMs)
      await market.read(interval)
      if (n > 0) settles.push((await market.settle(interval - 1)).receiptMs)
    }
  } finally {
    await market.close()
  }
  const counted = { gates: gates.slice(1, intervals + 1), settles: settles.slice(1, intervals + 1) }
  const totals = counted.gates.map((gate, i) => gate + (counted.settles[i] ?? Number.NaN))
  return { totals, ...counted }
}

if (import.meta.main) {
  const most = process.argv[2]
  const options = {
    short: process.argv.includes('--short'),
    participantsMax: Number(most ?? Infinity),
  }
  for (const line of await gateToReceiptFigures(options)) console.log(JSON.stringify(line))
}
