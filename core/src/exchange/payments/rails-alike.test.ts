/**
 * Goal: everybody ends with the same money to the micro, whichever rail a market's trades are paid
 * by: also by bills, which are in whole cents, when all trades are over.
 * Method: random markets with corrections, each played on every rail. What accounts have in the end
 * is what settlement has found, summed line by line as a second implementation; by bills it is
 * counted as a bill network would, in cents, and what is left is less than a cent for any two.
 * `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { balanceOf } from '../../ledger/index.ts'
import { flowsOf, microsPerCent, type OutsideRail, type Payment } from '../../payments/index.ts'
import { systemAccounts } from '../../registry/index.ts'
import { bilateralZone, unexplainedDues } from '../index.ts'
import { accountOf, hex, type Market, people, startMs } from '../testing/market.ts'
import { allRails, answer, intervalAt, tendUntil, topUpOf } from '../testing/payment-market.ts'
import { agree, openTradeMarket, otherRetailer, termsOf } from '../testing/trade-market.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const numRuns = Number(process.env.RUNS ?? 25)
const options = { numRuns, ...(seed === undefined ? {} : { seed }) }

const lengthMs = 300_000
const customers = ['alice', 'bob', 'carol'] as const
const sides = [['alice', 'bob'], ['carol', 'bob'], ['bob', 'alice'], ['alice', 'carol']] as const
const { rounding, fees, guarantee } = systemAccounts
const accounts = [rounding, fees, guarantee, ...people.map(accountOf), otherRetailer]

/** Boundaries at which meters are read: trades deliver between the third and the last. */
const boundaries = 8

type Plan = {
  readonly trades: readonly {
    readonly sides: number
    readonly from: number
    readonly intervals: number
    readonly energyWh: number
    /** In tens of micros for a kilowatt-hour. */
    readonly price: number
    readonly platformFee: number
    readonly takesOrPays: boolean
  }[]
  /** By customer and interval: given out above zero, taken below. */
  readonly energies: readonly (readonly number[])[]
  /** Registers that were wrong at first: whose, at which boundary, and how far they stood still. */
  readonly wrong: readonly { readonly who: number; readonly boundary: number }[]
  /** Whether those who trade have money on the ledger as well. */
  readonly isRich: boolean
}

const plan: fc.Arbitrary<Plan> = fc.record({
  trades: fc.array(
    fc.record({
      sides: fc.nat(sides.length - 1),
      from: fc.integer({ min: 2, max: 5 }),
      intervals: fc.integer({ min: 1, max: 4 }),
      energyWh: fc.integer({ min: 1, max: 500 }),
      price: fc.oneof(
        fc.integer({ min: 10_000, max: 40_000 }),
        fc.integer({ min: -5_000, max: 50 }),
      ),
      platformFee: fc.constantFrom(0, 1_111, 120_000),
      takesOrPays: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  energies: fc.array(
    fc.array(fc.integer({ min: -500, max: 500 }), { minLength: boundaries, maxLength: boundaries }),
    { minLength: 3, maxLength: 3 },
  ),
  wrong: fc.array(
    fc.record({ who: fc.nat(2), boundary: fc.integer({ min: 3, max: boundaries - 2 }) }),
    { maxLength: 3 },
  ),
  isRich: fc.boolean(),
})

type Rail = (typeof allRails)[number]

function opened(rail: Rail, { trades, isRich }: Plan): Market {
  const rich = 10 ** 9
  // Where all is paid on the ledger, who trades has money there in any case.
  const own = isRich || rail === 'clearing-house' ? rich : 0
  const market = openTradeMarket({ deposits: { alice: own, bob: own, carol: own } })
  market.must(market.instruction('record_agreement', 'operator', {
    retailers: [accountOf('retailer'), otherRetailer],
    basis: 'bilateral',
    documentHash: hex(7, 64),
    fromInterval: 0,
    untilInterval: null,
  }))
  for (const one of customers) market.must(topUpOf(market, one, rich, `first ${one}`))
  for (const [index, one] of trades.entries()) {
    const [seller, buyer] = sides[one.sides] ?? ['alice', 'bob']
    agree(market, termsOf(market, seller, buyer, {
      ...{ id: hex(index + 1, 32), rail, fromInterval: intervalAt(one.from) },
      intervals: Math.min(one.intervals, boundaries - 1 - one.from),
      profile: { kind: 'per-interval', energyWh: one.energyWh },
      priceMicrosPerKwh: one.price * 10,
      platform: accountOf('grid'),
      platformFeeMicrosPerKwh: one.platformFee,
      buyerShort: one.takesOrPays ? 'contracted' : 'actual',
    }))
  }
  return answer(market)
}

/** What a meter shows at each boundary: taken and given. */
const registersOf = (energies: readonly number[]): readonly (readonly [number, number])[] => {
  let [taken, given] = [0, 0]
  const shown: [number, number][] = [[0, 0]]
  for (const energy of energies) {
    if (energy < 0) taken -= energy
    else given += energy
    shown.push([taken, given])
  }
  return shown
}

/**
 * Plays a plan to the end, when all trades are over and all that was asked for is paid.
 *
 * @returns what settlement has found that everybody is to have, and the payments that were made
 */
function play(market: Market, whole: Plan): { found: Sums; paid: ReadonlyMap<number, Payment> } {
  const found: Sums = new Map()
  const paid = new Map<number, Payment>()
  const registers = whole.energies.map(registersOf)
  const isWrong = (who: number, at: number): boolean =>
    whole.wrong.some((one) => one.who === who && one.boundary === at)
  for (let n = 0; n < boundaries + 12; n += 1) {
    goOn(market, startMs + n * lengthMs)
    for (const [who, owner] of customers.entries()) {
      const [taken, given] = registers[who]?.[n] ?? [0, 0]
      const [before, gave] = registers[who]?.[n - 1] ?? [0, 0]
      const show = isWrong(who, n) ? [before, gave] as const : [taken, given] as const
      if (n < boundaries) market.read(owner, n, ...show)
      // Two intervals later it is put right.
      const [late, lateGave] = registers[who]?.[n - 2] ?? [0, 0]
      if (isWrong(who, n - 2)) market.read(owner, n - 2, late, lateGave, 1)
    }
    settleAll(market, found)
    for (const [number, one] of market.state.trading.payments) {
      if (one.state === 'captured') paid.set(number, one)
    }
  }
  return { found, paid }
}

function goOn(market: Market, at: number): void {
  tendUntil(market, at)
  for (let round = 0; round < 3; round += 1) answer(tendUntil(market, market.at))
}

/** Settles what can be, and adds up line by line what is found: an interval is forgotten later. */
function settleAll(market: Market, found: Sums): void {
  for (const [interval, record] of market.state.intervals.get(bilateralZone) ?? []) {
    if (record.obligations.size === 0 && record.charges.length === 0) continue
    const before = record.runs.length
    market.submit({ kind: 'settle_interval', zone: bilateralZone, interval })
    for (const { items, dues } of record.runs.slice(before)) {
      for (const { account, amount, reason } of [...items, ...dues]) {
        // Between rails it moves what was found, and is no more of it.
        if (!reason.startsWith('remainder')) add(found, account, amount)
      }
    }
  }
}

type Sums = Map<number, bigint>

function add(sums: Sums, account: number, amount: bigint): void {
  sums.set(account, (sums.get(account) ?? 0n) + amount)
}

/** What rails have moved: by bills as a network does, in whole cents from its payer to each. */
function broughtBy(paid: ReadonlyMap<number, Payment>): Sums {
  const brought: Sums = new Map()
  for (const { legs, rail, payer, refundOf } of paid.values()) {
    for (const { from, to, amount } of flowsOf(legs)) {
      if (isBill(rail)) equal(amount % microsPerCent, 0n, 'a share is in whole cents')
      if (isBill(rail) && refundOf === null) equal(from, payer, 'a bill has one payer')
      add(brought, from, -amount)
      add(brought, to, amount)
    }
  }
  return brought
}

const isBill = (rail: OutsideRail): boolean => rail.startsWith('bill')

/** What an account has on the ledger, and in what is still due to it. */
const keptBy = ({ state: { ledger, trading } }: Market, account: number): bigint =>
  balanceOf(ledger, account) + (trading.dues.get(account) ?? 0n)

describe('whichever the rail', () => {
  test('everybody ends with the same money, to the micro', () => {
    let [moved, bills] = [0, 0]
    fc.assert(fc.property(plan, (whole) => {
      const nets = allRails.map((rail) => {
        const market = opened(rail, whole)
        const before = accounts.map((account) => keptBy(market, account))
        const { found, paid } = play(market, whole)
        const { trading } = market.state
        equal(trading.defaults.size, 0)
        equal(trading.owed.size, 0)
        equal(trading.charges.length, 0)
        deepEqual([...unexplainedDues(market.state)], [])
        const brought = broughtBy(paid)
        bills += rail === 'bill-seller' ? paid.size : 0
        checkCarried(market, whole)
        const net = accounts.map((account, place) =>
          keptBy(market, account) - (before[place] ?? 0n) + (brought.get(account) ?? 0n),
        )
        deepEqual(net, accounts.map((account) => found.get(account) ?? 0n), rail)
        return net
      })
      for (const net of nets) deepEqual(net, nets[0])
      if (nets[0]?.some((amount) => amount !== 0n) === true) moved += 1
    }), options)
    ok(moved > numRuns / 2 && bills > numRuns / 2, 'there was something to pay')
  })
})

/** What is still due is below a cent for any two, and of nobody who has it on the ledger. */
function checkCarried({ state: { trading, ledger } }: Market, { isRich }: Plan): void {
  const due: Sums = new Map()
  for (const [key, amount] of trading.carried) {
    ok(amount !== 0n && amount < microsPerCent && -amount < microsPerCent)
    const [low = 0, high = 0] = key.split(':').map(Number)
    add(due, low, -amount)
    add(due, high, amount)
    const debtor = amount > 0n ? low : high
    if (isRich) ok(balanceOf(ledger, debtor) < 10n * microsPerCent, 'who has money has paid')
  }
  const all = [...due].filter(([, amount]) => amount !== 0n).sort(([a], [b]) => a - b)
  deepEqual([...trading.dues].sort(([a], [b]) => a - b), all)
}
