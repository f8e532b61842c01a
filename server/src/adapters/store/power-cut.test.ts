/**
 * Goal: what the embedded store acknowledged is there after the machine lost its power.
 * Method: while a store is written, its directory is copied as a power cut at that very sync would
 * have left it: without what was not synced, or with a random part of it. Each copy is opened and
 * must hold all that was acknowledged before the cut. SEED=n repeats the choices.
 */
import { equal, ok } from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { chainEntries, verifyChain } from '../../app/journal-chain.ts'
import type { JournalEntry } from '../../app/ports/journal.ts'
import { PgliteEngine } from './pglite-engine.ts'
import { SqlStore } from './sql-store.ts'
import { item, readAll } from './store-suite-harness.ts'
import { ForgetfulDisk } from './test-power-cut.ts'

const cuts = Number(process.env['BUSBAR_POWER_CUTS'] ?? 6)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 32))
const market = 'power-cut'

type Cut = { readonly dataDir: string; readonly acknowledged: number }

const skip = !existsSync('/proc/self/fd') && 'files are followed by /proc, which is not here'

test(`nothing acknowledged is lost in ${cuts} power cuts (SEED=${seed})`, { skip }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'busbar-power-cut-'))
  try {
    const taken = await writeAndCut(directory, randomFrom(seed))
    equal(taken.length, cuts)
    for (const cut of taken) await checkAfter(cut)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

async function writeAndCut(directory: string, random: () => number): Promise<readonly Cut[]> {
  const dataDir = join(directory, 'live')
  await (await SqlStore.open(await PgliteEngine.open(dataDir), market)).close()

  const database = join(dataDir, 'database')
  const disk = new ForgetfulDisk(database)
  const taken: Cut[] = []
  let acknowledged = 0
  let opened = false
  const beforeSync = (descriptor: number): void => {
    if (opened && taken.length < cuts && random() < 0.1) {
      const cut = { dataDir: join(directory, `cut-${taken.length}`), acknowledged }
      mkdirSync(cut.dataDir)
      const portion = [0, 0.5, 0.9][taken.length % 3] ?? 0
      disk.cutTo(join(cut.dataDir, 'database'), () => random() < portion)
      writeFileSync(join(cut.dataDir, 'database.ready'), '')
      taken.push(cut)
    }
    disk.sync(descriptor)
  }
  const engine = await PgliteEngine.open(dataDir, beforeSync)
  const store = await SqlStore.open(engine, market)
  opened = true
  for (let round = 1; taken.length < cuts; round += 1) {
    const count = Math.ceil(random() * (round % 7 === 0 ? 3_000 : 30))
    const drafts = Array.from({ length: count }, (_, at) => ({ at, kind: 'k', body: `[${round}]` }))
    const entries = chainEntries(await store.last(), drafts)
    await store.commit({ entries, outbox: entries.map(({ sequence }) => item(sequence)) })
    acknowledged = (entries.at(-1) as JournalEntry).sequence
    // Checkpoints are where a database moves most between its files.
    if (round % 5 === 0) await engine.maintain()
  }
  await store.close()
  return taken
}

async function checkAfter({ dataDir, acknowledged }: Cut): Promise<void> {
  const store = await SqlStore.open(await PgliteEngine.open(dataDir), market)
  try {
    const entries = await readAll(store)
    ok(entries.length >= acknowledged, `${acknowledged} acknowledged, ${entries.length} found`)
    equal(verifyChain(entries).kind, 'intact')
    equal(await store.lastJournalSequence(), entries.length)
    const [next] = chainEntries(await store.last(), [{ at: 0, kind: 'k', body: '[]' }])
    await store.append([next as JournalEntry])
  } finally {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** mulberry32: enough to choose by. */
function randomFrom(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
