/** What a node knows of transactions: who used a nonce, and why a call was refused. */
import type { Hex } from 'viem'
import { describeRevert } from './contracts.ts'
import { type Rpc, RpcError } from './rpc.ts'

export type Receipt = {
  readonly status: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex
  readonly gasUsed: Hex
  /** Not told by every node. */
  readonly effectiveGasPrice?: Hex
}

export type MinedTransaction = {
  readonly hash: Hex
  readonly blockNumber: number
  readonly to: string
  readonly calldata: string
}

/** A nonce of ours is looked for as long as it is on our way, so close to the newest block. */
const blocksSearchedMax = 20_000

type Block = {
  readonly transactions: readonly {
    readonly hash: Hex
    readonly from: Hex
    readonly to: Hex | null
    readonly nonce: Hex
    readonly input: Hex
  }[]
}

/**
 * The mined transaction that used `nonce` of `sender`, looked for from block `newest` backwards.
 *
 * Nodes that answer this in one call do so from old states, which others have thrown away.
 */
export async function findTransaction(
  rpc: Rpc,
  sender: Hex,
  nonce: number,
  newest: number,
): Promise<MinedTransaction | undefined> {
  const oldest = Math.max(0, newest - blocksSearchedMax)
  for (let number = newest; number >= oldest; number -= 1) {
    const tag = `0x${number.toString(16)}`
    const block = await rpc.call<Block | null>('eth_getBlockByNumber', [tag, true])
    const own = (block?.transactions ?? []).filter(({ from }) => isSame(from, sender))
    const found = own.find((transaction) => Number(transaction.nonce) === nonce)
    if (found !== undefined) {
      const { hash, to, input } = found
      return { hash, blockNumber: number, to: to ?? '0x', calldata: input }
    }
    if (own.some((transaction) => Number(transaction.nonce) < nonce)) return undefined
  }
  return undefined
}

/** Letter case of hex digits means nothing. */
export const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Why a mined call was refused, in the words of the contract's error where the node tells. */
export async function revertReason(
  rpc: Rpc,
  call: { readonly from: Hex; readonly to: string; readonly data: string; readonly gas: number },
  { hash, blockNumber }: { readonly hash: string; readonly blockNumber: number },
): Promise<string> {
  try {
    const trace = await rpc.call<{ output?: string }>('debug_traceTransaction', [
      hash,
      { tracer: 'callTracer' },
    ])
    if ((trace.output?.length ?? 0) > 2) return describeRevert(trace.output)
  } catch (error) {
    // Most networks do not offer traces; then the state before the block is the next best.
    if (!(error instanceof RpcError)) throw error
  }
  try {
    const parameters = { ...call, gas: `0x${call.gas.toString(16)}` }
    await rpc.call('eth_call', [parameters, `0x${Math.max(0, blockNumber - 1).toString(16)}`])
    return 'reverted for a reason that is gone'
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return error.data === undefined ? error.message : describeRevert(error.data)
  }
}

export type Submission = 'taken' | 'nonce_used' | 'underpriced' | { readonly refusal: string }

/** Sends signed bytes. Every node has its own words for its answers. */
export async function submit(rpc: Rpc, raw: string): Promise<Submission> {
  try {
    await rpc.call('eth_sendRawTransaction', [raw])
    return 'taken'
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const words = error.message
    if (/already (known|imported|in )|known transaction|alreadyknown/i.test(words)) return 'taken'
    if (/nonce.*(too low|already|below)|oldnonce/i.test(words)) return 'nonce_used'
    if (/underpriced|fee.*(too low|less than)|gas price.*(too low|below)/i.test(words)) {
      return 'underpriced'
    }
    return { refusal: words.slice(0, 200) }
  }
}
