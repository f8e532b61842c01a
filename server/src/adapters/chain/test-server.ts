/**
 * For tests: a server that commits and settles interval after interval until it is killed.
 *
 *     node test-server.ts DATA_DIR FIRST_INTERVAL
 *
 * Prints a line for every interval whose transactions are in the outbox: that is acknowledged.
 */
import { openEmbeddedStore } from '../store/open-store.ts'
import { openChain } from './open-chain.ts'
import { createOutboxSender } from './outbox-sender.ts'
import { commitmentOf, market, settlementOf } from './test-world.ts'

const [dataDir = '', first = '0'] = process.argv.slice(2)
const store = await openEmbeddedStore(market, dataDir)
const chain = await openChain({ dataDir, market, intervalSeconds: 300 })
const sender = createOutboxSender({ chain, outbox: store })
process.stdout.write(`anvil ${chain.node.embedded?.pid}\n`)
for (let interval = Number(first); ; interval += 1) {
  const effects = [...commitmentOf(interval), settlementOf(interval, [[3, -1n], [4, 1n]])]
  const calls = effects.flatMap((effect) => chain.encode(effect))
  await store.enqueue(calls.map((call) => ({ ...call, journalSequence: 0, queuedAt: 1 })))
  process.stdout.write(`${interval}\n`)
  sender.kick()
}
