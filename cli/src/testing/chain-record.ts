/** Everything that a chain at rest has told the world. */
import { openChain } from '@busbar/server/adapters/chain/index'
import { type ChainRecord, chainRecordOf } from './leak-sources.ts'

/** Calldata, logs and storage of an embedded chain that no server uses. */
export async function chainRecord(
  dataDir: string,
  market: string,
  intervalSeconds: number,
): Promise<ChainRecord> {
  const chain = await openChain({ dataDir, market, intervalSeconds })
  try {
    return await chainRecordOf(chain.node.rpc)
  } finally {
    await chain.close()
  }
}
