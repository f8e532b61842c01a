import { Fault } from '@busbar/core/errors'
import { bilateralZone } from '@busbar/core/exchange'
import {
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { intervalLogAbi } from './adapters/chain/contracts.ts'
import type { Log } from './adapters/chain/movements.ts'
import { HttpRpc, RpcError } from './adapters/chain/rpc.ts'

/** What the chain says of traded energy: nothing here is asked of the exchange. */
export type TradedRoots = {
  /** Who signs answers about it, `0x` and 40 hex. */
  readonly operator: string
  /** By interval, of its latest run; none where it has no run yet. */
  readonly roots: ReadonlyMap<number, string>
}

/** What a node of a network answers for at least, in one question. */
const blocksPerRead = 5_000

/**
 * The roots of `count` intervals from one on, by the market's contract at a node of one's own.
 *
 * @param market the chain and the contracts, as one has signed for them
 * @throws Fault CHAIN_UNREACHABLE; CHAIN_ID_DIFFERS and CHAIN_DEPLOYMENT_DIFFERS where the node has
 * another chain, or another contract stands there; CHAIN_REFUSED for the node's own no
 */
export async function readTradedRoots(
  nodeUrl: string,
  market: {
    readonly chainId: number
    readonly intervalLog: string
    readonly clearingHouse: string
  },
  period: { readonly fromInterval: number; readonly count: number },
): Promise<TradedRoots> {
  const rpc = new HttpRpc(() => nodeUrl)
  const chainId = Number(await ask<Hex>(rpc, 'eth_chainId', []))
  if (chainId !== market.chainId) {
    throw new Fault('CHAIN_ID_DIFFERS', { expected: market.chainId, found: chainId })
  }
  const log = market.intervalLog as Hex
  const house = await addressAt(rpc, log, 'clearingHouse')
  if (house !== market.clearingHouse.toLowerCase()) {
    const details = { contract: 'intervalLog', address: log }
    throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', { ...details, reason: 'of another clearing house' })
  }
  const operator = await addressAt(rpc, log, 'operator')
  return { operator, roots: await rootsOf(rpc, log, period) }
}

async function addressAt(
  rpc: HttpRpc,
  to: Hex,
  functionName: 'operator' | 'clearingHouse',
): Promise<string> {
  const data = encodeFunctionData({ abi: intervalLogAbi, functionName })
  const result = await ask<Hex>(rpc, 'eth_call', [{ to, data }, 'latest'])
  try {
    return decodeFunctionResult({ abi: intervalLogAbi, functionName, data: result }).toLowerCase()
  } catch (cause) {
    const details = { contract: 'intervalLog', address: to, reason: 'no such contract' }
    throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', details, { cause })
  }
}

/** Newest blocks first, back to the gate of the first interval: its runs come after it. */
async function rootsOf(
  rpc: HttpRpc,
  address: Hex,
  { fromInterval, count }: { readonly fromInterval: number; readonly count: number },
): Promise<ReadonlyMap<number, string>> {
  const topicsOf = (eventName: 'RunRecorded' | 'OrdersFixed', interval?: bigint) =>
    encodeEventTopics({
      abi: intervalLogAbi,
      eventName,
      args: { zone: bilateralZone, ...(interval === undefined ? {} : { interval }) },
    } as never) as unknown as readonly (Hex | null)[]
  const [recorded, zone] = topicsOf('RunRecorded')
  const [fixed, , first] = topicsOf('OrdersFixed', BigInt(fromInterval))
  const latest = new Map<number, { readonly run: number; readonly root: string }>()
  let to = Number(await ask<Hex>(rpc, 'eth_blockNumber', []))
  for (let isBefore = false; to >= 0 && !isBefore; ) {
    const from = Math.max(0, to - blocksPerRead + 1)
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }
    const filter = { address, topics: [[recorded, fixed], zone], ...range }
    for (const entry of await ask<readonly Log[]>(rpc, 'eth_getLogs', [filter])) {
      if (entry.topics[0] === fixed) {
        isBefore ||= entry.topics[2] === first
        continue
      }
      keepLatest(latest, entry, fromInterval, count)
    }
    to = from - 1
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

/** The node's no as a fault of ours. */
async function ask<Result>(
  rpc: HttpRpc,
  method: string,
  params: readonly unknown[],
): Promise<Result> {
  try {
    return await rpc.call<Result>(method, params)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    throw new Fault('CHAIN_REFUSED', { method, reason: error.message }, { cause: error })
  }
}
