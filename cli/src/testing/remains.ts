/** What a market left behind: read from its data directory after an orderly stop. */
import { openChain } from '@busbar/server/adapters/chain/index'
import { openStore } from '@busbar/server/adapters/store/open-store'
import type { JournalEntry } from '@busbar/server/app/ports/journal'
import type { OutboxItem } from '@busbar/server/app/ports/outbox'
import type { Scenario } from '../market/scenario.ts'

export type Remains = {
  readonly entries: readonly JournalEntry[]
  readonly outbox: readonly OutboxItem[]
  readonly balances: readonly bigint[]
  readonly supply: { readonly total: bigint; readonly held: bigint }
  /** What the operator had mined, oldest first. */
  readonly transactions: readonly OperatorTransaction[]
}

export type OperatorTransaction = {
  readonly toAddress: string
  readonly calldata: string
  readonly succeeded: boolean
}

/** Opens what it reads, so the seal of the directory no longer fits afterwards. */
export async function remainsOf(
  scenario: Scenario,
  dataDir: string,
  databaseUrl: string | undefined,
): Promise<Remains> {
  const market = scenario.name
  const place = databaseUrl === undefined ? { dataDir: `${dataDir}/store` } : { databaseUrl }
  const store = await openStore(market, place)
  const { intervalSeconds } = scenario.rulebook
  const chain = await openChain({ dataDir, market, intervalSeconds })
  try {
    const entries = await store.read(0, 10_000)
    const accounts = 3 + entries.filter(({ kind }) => /^(admit|open)_/.test(kind)).length
    return {
      entries,
      outbox: await store.list(0, 10_000),
      balances: await chain.balances(accounts),
      supply: await chain.supply(),
      transactions: await operatorTransactions(chain),
    }
  } finally {
    await chain.close()
    await store.close()
  }
}

type Chain = Awaited<ReturnType<typeof openChain>>

type Block = {
  readonly transactions: readonly {
    readonly hash: string
    readonly from: string
    readonly to: string | null
    readonly input: string
  }[]
}

async function operatorTransactions({ node }: Chain): Promise<readonly OperatorTransaction[]> {
  const found: OperatorTransaction[] = []
  const newest = Number(await node.rpc.call<string>('eth_blockNumber', []))
  for (let number = 0; number <= newest; number += 1) {
    const tag = `0x${number.toString(16)}`
    const block = await node.rpc.call<Block>('eth_getBlockByNumber', [tag, true])
    for (const { hash, from, to, input } of block.transactions) {
      if (from.toLowerCase() !== node.operator.address.toLowerCase()) continue
      const parameters = ['eth_getTransactionReceipt', [hash]] as const
      const receipt = await node.rpc.call<{ readonly status: string }>(...parameters)
      const succeeded = receipt.status === '0x1'
      found.push({ toAddress: (to ?? '').toLowerCase(), calldata: input, succeeded })
    }
  }
  return found
}
