/**
 * Goal: a market day repeats byte for byte and is exact, `verify` agrees with it afterwards, and no
 * longer does after one byte of what it left behind was changed.
 * Method: the program runs three intervals twice; copies of its data directory are damaged, each in
 * another place, with the seal that tells every byte and without it, where the checks must tell.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { verifyMarket } from '@busbar/server/verify'
import type { DayReport } from './day-report.ts'
import { busbar } from '../testing/run-busbar.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-day-'))
const dataDir = join(directory, 'day')
const day = ['day', '--scenario', 'neighbourhood', '--intervals', '3', '--json']
let report: DayReport
let again: DayReport

before(async () => {
  const run = async (...args: readonly string[]): Promise<DayReport> => {
    const { code, out, err } = await busbar([...day, ...args])
    equal(code, 0, err)
    return JSON.parse(out) as DayReport
  }
  report = await run('--data-dir', dataDir)
  // A committee draws its key by chance: the same day again is one with the same committee.
  const committee = join(directory, 'committee')
  cpSync(join(dataDir, 'committee'), committee, { recursive: true })
  again = await run('--committee', committee)
})

after(() => rmSync(directory, { recursive: true, force: true }))

const documented = [
  'intervals',
  'energy_wh',
  'conservation',
  'chain_equals_ledger',
  'state_hash',
  'latency_ms',
  'proofs',
] as const satisfies readonly (keyof DayReport)[]

test('a day is exact, and says so under its documented names', () => {
  for (const key of documented) ok(key in report, key)
  equal(report.intervals, 3)
  deepEqual(report.conservation, { money_micros: 0, energy_wh: 0 })
  equal(report.chain_equals_ledger, true)
  equal(report.auditor_agrees, true)
  ok(report.orders > 0 && report.money_moved_micros > 0)
  ok((report.latency_ms.p50 ?? 0) > 0 && (report.latency_ms.p99 ?? 0) > 0)
  ok((report.gas.per_participant ?? 0) > 0)
})

test('each of its clearings is proven on the chain, and says what that is worth', () => {
  const { proofs } = report
  deepEqual([proofs?.proven, proofs?.unproven], [proofs?.batches, []])
  ok((proofs?.made ?? 0) >= 3 && (proofs?.seconds.max ?? 0) > 0)
  ok((proofs?.gas_per_proof ?? 0) > 0 && (proofs?.gas_per_proof ?? 0) <= 1_000_000)
  equal(proofs?.notice, 'development, not secure')
})

test('the same day elsewhere ends in the same state, with the same figures', () => {
  equal(again.state_hash, report.state_hash)
  // Gas depends a little on the time of the blocks; the rest is the clock of this machine.
  const lasting = ({ latency_ms: _, seconds: __, gas: ___, proofs: ____, ...same }: DayReport) =>
    same
  deepEqual(lasting(again), lasting(report))
})

test('verify agrees with it, and with every byte', async () => {
  const { code, out } = await busbar(['verify', '--data-dir', dataDir, '--json'])
  const found = JSON.parse(out) as Awaited<ReturnType<typeof verifyMarket>>
  deepEqual(found.differences, [])
  equal(code, 0)
  deepEqual(
    found.checks.filter(({ result }) => result !== 'agrees'),
    [],
  )
  ok(found.checks.some(({ detail }) => detail.includes(report.state_hash)))
})

/** A copy of the data directory. */
function copyOf(name: string): string {
  const copy = join(directory, name)
  cpSync(dataDir, copy, { recursive: true })
  return copy
}

function flip(path: string, place: (bytes: Buffer) => number): void {
  const bytes = readFileSync(path)
  const at = place(bytes)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

/** The file of the database in which the signature of the first order stands. */
async function journalFile(copy: string): Promise<{ path: string; needle: string }> {
  const store = await openStore('neighbourhood', { dataDir: join(copy, 'store') })
  const entry = (await store.read(0, 1_000)).find(({ kind }) => kind === 'place_sealed_order')
  await store.close()
  const needle = /"signature":"0x[0-9a-f]{60}/.exec(entry?.body ?? '')?.[0] ?? 'none'
  const base = join(copy, 'store/database/base')
  const files = readdirSync(base, { recursive: true, withFileTypes: true })
  const found = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((path) => readFileSync(path).includes(needle))
  if (found === undefined) throw new Error('no file of the database holds the order')
  return { path: found, needle }
}

/** The checks that found something. */
async function differing(copy: string): Promise<readonly string[]> {
  const { agrees, differences } = await verifyMarket({ dataDir: copy })
  equal(agrees, differences.length === 0)
  return [...new Set(differences.map(({ check }) => check))]
}

const unsealed = (copy: string): void => rmSync(join(copy, 'sealed.json'))

describe('after one changed byte verify differs', () => {
  test('in the table of the journal: by the seal, and by the sum of its page', async () => {
    const copy = copyOf('journal')
    const { path, needle } = await journalFile(copyOf('looked-at'))
    const same = path.replace('looked-at', 'journal')
    flip(same, (bytes) => bytes.indexOf(needle) + needle.length - 1)
    deepEqual(await differing(copy), ['files', 'data directory'])
  })

  test('in the snapshot, also where no seal tells', async () => {
    const copy = copyOf('snapshot')
    const store = await openStore('neighbourhood', { dataDir: join(copy, 'store') })
    const snapshot = await store.latestSnapshot()
    if (snapshot === undefined) throw new Error('a stop takes a snapshot')
    const digit = snapshot.stateHash.startsWith('0') ? '1' : '0'
    await store.saveSnapshot({ ...snapshot, stateHash: digit + snapshot.stateHash.slice(1) })
    await store.close()
    unsealed(copy)
    deepEqual(await differing(copy), ['snapshot'])
  })

  test('in the state of the chain', async () => {
    const copy = copyOf('chain')
    flip(join(copy, 'chain/state.gz'), (bytes) => bytes.length >> 1)
    const found = await differing(copy)
    ok(found.includes('files') && found.length > 1, found.join())
  })

  test('in the name of the market, and the program ends with 1', async () => {
    const copy = copyOf('market')
    flip(join(copy, 'market.json'), (bytes) => bytes.lastIndexOf('}'))
    const { code, out } = await busbar(['verify', '--data-dir', copy])
    equal(code, 1)
    ok(/^DIFFERENT {2}files, market\.json: /m.test(out), out)
  })

  test('in the seal itself', async () => {
    const copy = copyOf('seal')
    flip(join(copy, 'sealed.json'), (bytes) => bytes.lastIndexOf('"') - 1)
    deepEqual(await differing(copy), ['files'])
  })
})

test('where there never was a market, verify says that instead', async () => {
  const { code, err } = await busbar(['verify', '--data-dir', join(directory, 'nothing')])
  equal(code, 2)
  ok(err.startsWith('busbar verify: '), err)
})
