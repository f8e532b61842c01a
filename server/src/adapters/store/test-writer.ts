/**
 * A program that commits until it is killed, for `kill.test.ts`.
 *
 * Arguments: a market, and a place as JSON. Prints one line per fact, each only when it is true:
 * `opened <sequence>` once, then `committed <sequence> <hash>` after each commit.
 */
import { randomInt } from 'node:crypto'
import { writeSync } from 'node:fs'
import { chainEntries } from '../../app/journal-chain.ts'
import type { JournalEntry } from '../../app/ports/journal.ts'
import { openStore, type StorePlace } from './open-store.ts'
import { item } from './store-suite-harness.ts'

const [market = '', place = ''] = process.argv.slice(2)
const store = await openStore(market, JSON.parse(place) as StorePlace)
let last = await store.last()
say(`opened ${last.sequence}`)

for (let round = 1; ; round += 1) {
  const entries = chainEntries(last, drafts())
  const end = entries.at(-1) as JournalEntry
  // Every entry has its effect, so that one without the other shows.
  await store.commit({ entries, outbox: entries.map(({ sequence }) => item(sequence)) })
  last = end
  say(`committed ${end.sequence} ${end.hash}`)
  if (round % 5 === 0) {
    const { sequence, hash } = end
    await store.saveSnapshot({ sequence, stateHash: hash, body: 's'.repeat(randomInt(3_000_000)) })
  }
}

/** Mostly small commits, at times a large one. */
function drafts() {
  const count = randomInt(10) === 0 ? 2_500 : randomInt(1, 40)
  const text = 'x'.repeat(randomInt(1_000))
  const body = JSON.stringify({ text })
  return Array.from({ length: count }, (_, at) => ({ at, kind: 'k', body }))
}

/** Not through a stream, which a kill could catch with lines it has not written yet. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}
