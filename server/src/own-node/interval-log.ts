import { Fault } from '@busbar/core/errors'
import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { intervalLogAbi } from '../adapters/chain/contracts.ts'
import type { Log } from '../adapters/chain/movements.ts'
import { HttpRpc, RpcError } from '../adapters/chain/rpc.ts'

export { intervalLogAbi, type Log }

/** A market's log of intervals at a node of one's own: nothing here is asked of the exchange. */
export type IntervalLog = {
  readonly rpc: HttpRpc
  readonly address: Hex
  /** Who writes it, and signs for the exchange: `0x` and 40 hex. */
  readonly operator: string
}

/** The chain and the contracts, as one has signed for them. */
export type ChainOfMarket = {
  readonly chainId: number
  readonly intervalLog: string
  readonly clearingHouse: string
}

/** What a node of a network answers for at least, in one question. */
const blocksPerRead = 5_000

/**
 * @throws Fault CHAIN_UNREACHABLE; CHAIN_ID_DIFFERS and CHAIN_DEPLOYMENT_DIFFERS where the node has
 * another chain, or another contract stands there; CHAIN_REFUSED for the node's own no
 */
export async function openIntervalLog(
  nodeUrl: string,
  market: ChainOfMarket,
): Promise<IntervalLog> {
  const rpc = new HttpRpc(() => nodeUrl)
  const chainId = Number(await ask<Hex>(rpc, 'eth_chainId', []))
  if (chainId !== market.chainId) {
    throw new Fault('CHAIN_ID_DIFFERS', { expected: market.chainId, found: chainId })
  }
  const address = market.intervalLog as Hex
  const house = await addressAt(rpc, address, 'clearingHouse')
  if (house !== market.clearingHouse.toLowerCase()) {
    const details = { contract: 'intervalLog', address }
    throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', { ...details, reason: 'of another clearing house' })
  }
  return { rpc, address, operator: await addressAt(rpc, address, 'operator') }
}

type Topic = Hex | readonly Hex[] | null

/** What the log says, a range of blocks after the other, the newest ones first. */
export async function* logsBackwards(
  { rpc, address }: IntervalLog,
  topics: readonly Topic[],
): AsyncGenerator<readonly Log[]> {
  let to = Number(await ask<Hex>(rpc, 'eth_blockNumber', []))
  while (to >= 0) {
    const from = Math.max(0, to - blocksPerRead + 1)
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }
    yield await ask<readonly Log[]>(rpc, 'eth_getLogs', [{ address, topics, ...range }])
    to = from - 1
  }
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
