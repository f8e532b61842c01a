/**
 * Goal: what is kept of a run says where the books stood at that time: it is what a second way of
 * working it out comes to, it is written with the run's entry, it stays when the state forgets the
 * interval, and whatever does not add up in it is seen.
 * Method: a small market through many intervals, its journal replayed and every tally worked out
 * again by the audit; then one figure after the other is changed, in the state before the run and
 * in what was kept.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { apply, emptyState, type Effect, type State } from '@busbar/core/exchange'
import { Micros } from '@busbar/core/units'
import { MemoryStore } from '../../testing/memory-store.ts'
import { accountOf, first, SmallMarket, testVault } from '../../testing/small-market.ts'
import { Findings, type VerifyReport } from '../audit/findings.ts'
import { TallyAudit } from '../audit/tally-audit.ts'
import { naiveEngine } from '../engines.ts'
import type { Tally } from '../ports/tallies.ts'
import { holds, tallyFrom, tallyState, tallyText, unexplainedIn } from '../ports/tally-rules.ts'
import { commandOf } from '../sealing.ts'
import { fillTallies } from './fill-tallies.ts'
import { tallyOfEffect } from './tallies.ts'

let market: SmallMarket
before(async () => {
  market = await SmallMarket.traded()
  await market.intake.withdrawals([market.withdrawal('alice', 1_000_000)])
  await market.to(2)
  for (let interval = 3; interval < 40; interval += 1) {
    await market.to(interval)
    // Late: its interval is final by then.
    if (interval === 8) await market.read(1, { alice: [0, 710], bob: [650, 0] }, 1)
  }
})

/** A store of the same journal, and of its tallies, which `change` may change. */
function copy(change: (tallies: Tally[]) => Tally[] = (all) => all): MemoryStore {
  const store = new MemoryStore()
  store.entries.push(...market.store.entries)
  store.tallies.kept = change([...market.store.tallies.kept])
  return store
}

/** What the audit finds, by a replay with the slow rules. */
async function audited(
  store: MemoryStore,
  plant: (state: State, effect: Effect) => void = () => undefined,
): Promise<VerifyReport> {
  const findings = new Findings()
  const audit = await TallyAudit.of(findings, store.tallies)
  const state = emptyState()
  for (const entry of store.entries) {
    const { sequence, at } = entry
    const command = commandOf(testVault, entry)
    const { outcome, effects } = apply(state, { sequence, at, command }, naiveEngine)
    for (const effect of effects) plant(state, effect)
    await audit.hear(state, command, outcome)
  }
  await audit.finish()
  return findings.report()
}

describe('tallies of a sound market', () => {
  test('hold, one for each run, in the order of the journal', () => {
    const { kept } = market.store.tallies
    const runs = market.told.filter(({ effect }) => effect.kind === 'run_posted')
    deepEqual(kept.map(({ journalSequence }) => journalSequence), runs.map((one) => one.sequence))
    ok(kept.length > 30)
    deepEqual(kept.filter((one) => !holds(one)), [])
    deepEqual(new Set(kept.map(({ kind }) => kind)), new Set(['provisional', 'final', 'resettled']))
  })

  test('are what a second way comes to', async () => {
    const { checks, differences } = await audited(copy())
    deepEqual(differences, [])
    const count = market.store.tallies.kept.length
    equal(checks[0]?.detail, `${count} runs: the books stood as was written then`)
  })

  test('are there of intervals that the state has forgotten', async () => {
    equal(market.state.intervals.get(0)?.has(first), false)
    const [oldest] = await market.store.tallies.ofInterval(first)
    const { money, metered } = oldest?.tally ?? {}
    deepEqual([money?.deposited, money?.withdrawn], [200_000_000n, 0n])
    deepEqual(metered, { exported: 700n, imported: 650n, count: 2 })
    const later = market.store.tallies.kept.at(-1)
    equal(later?.money.withdrawn, 1_000_000n)
  })

  test('are read back as they were written', () => {
    for (const tally of market.store.tallies.kept) deepEqual(tallyFrom(tallyText(tally)), tally)
  })
})

describe('what does not add up is seen', () => {
  const sound = (): Tally => {
    const [tally] = market.store.tallies.kept
    if (tally === undefined) throw new Error('no run was posted')
    return tally
  }
  const money = (change: Partial<Tally['money']>): Tally => {
    const tally = sound()
    return { ...tally, money: { ...tally.money, ...change } }
  }
  const energy = (change: Partial<Tally['energy']>): Tally => {
    const tally = sound()
    return { ...tally, energy: { ...tally.energy, ...change } }
  }
  const cases: readonly (readonly [string, () => Tally, bigint, bigint])[] = [
    ['nothing', sound, 0n, 0n],
    ['a balance too much', () => money({ balances: sound().money.balances + 1n }), 2n, 0n],
    ['a balance that is lacking', () => money({ balances: sound().money.balances - 5n }), 10n, 0n],
    ['a deposit that nobody has', () => money({ deposited: sound().money.deposited + 3n }), 3n, 0n],
    ['a line without its other side', () => money({ posted: -7n }), 7n, 0n],
    ['energy from nowhere', () => energy({ imported: sound().energy.imported + 1n }), 0n, 1n],
    [
      'energy that no meter shows, on both sides',
      () => {
        const { injected, consumed } = sound().energy
        return energy({ injected: injected + 4n, consumed: consumed + 4n })
      },
      ...([0n, 8n] as const),
    ],
    [
      'more sold by contract than bought',
      () => ({ ...sound(), traded: { sold: 5n, bought: 3n, lacking: 0n } }),
      ...([0n, 2n] as const),
    ],
    [
      'more sold by contract than a meter had',
      () => ({ ...sound(), traded: { sold: 5n, bought: 5n, lacking: 1n } }),
      ...([0n, 1n] as const),
    ],
  ]
  for (const [name, make, leftMoney, leftEnergy] of cases) {
    test(name, () => {
      const tally = make()
      deepEqual(unexplainedIn(tally), { money: leftMoney, energy: leftEnergy })
      const isSound = leftMoney + leftEnergy === 0n
      equal(holds(tally), isSound)
      const state = tallyState({ tally, anchor: null, isFailed: false })
      equal(state, isSound ? 'waiting' : 'wrong')
    })
  }

  test('money that was put into the ledger by hand, from the next run on', async () => {
    const planted = await SmallMarket.traded()
    const account = accountOf('bob')
    const balance = planted.state.ledger.balances.get(account) ?? Micros.zero
    planted.state.ledger.balances.set(account, Micros.from(balance + 9n))
    for (const interval of [2, 3, 4, 5, 6]) await planted.to(interval)
    const [beforeIt, ...after] = planted.store.tallies.kept
    equal(beforeIt !== undefined && holds(beforeIt), true)
    ok(after.length > 0)
    deepEqual(after.map(unexplainedIn), after.map(() => ({ money: 18n, energy: 0n })))
  })
})

describe('the audit finds', () => {
  const changed = (index: number, change: (tally: Tally) => Tally) => (all: Tally[]): Tally[] =>
    all.map((one, at) => (at === index ? change(one) : one))
  const cases: readonly (readonly [string, (all: Tally[]) => Tally[], RegExp])[] = [
    [
      'a sum that was changed',
      changed(3, (one) => ({ ...one, money: { ...one.money, moved: one.money.moved + 1n } })),
      /^is kept as money/,
    ],
    [
      'a root that was changed',
      changed(0, (one) => ({ ...one, postingsRoot: 'x' })),
      /postingsRoot/,
    ],
    ['a run that is missing', (all) => all.filter((_, index) => index !== 5), /^is missing$/],
    ['the last one missing', (all) => all.slice(0, -1), /^is missing$/],
    [
      'one that is not of the journal',
      (all) => [...all, ...all.slice(-1).map((one) => ({ ...one, journalSequence: 9_999 }))],
      /^was kept of a run that the journal does not have$/,
    ],
  ]
  for (const [name, change, what] of cases) {
    test(name, async () => {
      const { differences } = await audited(copy(change))
      ok(what.test(differences[0]?.what ?? ''), JSON.stringify(differences[0]))
    })
  }
})

describe('a journal that was written before there were tallies', () => {
  const older = (): MemoryStore => {
    const store = copy(() => [])
    store.tallies.missing = store.entries.length
    return store
  }

  test('is said not to be checked until they are made', async () => {
    const { agrees, checks } = await audited(older())
    equal(agrees, true)
    deepEqual(checks.map(({ result }) => result), ['not run', 'agrees'])
  })

  test('gets them once, by a replay, the same as if they had been kept', async () => {
    const store = older()
    await fillTallies(store, market.engine, testVault)
    deepEqual(store.tallies.kept, market.store.tallies.kept)
    equal(await store.tallies.missingThrough(), 0)
    store.read = () => Promise.reject(new Error('nothing is replayed again'))
    await fillTallies(store, market.engine, testVault)
  })

  test('keeps what was written since', async () => {
    const { kept } = market.store.tallies
    const through = kept[10]?.journalSequence ?? 0
    const store = copy((all) => all.slice(11))
    store.tallies.missing = through
    await fillTallies(store, market.engine, testVault)
    deepEqual(store.tallies.kept, kept)
  })
})

test('effects other than runs have none', () => {
  const { state } = market
  const fixed = { kind: 'orders_fixed', zone: 0, interval: first } as const
  equal(tallyOfEffect(state, fixed), undefined)
  notEqual(market.store.tallies.kept.length, 0)
})
