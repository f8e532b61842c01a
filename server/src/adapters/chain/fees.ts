/** What is bid for gas. */
import type { Hex } from 'viem'
import type { Rpc } from './rpc.ts'

export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

/**
 * On the embedded chain gas is free of meaning: always the same bid, far above any base fee, so
 * that a transaction signed long ago is still good when the chain is made again.
 */
export const embeddedFees: Fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 0n }

/** Twice the newest base fee: good for some six full blocks in a row. */
export async function currentFees(rpc: Rpc): Promise<Fees> {
  const [block, tip] = await rpc.batch([
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    { method: 'eth_maxPriorityFeePerGas', params: [] },
  ])
  if (block instanceof Error) throw block
  const { baseFeePerGas } = block as { readonly baseFeePerGas?: Hex }
  // A network of known validators often has no tip, and no method that would name one.
  const maxPriorityFeePerGas = typeof tip === 'string' ? BigInt(tip) : 0n
  return {
    maxFeePerGas: BigInt(baseFeePerGas ?? '0x0') * 2n + maxPriorityFeePerGas,
    maxPriorityFeePerGas,
  }
}

/** Enough more than before for a node to take it in place of the one it has. */
export const raised = ({ maxFeePerGas, maxPriorityFeePerGas }: Fees): Fees => ({
  maxFeePerGas: (maxFeePerGas * 5n) / 4n + 1n,
  maxPriorityFeePerGas: (maxPriorityFeePerGas * 5n) / 4n + 1n,
})
