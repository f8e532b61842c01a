/** Signed transactions of the operator. The same call, nonce and bid always give the same bytes. */
import { type Hex, parseTransaction } from 'viem'
import { type Fees, raised } from './fees.ts'
import { hexHash } from './hex-hash.ts'
import type { ChainNode } from './open-chain.ts'

export type SignedBytes = { readonly raw: Hex; readonly txHash: Hex }

export type Bid = { readonly nonce: number; readonly gas: number; readonly fees: Fees }

export async function signCall(
  { chainId, operator }: ChainNode,
  call: { readonly toAddress: string; readonly calldata: string },
  { nonce, gas, fees }: Bid,
): Promise<SignedBytes> {
  const raw = await operator.signTransaction({
    type: 'eip1559',
    chainId,
    nonce,
    to: call.toAddress as Hex,
    data: call.calldata as Hex,
    gas: BigInt(gas),
    ...fees,
  })
  return { raw, txHash: hexHash(raw) }
}

/** Does nothing but use up its nonce. */
export const signNothing = async (node: ChainNode, nonce: number): Promise<SignedBytes> =>
  signCall(
    node,
    { toAddress: node.operator.address, calldata: '0x' },
    { nonce, gas: 21_000, fees: await node.fees() },
  )

/** What a node takes in place of these bytes, and no less than what the network asks for now. */
export async function outbid(raw: string, node: ChainNode): Promise<Fees> {
  const { maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = parseTransaction(raw as Hex)
  const least = raised({ maxFeePerGas, maxPriorityFeePerGas })
  const current = await node.fees()
  return {
    maxFeePerGas: larger(least.maxFeePerGas, current.maxFeePerGas),
    maxPriorityFeePerGas: larger(least.maxPriorityFeePerGas, current.maxPriorityFeePerGas),
  }
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
