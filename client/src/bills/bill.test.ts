/**
 * Goal: a bill has each watt-hour that is the retailer's once and no other, and each micro: what is
 * less than a cent is carried, never lost. Fines stand on one bill, and are given back once.
 * Method: cases of who owns a watt-hour as a table; any intervals at all against a second
 * computation that walks watt-hour by watt-hour; bills one after the other; ladders of defaults.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { DefaultView } from '@busbar/protocols/api'
import fc from 'fast-check'
import { type Bill, type BillInput, type BillLine, billOf, microsPerCent } from './bill.ts'
import { billedEnergy, type MeterInterval } from './energy.ts'
import { finesDue } from './fines.ts'
import { LocalClock } from './local-time.ts'
import { parseTariff, planOf } from './tariff.ts'
import { naiveSums, ownersOf, type PlainInterval, type PlainTariff } from './testing/naive-bill.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const basisPoints = 2_000
const wh = (value: bigint | number): WattHours => WattHours.from(BigInt(value))

const tariff = {
  import: [
    { name: 'night', from: '22:00', until: '06:00', microsPerKwh: 210_003 },
    { name: 'noon', from: '11:00', until: '15:00', microsPerKwh: -20_001 },
    { name: 'day', microsPerKwh: 310_007 },
  ],
  export: [
    { name: 'evening', from: '17:00', until: '21:00', microsPerKwh: 90_001 },
    { name: 'rest', microsPerKwh: 80_003 },
  ],
  fees: [
    { name: 'account', micros: 2_000_001, per: 'bill' },
    { name: 'metering', micros: 30_007, per: 'meter-day' },
    { name: 'rent', micros: 100_003, per: 'meter' },
  ],
}
const timeZone = 'Europe/Berlin'
const clock = new LocalClock(timeZone, 'tariff.json')
const file = parseTariff(
  JSON.stringify({
    ...{ timeZone, currency: 'EUR', currencyNumber: 978 },
    plans: [{ name: 'home', ...tariff }],
  }),
  'tariff.json',
  900,
)
const plain: PlainTariff = { timeZone, ...tariff }

type Numbers = Omit<PlainInterval, 'startMs'> & { readonly interval: number }

const intervalOf = (one: Numbers, change: Partial<MeterInterval> = {}): MeterInterval => {
  const { imbalanceSold, imbalanceBought } = ownersOf({ ...one, startMs: 0 }, BigInt(basisPoints))
  return {
    ...{ meter: one.meter, interval: one.interval, assurance: 'metered' },
    ...{ imported: wh(one.imported), exported: wh(one.exported) },
    ...{ sold: wh(one.sold), bought: wh(one.bought) },
    ...{ auctionSold: wh(one.auctionSold), auctionBought: wh(one.auctionBought) },
    ...{ imbalanceSold: wh(imbalanceSold), imbalanceBought: wh(imbalanceBought) },
    ...change,
  }
}

const numbers = (
  [imported, exported]: readonly number[],
  [sold, bought]: readonly number[],
  [auctionSold, auctionBought]: readonly number[],
): Numbers => ({
  ...{ meter: 1, interval: 2_000_000, wheeling: 0n },
  ...{ imported: BigInt(imported ?? 0), exported: BigInt(exported ?? 0) },
  ...{ sold: BigInt(sold ?? 0), bought: BigInt(bought ?? 0) },
  ...{ auctionSold: BigInt(auctionSold ?? 0), auctionBought: BigInt(auctionBought ?? 0) },
})

describe('what is on the bill of a meter', () => {
  const cases: readonly (readonly [
    what: string, metered: readonly number[], trades: readonly number[],
    auction: readonly number[], billed: readonly [imported: number, exported: number],
  ])[] = [
    ['nothing was traded: all of it', [500, 0], [0, 0], [0, 0], [500, 0]],
    ['both ways in one interval: the difference', [30, 200], [0, 0], [0, 0], [0, 170]],
    ['bought by contract: the rest', [500, 0], [0, 400], [0, 0], [100, 0]],
    ['sold by contract: the rest', [0, 500], [400, 0], [0, 0], [0, 100]],
    ['all of it was sold', [0, 400], [400, 0], [0, 0], [0, 0]],
    ['bought in the auction, just so', [300, 0], [0, 0], [0, 300], [0, 0]],
    ['more than bought: beyond a fifth', [400, 0], [0, 0], [0, 300], [40, 0]],
    ['less than bought: the balancing authority has the rest', [100, 0], [0, 0], [0, 300], [0, 0]],
    ['sold in the auction, and imported', [70, 0], [0, 0], [50, 0], [70, 0]],
    ['sold both ways, and more', [0, 900], [400, 0], [300, 0], [0, 140]],
    ['bought by contract, sold what is left', [100, 350], [0, 100], [350, 0], [0, 0]],
  ]
  for (const [what, metered, trades, auction, [imported, exported]] of cases) {
    test(what, () => {
      const one = intervalOf(numbers(metered, trades, auction))
      deepEqual(billedEnergy(one, basisPoints), { imported: wh(imported), exported: wh(exported) })
    })
  }

  const contradictions: readonly (readonly [what: string, change: Partial<MeterInterval>])[] = [
    ['more is sold than the meter gave', { sold: wh(501) }],
    ['more is bought than the meter took', { bought: wh(1) }],
    ['the balancing authority has a part of it as well', { imbalanceSold: wh(1) }],
    ['the balancing authority has given a part of it', { imbalanceBought: wh(1) }],
  ]
  for (const [what, change] of contradictions) {
    test(`is refused where ${what}`, () => {
      const one = intervalOf(numbers([0, 500], [400, 0], [0, 0]), change)
      throws(() => billedEnergy(one, basisPoints), (error: unknown) => {
        const { code, details } = error as { code: string; details: object }
        equal(code, 'BILLS_ENERGY_UNEXPLAINED')
        const { meter, interval } = details as Record<string, unknown>
        deepEqual([meter, interval], [1, 2_000_000])
        return true
      })
    })
  }
})

const energy = fc.bigInt({ min: 0n, max: 300n })
const some: fc.Arbitrary<Omit<Numbers, 'interval'>> = fc
  .record({
    ...{ meter: fc.constantFrom(4, 9), sold: energy, bought: energy },
    ...{ restOut: energy, restIn: energy, auctionSold: energy, auctionBought: energy },
    wheeling: fc.constantFrom(0n, 11_000n, 17_003n),
  })
  .map(({ restOut, restIn, ...one }) => ({
    ...one,
    exported: one.sold + restOut,
    imported: one.bought + restIn,
  }))

function inputOf(all: readonly Numbers[], carriedIn = 0n): BillInput {
  return {
    ...{ account: 7, name: 'alice', plan: planOf(file, 7) },
    overDeviationBasisPoints: () => basisPoints,
    intervals: all.map((one) => {
      const price = MicrosPerKwh.from(one.wheeling)
      const whole = MicrosPerKwh.valueCeil(price, wh(one.sold + one.bought))
      const sold = one.bought === 0n ? whole : MicrosPerKwh.valueFloor(price, wh(one.sold))
      const wheeling = { utility: 3, price, sold, bought: Micros.from(whole - sold) }
      return {
        ...intervalOf(one),
        ...{ account: 7, wheeling: one.wheeling === 0n ? null : wheeling },
        local: clock.at(one.interval * 900_000),
      }
    }),
    ...{ utilityName: () => 'grid', fines: [], lifted: [], carriedIn: Micros.from(carriedIn) },
  }
}

const sumOf = (lines: readonly BillLine[], start: string): bigint =>
  lines.filter(({ kind }) => kind.startsWith(start)).reduce((sum, { amount }) => sum + amount, 0n)

/** From the Saturday before the clock is put forward, or back. */
const starts = [Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 5, 1)]
const history = fc
  .tuple(fc.constantFrom(...starts), fc.array(some, { minLength: 1, maxLength: 40 }), fc.nat(6))
  .map(([startMs, all, step]) =>
    all.map((one, i): Numbers => ({ ...one, interval: startMs / 900_000 + i * (1 + step) })),
  )

test('whatever flows, a second computation comes to the same sums', () => {
  fc.assert(
    fc.property(history, (all) => {
      const { lines, sum, intervals } = billOf(inputOf(all))
      const naive = naiveSums(
        all.map(({ interval, ...one }) => ({ ...one, startMs: interval * 900_000 })),
        plain, BigInt(basisPoints),
      )
      deepEqual(
        { ...naive },
        {
          energy_import: sumOf(lines, 'energy_import'),
          energy_export: sumOf(lines, 'energy_export'),
          wheeling: sumOf(lines, 'wheeling'), fees: sumOf(lines, 'fee'),
        },
      )
      equal(sum, Object.values(naive).reduce((whole, one) => whole + one, 0n))
      for (const { billed, imported, exported } of intervals) {
        ok(billed.imported === 0n || billed.exported === 0n)
        ok(billed.imported <= imported && billed.exported <= exported)
      }
    }),
    { ...replay, numRuns: 200 },
  )
})

test('over all bills nothing is rounded: what is less than a cent is on the next', () => {
  fc.assert(
    fc.property(fc.array(history, { minLength: 1, maxLength: 4 }), (periods) => {
      let carried = 0n
      const bills = periods.map((all): Bill => {
        const bill = billOf(inputOf(all, carried))
        carried = bill.carriedOut
        ok(carried >= 0n && carried < microsPerCent)
        return bill
      })
      const paid = bills.reduce((sum, { payableCents }) => sum + payableCents * microsPerCent, 0n)
      equal(paid + carried, bills.reduce((sum, bill) => sum + bill.sum, 0n))
    }),
    { ...replay, numRuns: 30 },
  )
})

describe('a fine', () => {
  const at = Date.UTC(2026, 2, 10)
  const [since, until] = [Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1)]
  const fined = (status: DefaultView['status'], atMs = at): DefaultView => ({
    ...{ default: 3, account: 7, creditor: null, trade: 1, payment: null, status, atMs },
    ...{ cause: 'reservation_failed', amountMicros: 9, recoveredMicros: 0, grounds: '' },
    steps: (['warning', 'fine'] as const).map((step) => ({
      ...{ step, atMs, deadlineMs: atMs + 1, evidence: '', consent: '' },
      fineMicros: step === 'fine' ? 5_000_000 : 0,
    })),
  })
  const cases: readonly (readonly [
    what: string, one: DefaultView, before: Record<string, number>,
    fines: number, lifted: number, billed: Record<string, number>,
  ])[] = [
    ['is billed in its period', fined('open'), {}, 1, 0, { 3: 5_000_000 }],
    ['is billed also after the cure', fined('cured'), {}, 1, 0, { 3: 5_000_000 }],
    ['is billed once', fined('open'), { 3: 5_000_000 }, 0, 0, { 3: 5_000_000 }],
    ['waits for an appeal', fined('appealed'), {}, 0, 0, {}],
    ['that is overturned before its bill is on none', fined('overturned'), {}, 0, 0, {}],
    ['that is overturned later is given back', fined('overturned'), { 3: 4_000_000 }, 0, 1, {}],
    ['of a later period is not on this bill', fined('open', until), {}, 0, 0, {}],
    ['of before the first bill is on none', fined('open', since - 1), {}, 0, 0, {}],
  ]
  for (const [what, one, before, fines, lifted, billed] of cases) {
    test(what, () => {
      const due = finesDue([one], before, since, until)
      deepEqual([due.fines.length, due.lifted.length, due.billed], [fines, lifted, billed])
      const input = inputOf([numbers([1, 0], [0, 0], [0, 0])])
      const bill = billOf({ ...input, fines: due.fines, lifted: due.lifted })
      equal(sumOf(bill.lines, 'fine'), BigInt(5_000_000 * fines - 4_000_000 * lifted))
    })
  }
})
