/**
 * Goal: an account's series says of each interval what the books say; what it may still move by is
 * never passed, whatever corrected readings come; and when nothing can come any more, it is zero.
 * Method: a small market with an auction, and one with trades that was played on a real server and
 * is replayed. The naive model reads the lines of all runs one by one; random corrections are
 * settled by the exchange itself and compared with what was told before. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import {
  apply,
  bilateralZone,
  type Command,
  emptyState,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import fc from 'fast-check'
import type { RailsConfig } from '../../../settings/rails-file.ts'
import { openStore } from '../../../adapters/store/open-store.ts'
import { startServer } from '../../../start.ts'
import {
  buyerOf,
  configOf,
  first as firstTraded,
  marketId,
  type Pair,
  RailMarket,
  sellerOf,
} from '../../../testing/rail-market.ts'
import { accountOf, first, SmallMarket } from '../../../testing/small-market.ts'
import { naiveEngine } from '../../engines.ts'
import type { Outbox } from '../../ports/outbox.ts'
import { accountIntervalView } from '../accounts.ts'
import { accountSeriesView, standingView } from './account-series.ts'
import { holdingsOf, ownInterval } from './own-interval.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** What all runs say of an account's own meters and trades, whoever lent it the money. */
function naiveLines(state: State, account: number, interval: number): bigint {
  let sum = 0n
  for (const zone of [...state.zones.map((one) => one.zone), bilateralZone]) {
    for (const { items, dues } of recordOf(state, zone, interval)?.runs ?? []) {
      for (const item of [...items, ...dues]) {
        const isCover = item.reason.startsWith('arrears')
        if (item.account === account && !isCover) sum += item.amount
      }
    }
  }
  return sum
}

function worthOf(state: State, account: number, interval: number): bigint {
  const view = accountSeriesView(state, account, { from: interval, intervals: 1 })
  return view?.worthMicros[0] ?? 0n
}

describe('in the auction', () => {
  test('the worth of an interval is the sum of its lines, and what was booked', async () => {
    const market = await SmallMarket.traded()
    for (const name of ['alice', 'bob'] as const) {
      const account = accountOf(name)
      const view = accountSeriesView(market.state, account, { from: first, intervals: 3 })
      equal(view?.worthMicros[0], naiveLines(market.state, account, first))
      equal(view?.bookedMicros[0], view?.worthMicros[0])
      deepEqual(view?.interval[0], first)
    }
    const bob = accountSeriesView(market.state, accountOf('bob'), { from: first, intervals: 1 })
    // 650 Wh at 0.30, had there been no market.
    deepEqual([bob?.tariffMicros[0], bob?.importedWh[0], bob?.boughtWh[0]], [-195_000n, 650n, 600n])
    equal(accountSeriesView(market.state, 999, { from: first, intervals: 1 }), undefined)
  })

  test('energy is known from the first run on, also where no tariff is', async () => {
    const market = await SmallMarket.open()
    const bob = () =>
      accountSeriesView(market.state, accountOf('bob'), { from: first, intervals: 1 })
    // A retailer that has set no tariff yet.
    market.state.tariffs.clear()
    await market.intake.orders([
      market.order('alice', { energyWh: 800 }),
      market.order('bob', { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 }),
    ])
    await market.to(0)
    await market.read(0, { alice: [0, 0], bob: [0, 0] })
    deepEqual([bob()?.boughtWh, bob()?.importedWh, bob()?.exportedWh], [[600n], [null], [null]])
    await market.to(1)
    await market.read(1, { alice: [0, 700], bob: [650, 0] })
    await market.to(1)
    deepEqual([bob()?.importedWh, bob()?.exportedWh, bob()?.tariffMicros], [[650n], [0n], [null]])
  })

  test('no correction moves more than was told, and none comes after that', async () => {
    const registers = fc.tuple(fc.nat(1_200), fc.nat(1_200))
    await fc.assert(
      fc.asyncProperty(fc.array(registers, { minLength: 1, maxLength: 4 }), async (changes) => {
        const market = await SmallMarket.traded()
        const accounts = [accountOf('alice'), accountOf('bob')]
        const told = accounts.map((account) => ({
          own: ownInterval(market.state, holdingsOf(market.state, account), first),
          worth: worthOf(market.state, account, first),
        }))
        for (const [version, [given, taken]] of changes.entries()) {
          await market.read(1, { alice: [0, given], bob: [taken, 0] }, version + 1)
          await market.to(1, version + 1)
          for (const [index, account] of accounts.entries()) {
            const { own, worth } = told[index] ?? {}
            const moved = worthOf(market.state, account, first) - (worth ?? 0n)
            ok(own !== undefined && -own.mayFall <= moved && moved <= own.mayRise)
            equal(worthOf(market.state, account, first), naiveLines(market.state, account, first))
          }
        }
      }),
      { numRuns: 5, ...replay },
    )
  })

  test('what can move no more is said so to the moment', async () => {
    const market = await SmallMarket.traded()
    const account = accountOf('bob')
    const before = standingView(market.state, account)
    ok(before !== undefined && before.mayRiseMicros > 0n && before.mayFallMicros > 0n)
    equal(before.provisional.intervals, 1)
    // Twelve intervals of corrections after its end, which is the boundary 1.
    const own = ownInterval(market.state, holdingsOf(market.state, account), first)
    equal(own?.untilMs, (first + 14) * 300_000)
    await market.to(13, 299)
    ok((ownInterval(market.state, holdingsOf(market.state, account), first)?.mayFall ?? 0n) > 0n)
    await market.read(1, { bob: [640, 0] }, 1)
    await market.to(13, 299)
    const corrected = ownInterval(market.state, holdingsOf(market.state, account), first)
    equal(corrected?.correctionCount, 1)
    equal(corrected?.corrected, worthOf(market.state, account, first) - (own?.worth ?? 0n))
    // Its meter was not read again: what follows is estimated from it, and corrected with it.
    const standing = standingView(market.state, account)
    ok(standing !== undefined && standing.estimatedIntervals > 0 && standing.correctionCount > 1)
    await market.to(14)
    equal(ownInterval(market.state, holdingsOf(market.state, account), first)?.mayFall, 0n)
    await market.intake.readings([market.batch(1, { bob: [600, 0] }, 2)])
    await market.to(14)
    equal(worthOf(market.state, account, first), naiveLines(market.state, account, first))
    const last = ownInterval(market.state, holdingsOf(market.state, account), first)
    equal(last?.correctionCount, 1)
  })
})

const rails = ['clearing-house', 'prepaid', 'bill-seller', 'bill-platform'] as const
const pairs: readonly Pair[] = rails.map((rail) => ({ rail, name: 'one' }))

/** A bill network that nobody is asked anything of before the trades are over. */
function unheardBills(): NonNullable<RailsConfig['bills']> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  return {
    ...{ url: 'http://127.0.0.1:9', institution: 'market', network: 'network', currency: 'EUR' },
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    networkKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    deadlineMs: 1_000,
  }
}

/** What runs after the first say of it, line by line, and how many of them say anything. */
function naiveCorrections(state: State, account: number): { sum: bigint; count: number } {
  let [sum, count] = [0n, 0]
  const debt = /^(?:arrears|collateral|remainder)_/
  for (const records of state.intervals.values()) {
    for (const { runs } of records.values()) {
      for (const { items, dues } of runs.slice(1)) {
        const own = [...items, ...dues].filter((one) => one.account === account)
        const moved = own.filter(({ reason }) => !debt.test(reason))
          .reduce((before, { amount }) => before + amount, 0n)
        sum += moved
        if (moved !== 0n) count += 1
      }
    }
  }
  return { sum, count }
}

describe('with trades', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'busbar-account-series-'))
  let state: State
  /** As it was before readings were corrected. */
  let uncorrected: State | undefined
  let names: readonly string[]

  before(async () => {
    const party = (account: number) => ({ name: `House ${account}`, account: `B-${account}` })
    const accounts = { 1: party(1), 5: party(5), 6: party(6), 9: party(9) }
    const shown = { prefix: 'R', currency: 'EUR', initiator: 'Market', accounts }
    const bank = { link: { folder: join(dataDir, 'bank') }, ...shown }
    const config = configOf(dataDir, { bank, bills: unheardBills() }, rails)
    const server = await startServer(config, () => undefined)
    const market = new RailMarket(new BusbarClient({ baseUrl: server.url }), pairs)
    market.url = server.url
    names = market.names
    await market.prepare()
    for (const pair of pairs) await market.agree(pair)
    await market.to(-1)
    for (let boundary = 0; boundary <= 3; boundary += 1) {
      await market.to(boundary, 5)
      await market.read(boundary, () => [boundary * 500, boundary * 700])
    }
    await market.to(3, 10)
    const correctedAt = market.msOf(3) + 10_000
    // The first quarter of an hour gave less than was said, and the others what was said.
    for (let boundary = 1; boundary <= 3; boundary += 1) {
      await market.read(boundary, () => [boundary * 500 - 400, boundary * 700], 1)
    }
    await market.to(3, 20)
    await server.stop()
    const store = await openStore(marketId, { dataDir: join(dataDir, 'store') })
    state = emptyState()
    for (const { sequence, at, body } of await store.read(0, 10_000)) {
      if (at > correctedAt) uncorrected ??= structuredClone(state)
      apply(state, { sequence, at, command: JSON.parse(body) as Command }, naiveEngine)
    }
    await store.close()
  })

  after(() => rmSync(dataDir, { recursive: true, force: true }))

  /** No chain: what it would say is no part of what an interval comes to. */
  const outbox = { ofJournalSequence: () => Promise.resolve([]) } as unknown as Outbox

  test('what is shown of an interval is what is explained of it, for everybody', async () => {
    let shown = 0
    for (const { account } of state.participants) {
      const period = { from: firstTraded, intervals: 3 }
      const { interval: rows = [], worthMicros = [] } =
        accountSeriesView(state, account, period) ?? {}
      for (const [index, interval] of rows.entries()) {
        const why = await accountIntervalView(state, account, interval, outbox)
        equal(worthMicros[index], why?.worth, `account ${account} in ${interval}`)
        const { ledger, outside, billed, debts } = why?.where ?? {}
        ok(ledger !== undefined && outside !== undefined && billed !== undefined)
        equal(why?.worth, ledger + outside + billed)
        equal(why?.net, ledger + (debts ?? 0n))
        shown += 1
      }
    }
    equal(shown, 2 * 3 * pairs.length)
  })

  const accountNamed = (name: string): number => 3 + names.indexOf(name)

  for (const pair of pairs) {
    test(`the ledger, the dues and the retailer’s bill add up: ${pair.rail}`, () => {
      for (const name of [sellerOf(pair), buyerOf(pair)]) {
        const account = accountNamed(name)
        const view = accountSeriesView(state, account, { from: firstTraded, intervals: 3 })
        ok(view !== undefined && view.interval.length === 3)
        for (const [index, interval] of view.interval.entries()) {
          const [imported, exported] = [view.importedWh[index], view.exportedWh[index]]
          ok(typeof imported === 'bigint' && typeof exported === 'bigint')
          // Without an auction all that no trade got is the retailer's, at 0.30 and 0.08.
          const left: bigint = exported - (view.tradeSoldWh[index] ?? 0n) - imported +
            (view.tradeBoughtWh[index] ?? 0n)
          const bill: bigint = left < 0n ? left * 300n : left * 80n
          equal(view.worthMicros[index], naiveLines(state, account, interval) + bill)
          const alone: bigint = exported - imported
          equal(view.tariffMicros[index], alone < 0n ? alone * 300n : alone * 80n)
        }
        const side = name === sellerOf(pair) ? 'sell' : 'buy'
        deepEqual([...new Set(view.deliveries.map((one) => one.side))], [side])
        const trading = view.deliveries.reduce((sum, one) => sum + one.amountMicros, 0n)
        const lines = view.interval.map((interval) => naiveLines(state, account, interval))
        equal(trading, lines.reduce((sum, one) => sum + one, 0n))
        const partner = accountNamed(side === 'sell' ? buyerOf(pair) : sellerOf(pair))
        deepEqual([...new Set(view.deliveries.map((one) => one.partner))], [partner])
      }
    })
  }

  for (const pair of pairs) {
    test(`what a correction has changed is told once, by whichever rail: ${pair.rail}`, () => {
      for (const name of [sellerOf(pair), buyerOf(pair)]) {
        const account = accountNamed(name)
        const earlier = uncorrected
        ok(earlier !== undefined)
        const standing = standingView(state, account)
        equal(standingView(earlier, account)?.correctedMicros, 0n)
        const { sum, count } = naiveCorrections(state, account)
        deepEqual([standing?.correctedMicros, standing?.correctionCount], [sum, count])
        // One interval's trade got less: the others as before.
        deepEqual([sum !== 0n, count], [true, 1])
        const intervals = [0, 1, 2].map((index) => firstTraded + index)
        const lines = (of: State): bigint =>
          intervals.reduce((all, interval) => all + naiveLines(of, account, interval), 0n)
        equal(sum, lines(state) - lines(earlier))
      }
    })
  }

  test('what only moves a debt corrects nothing', () => {
    const account = accountNamed(sellerOf({ rail: 'clearing-house', name: 'one' }))
    const before = standingView(state, account)
    const paid = structuredClone(state)
    const runs = recordOf(paid, bilateralZone, firstTraded)?.runs
    const [last] = runs?.slice(-1) ?? []
    const [item] = last?.items ?? []
    ok(runs !== undefined && last !== undefined && item !== undefined)
    const drawn = { ...item, account, reason: 'collateral_received' } as const
    const net = [{ account, amount: drawn.amount }]
    runs.push({ ...last, run: runs.length, items: [drawn], dues: [], net })
    const after = standingView(paid, account)
    equal(after?.correctedMicros, before?.correctedMicros)
    equal(after?.correctionCount, before?.correctionCount)
  })
})
