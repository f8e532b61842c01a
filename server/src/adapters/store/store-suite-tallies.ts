import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { bilateralZone } from '@busbar/core/exchange'
import fc from 'fast-check'
import type { OutboxStatus } from '../../app/ports/outbox.ts'
import type { Store } from '../../app/ports/store.ts'
import type { Tally, TallyAnchor } from '../../app/ports/tallies.ts'
import { MemoryStore } from '../../testing/memory-store.ts'
import { entriesOf, faults, type Harness, item, seed } from './store-suite-harness.ts'

const root = (digit: string): string => `0x${digit.repeat(64)}`

/** Sound, but for what a test changes; beyond what a double holds exactly. */
const tally = (journalSequence: number, change: Partial<Tally> = {}): Tally => ({
  ...{ journalSequence, at: 1_000 + journalSequence, zone: 0, interval: 100 + journalSequence },
  ...{ run: 0, kind: 'provisional' },
  money: {
    ...{ deposited: 2n ** 61n + 3n, withdrawn: 1n, balances: 2n ** 61n + 2n },
    ...{ outside: -(2n ** 61n) - 2n, posted: 0n, moved: 7n },
  },
  energy: {
    ...{ injected: 700n, consumed: 650n, imported: 0n, exported: 50n, imbalanceBought: 0n },
    ...{ imbalanceSold: 0n, tradeBought: 0n, tradeSold: 0n, unexplained: 0n },
  },
  metered: { exported: 700n, imported: 650n, count: 2 },
  traded: { sold: 0n, bought: 0n, lacking: 0n },
  ...{ readingsRoot: root('a'), postingsRoot: root('b'), ...change },
})

const anchor = (journalSequence: number, change: Partial<TallyAnchor> = {}): TallyAnchor => ({
  ...{ journalSequence, at: 2_000, hasRoots: true, custody: 2n ** 62n, ledger: 2n ** 61n },
  ...change,
})

/** What a run may be, and what became of it. */
const happened = fc.record({
  zone: fc.constantFrom(0, 1, bilateralZone),
  interval: fc.integer({ min: 0, max: 30 }),
  posted: fc.constantFrom(0n, 0n, 0n, 1n),
  injected: fc.integer({ min: 0, max: 9 }).map(BigInt),
  status: fc.constantFrom<OutboxStatus>('final', 'final', 'mined', 'failed', 'queued'),
  custody: fc.constantFrom(2n ** 62n, 2n ** 60n, null),
  part: fc.constantFrom('settle/0/1', 'commit/0/1', 'fix/0/1', 'withdraw/7', 'prove/0/1'),
})

/** The same of both: a run in each entry, its transaction, and perhaps what was seen of it. */
async function fill(
  both: readonly [Store, MemoryStore],
  runs: readonly (typeof happened extends fc.Arbitrary<infer Run> ? Run : never)[],
): Promise<void> {
  const next = new Map<string, number>()
  const tallies = runs.map(({ zone, interval, posted, injected }, index) => {
    const place = `${zone}/${interval}`
    const run = next.get(place) ?? 0
    next.set(place, run + 1)
    const { money, energy, metered } = tally(index + 1)
    return tally(index + 1, {
      ...{ zone, interval, run, money: { ...money, posted } },
      energy: { ...energy, injected, exported: injected - 650n },
      metered: { ...metered, exported: injected },
    })
  })
  const outbox = runs.map(({ part }, index) => ({ ...item(index + 1), id: `${part}/${index}` }))
  const anchors = runs.flatMap(({ custody }, index) =>
    custody === null ? [] : [anchor(index + 1, { custody })])
  for (const store of both) {
    await store.commit({ entries: entriesOf(runs.length), outbox, tallies })
    await store.tallies.anchor(anchors)
  }
  const [store, memory] = both
  for (const [index, { status }] of runs.entries()) {
    await store.update(outbox[index]?.id ?? '', { status })
    const known = memory.items[index]
    if (known !== undefined) memory.items[index] = { ...known, status }
  }
}

export function tallyTests({ open, withStore, reopened }: Harness): void {
  test('are there again, as they were given, in the order of the journal', () =>
    withStore(async (store, market) => {
      const kept = [tally(1), tally(2, { zone: bilateralZone, kind: 'final' })]
      await store.commit({ entries: entriesOf(3), outbox: [], tallies: kept })
      await store.tallies.anchor([anchor(2)])
      await store.tallies.anchor([anchor(2, { custody: 1n })])
      await store.close()
      await reopened(market, async ({ tallies }) => {
        const shown = [
          { tally: kept[0], anchor: null, isFailed: false },
          { tally: kept[1], anchor: anchor(2), isFailed: false },
        ]
        deepEqual(await tallies.list(0, 10), shown)
        deepEqual(await tallies.list(1, 1), shown.slice(1))
        deepEqual(await tallies.ofInterval(102), shown.slice(1))
        deepEqual([await tallies.missingThrough(), await tallies.newestInterval()], [0, 102])
      })
    }))

  test('say what memory says of them, whatever runs there were', () =>
    fc.assert(
      fc.asyncProperty(fc.array(happened, { minLength: 1, maxLength: 20 }), async (runs) =>
        withStore(async (store) => {
          const memory = new MemoryStore()
          await fill([store, memory], runs)
          const plain = ({ tallies }: Store, ask: (of: Store['tallies']) => Promise<unknown>) =>
            ask(tallies)
          const asks: readonly ((of: Store['tallies']) => Promise<unknown>)[] = [
            (of) => of.list(0, 100),
            (of) => of.points(0, 31, 1),
            (of) => of.points(3, 4, 7),
            (of) => of.points(0, 2, 600),
            (of) => of.firstUnanchored(0),
            (of) => of.firstUnanchored(9),
            (of) => of.unanchored(0, 3),
            (of) => of.unanchored(5, 100),
            (of) => of.newestInterval(),
            async (of) => (await of.checkpoints({}, 4)).map(({ sequence }) => sequence),
            async (of) => (await of.checkpoints({ from: 3 }, 4)).map(({ hash }) => hash),
            async (of) => (await of.checkpoints({ before: 6 }, 3)).map((head) => head.previousHash),
            async (of) => {
              const found = await of.transactionsOf([1, 2, 4])
              return found.map(({ id, status }) => [id, status])
            },
          ]
          for (const ask of asks) deepEqual(await plain(store, ask), await plain(memory, ask))
        })),
      { numRuns: Math.min(Number(process.env['RUNS'] ?? 6), 40), endOnFailure: true, ...seed },
    ))

  test('that are malformed, of no entry, or there already are refused', () =>
    withStore(async (store) => {
      const entries = entriesOf(2)
      const malformed: readonly Partial<Tally>[] = [
        { journalSequence: 0 }, { journalSequence: 3 }, { interval: -1 }, { run: 0.5 },
        { at: Number.NaN }, { postingsRoot: '0x' }, { readingsRoot: root('G') },
      ]
      for (const change of malformed) {
        const batch = { entries, outbox: [], tallies: [tally(1, change)] }
        await faults('TALLY_INVALID', () => store.commit(batch), JSON.stringify(change))
      }
      await faults('TALLY_INVALID', () => store.tallies.anchor([anchor(0)]))
      await store.commit({ entries, outbox: [], tallies: [tally(1)] })
      const again = { entries: [], outbox: [], tallies: [tally(2, { interval: 101 })] }
      await rejects(store.commit(again), { code: 'STORE_FAILED' })
    }))

  test('are never changed and never removed', () =>
    withStore(async (store, market) => {
      await store.commit({ entries: entriesOf(1), outbox: [], tallies: [tally(1)] })
      await store.tallies.anchor([anchor(1)])
      await store.close()
      const engine = await open(market)
      try {
        const schema = `"busbar ${market}"`
        for (const sql of [
          `update ${schema}.tally set holds = true`,
          `delete from ${schema}.tally_anchor`,
          `truncate ${schema}.tally`,
        ]) {
          await rejects(engine.query({ sql, parameters: [] }), /append-only/)
        }
      } finally {
        await engine.close()
      }
    }))

  test('of a journal that an older version wrote are missing until they are filled in', () =>
    withStore(async (store, market) => {
      await store.append(entriesOf(5))
      await store.close()
      const engine = await open(market)
      const schema = `"busbar ${market}"`
      await engine.script(`
        drop table ${schema}.device_reading;
        drop table ${schema}.access_signed_out;
        drop table ${schema}.tally;
        drop table ${schema}.tally_anchor;
        drop table ${schema}.tally_missing;
        drop index ${schema}.outbox_of_intervals;
        drop index ${schema}.journal_batches;
        alter table ${schema}.access_session drop column offered;
        delete from ${schema}.schema_version where version > 5;
      `)
      await engine.close()
      await reopened(market, async ({ tallies }) => {
        equal(await tallies.missingThrough(), 5)
        await tallies.fill([tally(2), tally(4)])
      })
      await reopened(market, async ({ tallies }) => {
        equal(await tallies.missingThrough(), 0)
        const found = (await tallies.list(0, 9)).map((one) => one.tally.journalSequence)
        deepEqual(found, [2, 4])
      })
    }))
}
