/**
 * Goal: what was acknowledged before a `kill -9` is there after it, once, with its effects.
 * Method: a writer in a process of its own is killed at random moments, also while it makes its
 * database, over and over on the same data; what it said before it died is compared with what the
 * next one finds. This is the death of a process: `power-cut.test.ts` is the death of a machine.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { verifyChain } from '../../app/journal-chain.ts'
import { openStore, type StorePlace } from './open-store.ts'
import { readAll } from './store-suite-harness.ts'
import { startTestPostgres } from './test-postgres.ts'

const rounds = Number(process.env['BUSBAR_KILLS'] ?? 20)
const market = 'kill'

test(`an embedded store survives ${rounds} kills of its process`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'busbar-kill-'))
  try {
    for (const afterMs of [200, 900, 2_000]) await killWhileOpening({ dataDir }, afterMs)
    await killOverAndOver({ dataDir })
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})

const started = await startTestPostgres()
const skip = 'unavailable' in started && started.unavailable
after(() => ('url' in started ? started.stop() : undefined))

test(`a store in PostgreSQL survives ${rounds} kills of its writer`, { skip }, async () => {
  if ('url' in started) await killOverAndOver({ databaseUrl: started.url })
})

async function killWhileOpening(place: StorePlace, afterMs: number): Promise<void> {
  const writer = startWriter(place)
  await wait(afterMs)
  await kill(writer.process)
}

async function killOverAndOver(place: StorePlace): Promise<void> {
  const acknowledged = new Map<number, string>()
  let commits = 0
  for (let round = 0; round < rounds; round += 1) {
    const writer = startWriter(place)
    await writer.committedOnce
    await wait(randomInt(200))
    await kill(writer.process)
    const facts = writer.facts()
    ok(facts.opened >= highest(acknowledged), 'the next process finds all that was acknowledged')
    for (const [sequence, hash] of facts.committed) acknowledged.set(sequence, hash)
    commits += facts.committed.length
  }
  ok(commits > rounds, 'kills came between commits')

  const store = await openStore(market, place)
  try {
    const entries = await readAll(store)
    equal(verifyChain(entries).kind, 'intact')
    for (const [sequence, hash] of acknowledged) equal(entries[sequence - 1]?.hash, hash)
    deepEqual(await effects(store), entries.map(({ sequence }) => sequence))
    const snapshot = await store.latestSnapshot()
    if (snapshot !== undefined) equal(entries[snapshot.sequence - 1]?.hash, snapshot.stateHash)
  } finally {
    await store.close()
  }
}

/** The journal sequences of the outbox, in the order of sending. */
async function effects(store: Awaited<ReturnType<typeof openStore>>): Promise<readonly number[]> {
  const sequences: number[] = []
  for (let position = 0; ; ) {
    const page = await store.list(position, 10_000)
    const last = page.at(-1)
    if (last === undefined) return sequences
    position = last.position
    sequences.push(...page.map((each) => each.journalSequence))
  }
}

const highest = (acknowledged: ReadonlyMap<number, string>): number =>
  [...acknowledged.keys()].reduce((a, b) => Math.max(a, b), 0)

type Facts = {
  readonly opened: number
  readonly committed: readonly (readonly [sequence: number, hash: string])[]
}

function startWriter(place: StorePlace) {
  const program = join(import.meta.dirname, 'test-writer.ts')
  const child = spawn(process.execPath, [program, market, JSON.stringify(place)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let complained = ''
  child.stderr.on('data', (data: Buffer) => {
    complained += data.toString()
  })
  const committedOnce = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.includes('committed')) resolve()
    })
    child.once('exit', () => reject(new Error(`the writer ended by itself: ${complained}`)))
  })
  // One that is killed while opening never commits, and nobody waits for it.
  committedOnce.catch(() => undefined)
  return { process: child, committedOnce, facts: () => factsOf(said) }
}

/** The last line may be cut off by the kill; then it was not said. */
function factsOf(said: string): Facts {
  const lines = said.split('\n').slice(0, -1).map((line) => line.split(' '))
  const opened = lines.find(([word]) => word === 'opened')
  const committed = lines.filter(([word]) => word === 'committed')
  return {
    opened: Number(opened?.[1]),
    committed: committed.map(([, sequence, hash]) => [Number(sequence), hash ?? ''] as const),
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
}
