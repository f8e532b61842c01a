import { bilateralZone } from '@busbar/core/exchange'
import { decodeEventLog, encodeEventTopics, type Hex } from 'viem'
import {
  type ChainOfMarket,
  intervalLogAbi,
  logsBackwards,
  openIntervalLog,
} from './interval-log.ts'

/** The contracts that one gate put on the chain, as the chain has them. */
export type FixedContracts = {
  readonly root: string
  readonly count: number
  readonly txHash: string
  readonly blockNumber: number
}

/**
 * What the chain says of the gates of these intervals, by interval; none where it says nothing yet.
 *
 * @throws Fault as `openIntervalLog` does
 */
export async function readFixedContracts(
  nodeUrl: string,
  market: ChainOfMarket,
  intervals: readonly number[],
): Promise<ReadonlyMap<number, FixedContracts>> {
  const log = await openIntervalLog(nodeUrl, market)
  const found = new Map<number, FixedContracts>()
  const wanted = new Set(intervals)
  if (wanted.size === 0) return found
  const topics = encodeEventTopics({
    abi: intervalLogAbi,
    eventName: 'OrdersFixed',
    args: { zone: bilateralZone, interval: [...wanted].map(BigInt) },
  }) as readonly (Hex | Hex[])[]
  for await (const entries of logsBackwards(log, topics)) {
    for (const { topics: own, data, transactionHash, blockNumber } of entries) {
      const { eventName, args } = decodeEventLog({ abi: intervalLogAbi, topics: own, data })
      if (eventName !== 'OrdersFixed') continue
      const { root, count } = args.orders
      const where = { txHash: transactionHash, blockNumber: Number(blockNumber) }
      found.set(Number(args.interval), { root, count, ...where })
    }
    if (found.size === wanted.size) break
  }
  return found
}
