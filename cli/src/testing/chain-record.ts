/** Everything that a chain has told the world: what was sent to it, and what it said. */
import { openChain } from '@busbar/server/adapters/chain/index'

type Block = {
  readonly transactions: readonly { readonly hash: string; readonly input: string }[]
}

/** Calldata of all transactions, and all logs, of an embedded chain at rest. */
export async function chainRecord(
  dataDir: string,
  market: string,
  intervalSeconds: number,
): Promise<{ readonly transactions: number; readonly logs: number; readonly text: string }> {
  const chain = await openChain({ dataDir, market, intervalSeconds })
  try {
    const { rpc } = chain.node
    const newest = Number(await rpc.call<string>('eth_blockNumber', []))
    const texts: string[] = []
    let transactions = 0
    for (let number = 0; number <= newest; number += 1) {
      const tag = `0x${number.toString(16)}`
      const block = await rpc.call<Block>('eth_getBlockByNumber', [tag, true])
      transactions += block.transactions.length
      texts.push(...block.transactions.map(({ input }) => input))
    }
    const filter = { fromBlock: '0x0', toBlock: 'latest' }
    const logs = await rpc.call<readonly object[]>('eth_getLogs', [filter])
    texts.push(JSON.stringify(logs))
    return { transactions, logs: logs.length, text: texts.join('\n') }
  } finally {
    await chain.close()
  }
}
