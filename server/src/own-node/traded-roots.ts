import { bilateralZone } from '@busbar/core/exchange'
import { decodeEventLog, encodeEventTopics, type Hex } from 'viem'
import {
  type ChainOfMarket,
  type IntervalLog,
  intervalLogAbi,
  type Log,
  logsBackwards,
  openIntervalLog,
} from './interval-log.ts'

/** What the chain says of traded energy: nothing here is asked of the exchange. */
export type TradedRoots = {
  /** Who signs answers about it, `0x` and 40 hex. */
  readonly operator: string
  /** By interval, of its latest run; none where it has no run yet. */
  readonly roots: ReadonlyMap<number, string>
}

/**
 * The roots of `count` intervals from one on, by the market's contract at a node of one's own.
 *
 * @throws Fault as `openIntervalLog` does
 */
export async function readTradedRoots(
  nodeUrl: string,
  market: ChainOfMarket,
  period: { readonly fromInterval: number; readonly count: number },
): Promise<TradedRoots> {
  const log = await openIntervalLog(nodeUrl, market)
  return { operator: log.operator, roots: await rootsOf(log, period) }
}

/** Newest blocks first, back to the gate of the first interval: its runs come after it. */
async function rootsOf(
  log: IntervalLog,
  { fromInterval, count }: { readonly fromInterval: number; readonly count: number },
): Promise<ReadonlyMap<number, string>> {
  const topicsOf = (eventName: 'RunRecorded' | 'OrdersFixed', interval?: bigint) =>
    encodeEventTopics({
      abi: intervalLogAbi,
      eventName,
      args: { zone: bilateralZone, ...(interval === undefined ? {} : { interval }) },
    } as never) as unknown as readonly Hex[]
  const [recorded = '0x', zone = '0x'] = topicsOf('RunRecorded')
  const [fixed = '0x', , first] = topicsOf('OrdersFixed', BigInt(fromInterval))
  const latest = new Map<number, { readonly run: number; readonly root: string }>()
  for await (const entries of logsBackwards(log, [[recorded, fixed], zone])) {
    let isBefore = false
    for (const entry of entries) {
      if (entry.topics[0] === fixed) isBefore ||= entry.topics[2] === first
      else keepLatest(latest, entry, fromInterval, count)
    }
    if (isBefore) break
  }
  return new Map([...latest].map(([interval, { root }]) => [interval, root]))
}

function keepLatest(
  latest: Map<number, { readonly run: number; readonly root: string }>,
  { topics, data }: Log,
  fromInterval: number,
  count: number,
): void {
  const { eventName, args } = decodeEventLog({ abi: intervalLogAbi, topics, data })
  if (eventName !== 'RunRecorded') return
  const interval = Number(args.interval)
  if (interval < fromInterval || interval >= fromInterval + count) return
  const known = latest.get(interval)
  // Runs of trades put the root of traded energy in the place of readings.
  if (known === undefined || known.run < args.run) {
    latest.set(interval, { run: args.run, root: args.readingsRoot })
  }
}
