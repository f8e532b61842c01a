/**
 * Measures the store on this machine: `node server/src/adapters/store/measure.ts`.
 *
 * One JSON line per engine and size of commit, with what the same disk and the same PostgreSQL do
 * without us: an fdatasync, and a COPY of the same rows from a file of the server. Rates differ by
 * a factor between machines and hours; the ratios, taken in turns in one run, far less.
 */
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { chainEntries } from '../../app/journal-chain.ts'
import type { JournalEntry } from '../../app/ports/journal.ts'
import type { Store } from '../../app/ports/store.ts'
import { openStore } from './open-store.ts'
import { startTestPostgres } from './test-postgres.ts'

const sizes = [1, 10, 100, 1_000, 5_000]
const turns = 7
const market = 'measure'

/** An order as it stands in the journal: 382 bytes. */
const body = JSON.stringify({
  account: 12,
  digest: `0x${'ab'.repeat(32)}`,
  energyWh: 1_500,
  id: `0x${'cd'.repeat(16)}`,
  interval: 5_700_000,
  limitMicrosPerKwh: 250_000,
  meter: 12,
  side: 'buy',
  signature: `0x${'ef'.repeat(65)}`,
  type: 'Order',
})

const directory = fs.mkdtempSync(join(tmpdir(), 'busbar-measure-'))
fs.chmodSync(directory, 0o755)
try {
  say({ engine: 'disk', ...measureDisk() })
  const embedded = await openStore(market, { dataDir: join(directory, 'data') })
  for (const size of sizes) say({ engine: 'pglite', size, ...(await measure(embedded, size)) })
  await embedded.close()
  await measurePostgres()
} finally {
  fs.rmSync(directory, { recursive: true, force: true })
}

async function measurePostgres(): Promise<void> {
  const server = await startTestPostgres()
  if ('unavailable' in server) return say({ engine: 'postgresql', ...server })
  const client = new Client({ connectionString: server.url })
  await client.connect()
  const store = await openStore(market, { databaseUrl: server.url })
  await client.query(`create table copied (like "busbar ${market}".journal including all)`)
  for (const size of sizes) {
    const copy = (entries: readonly JournalEntry[]) => measureCopy(client, entries)
    say({ engine: 'postgresql', size, ...(await measure(store, size, copy)) })
  }
  await store.close()
  await client.end()
  await server.stop()
}

/** The median over turns of entries per second, and of the time of one commit. */
async function measure(
  store: Store,
  size: number,
  copy?: (entries: readonly JournalEntry[]) => Promise<number>,
) {
  const rates: number[] = []
  const ratios: number[] = []
  const latenciesMs: number[] = []
  const count = Math.min(20_000, size * 200)
  for (let turn = 0; turn < turns; turn += 1) {
    const drafts = Array.from({ length: count }, () => ({ at: 1, kind: 'place-order', body }))
    const entries = chainEntries(await store.last(), drafts)
    const startMs = performance.now()
    for (let from = 0; from < count; from += size) {
      const commitMs = performance.now()
      await store.append(entries.slice(from, from + size))
      latenciesMs.push(performance.now() - commitMs)
    }
    const rate = (count / (performance.now() - startMs)) * 1_000
    rates.push(rate)
    if (copy !== undefined) ratios.push(rate / (await copy(entries)))
  }
  return {
    entriesPerSecond: Math.round(quantile(rates, 0.5)),
    commitMsP50: rounded(quantile(latenciesMs, 0.5)),
    commitMsP99: rounded(quantile(latenciesMs, 0.99)),
    ...(copy === undefined ? {} : { ratioToCopy: rounded(quantile(ratios, 0.5)) }),
  }
}

async function measureCopy(client: Client, entries: readonly JournalEntry[]): Promise<number> {
  const file = join(directory, 'rows')
  const lines = entries.map(({ sequence, at, kind, hash }) => [sequence, at, kind, body, hash])
  fs.writeFileSync(file, lines.map((line) => `${line.join('\t')}\n`).join(''), { mode: 0o644 })
  const startMs = performance.now()
  await client.query(`copy copied from '${file}'`)
  return (entries.length / (performance.now() - startMs)) * 1_000
}

function measureDisk() {
  const file = fs.openSync(join(directory, 'probe'), 'w')
  const page = Buffer.alloc(8_192)
  const latenciesMs = Array.from({ length: 300 }, (_, index) => {
    fs.writeSync(file, page, 0, page.length, (index % 64) * page.length)
    const startMs = performance.now()
    fs.fdatasyncSync(file)
    return performance.now() - startMs
  })
  fs.closeSync(file)
  const p50 = rounded(quantile(latenciesMs, 0.5))
  return { fdatasyncMsP50: p50, fdatasyncMsP99: rounded(quantile(latenciesMs, 0.99)) }
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
