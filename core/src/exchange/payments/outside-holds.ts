import { tradeWorstCase } from '../../credit/index.ts'
import { isHeld, type OutsideRail, type Payment } from '../../payments/index.ts'
import {
  type ContractTerms,
  type ContractVersion,
  contractedEnergy,
  type Trade,
  windowEnd,
} from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { plan, unplan } from './agenda.ts'
import { collateralNeeded } from '../trading/agreements.ts'
import { intervalMilliseconds, intervalStart, rulebookFor, tariffAt } from '../lookups.ts'
import { movePayment, paymentsOfTrade, raisePayment } from './payment-moves.ts'
import { collectionTime, cycleEnd } from './payment-cycles.ts'
import { freePrepaid } from './prepaid.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import { contractOf, rulesFor } from '../trading/trade-rules.ts'

/*
 * Money that rails outside of the ledger set aside: one hold for each cycle of a trade, asked for
 * when the first interval of the cycle comes within reach. A bill sets nothing aside.
 */

export const isOutside = (terms: ContractTerms): terms is ContractTerms & { rail: OutsideRail } =>
  terms.rail !== 'clearing-house'

const setsAside = ({ rail }: ContractTerms): boolean =>
  rail === 'money-block' || rail === 'prepaid'

/** Who pays the price: the buyer, or the seller where it is below zero. */
const payerOf = (terms: ContractTerms): 'buyer' | 'seller' =>
  terms.priceMicrosPerKwh < 0 ? 'seller' : 'buyer'

/**
 * The most that some intervals of a contract can cost who pays its price. What it pays for falling
 * short is in it where the ledger holds nothing for that.
 */
function worstOf(state: State, terms: ContractTerms, from: number, until: number): Micros {
  const { sellerRetailer, buyerRetailer } = terms
  let sum = 0n
  for (let interval = from; interval < until; interval += 1) {
    const worst = tradeWorstCase({
      terms,
      energy: contractedEnergy(terms, interval),
      sellerTariff: tariffAt(state, sellerRetailer, interval),
      buyerTariff: tariffAt(state, buyerRetailer, interval),
      feeMicrosPerKwh: BigInt(rulebookFor(state, interval).trades?.feeMicrosPerKwh ?? 0),
      holdsPrice: true,
      holdsPenalties: !collateralNeeded(state, sellerRetailer, buyerRetailer, interval),
    })
    sum += worst[payerOf(terms)]
  }
  return Micros.from(sum)
}

type Part = { readonly from: number; readonly until: number; readonly worst: Micros }

/** The cycles, or what is left of them, that begin at `from` or later and within reach. */
function partsWithinReach(
  state: State,
  terms: ContractTerms,
  from: number,
): { readonly parts: readonly Part[]; readonly next: number } {
  const { reserveAheadIntervals: ahead, collectionIntervals: cycle } = rulesFor(state, terms)
  const parts: Part[] = []
  let start = from
  while (start < windowEnd(terms) && start <= state.clearedThrough + 1 + ahead) {
    const until = cycleEnd(terms, cycle, start)
    parts.push({ from: start, until, worst: worstOf(state, terms, start, until) })
    start = until
  }
  return { parts, next: start }
}

/**
 * Sees to the money of a contract that was just signed by both and whose rail is outside of the
 * ledger, in the place of what its trade had set aside for intervals whose gate is open.
 *
 * Refuses where a prepaid balance is too small. What a payment provider says comes later.
 */
export function reserveOutside(
  state: State,
  at: number,
  trade: Trade,
  { terms, sequence }: ContractVersion,
): Rejected | undefined {
  if (!isOutside(terms)) return undefined
  const { rail } = terms
  const { collectionIntervals: cycle } = rulesFor(state, terms)
  const first = Math.max(terms.fromInterval, state.clearedThrough + 1)
  if (setsAside(terms)) {
    const { parts, next } = partsWithinReach(state, terms, first)
    const before = paymentsOfTrade(state, trade.trade).filter(
      (payment) =>
        payment.untilInterval > first && (isHeld(payment) || payment.state === 'reserving'),
    )
    const replaced = before.filter(({ fromInterval }) => fromInterval >= first)
    if (rail === 'prepaid') {
      const payer = terms[payerOf(terms)]
      const needed = parts.reduce((sum, { worst }) => sum + worst, 0n)
      const freed = replaced.reduce((sum, one) => sum + one.reservedMicros, 0n)
      const free = freePrepaid(state, payer) + freed
      if (needed > free) {
        const limit = `needs ${needed} micros prepaid, has ${free}`
        return reject('funds_insufficient', payerOf(terms), limit)
      }
    }
    for (const payment of replaced) letGo(state, sequence, payment)
    for (const payment of before) {
      payment.untilInterval = Math.min(payment.untilInterval, Math.max(first, payment.fromInterval))
    }
    for (const part of parts) reservePart(state, at, sequence, trade, terms, part)
    planReserve(state, at, trade, terms, next)
  }
  plan(state, 'collect', trade.trade, collectionTime(state, cycleEnd(terms, cycle, first)))
  return undefined
}

function reservePart(
  state: State,
  at: number,
  sequence: number,
  { trade }: Trade,
  terms: ContractTerms & { rail: OutsideRail },
  { from, until, worst }: Part,
): void {
  if (worst === 0n) return
  const isBuyers = payerOf(terms) === 'buyer'
  const { rail } = terms
  raisePayment(state, at, sequence, rail === 'prepaid' ? 'reserved' : 'reserving', {
    trade,
    rail,
    payer: isBuyers ? terms.buyer : terms.seller,
    payee: isBuyers ? terms.seller : terms.buyer,
    fromInterval: from,
    untilInterval: until,
    reservedMicros: worst,
  })
}

function planReserve(
  state: State,
  at: number,
  { trade }: Trade,
  terms: ContractTerms,
  next: number,
): void {
  if (next >= windowEnd(terms)) {
    unplan(state, trade, 'reserve')
    return
  }
  const { reserveAheadIntervals } = rulesFor(state, terms)
  const within = intervalStart(state, next - reserveAheadIntervals - 1)
  // Where gates close late there is nothing to reserve yet: it is looked at again an interval
  // later.
  plan(state, 'reserve', trade, within > at ? within : at + intervalMilliseconds(state))
}

/** The first interval from `from` on that nothing was set aside for yet. */
export function unreservedFrom(state: State, trade: Trade): number {
  const terms = contractOf(trade)
  let from = Math.max(terms.fromInterval, state.clearedThrough + 1)
  for (const payment of paymentsOfTrade(state, trade.trade)) {
    const counts = isHeld(payment) || payment.state === 'reserving'
    if (counts && payment.untilInterval > from) from = payment.untilInterval
  }
  return from
}

/**
 * Sets aside what has come within reach since. What a prepaid balance has not got is told, and the
 * first interval that it is lacking for.
 */
export function reserveWithinReach(
  state: State,
  at: number,
  sequence: number,
  trade: Trade,
): { readonly from: number; readonly payer: number; readonly lacking: Micros } | undefined {
  const terms = contractOf(trade)
  if (!isOutside(terms) || !setsAside(terms)) return undefined
  const { parts, next } = partsWithinReach(state, terms, unreservedFrom(state, trade))
  for (const part of parts) {
    if (part.from >= trade.endsAt) return undefined
    const payer = terms[payerOf(terms)]
    if (terms.rail === 'prepaid' && part.worst > freePrepaid(state, payer)) {
      return { from: part.from, payer, lacking: part.worst }
    }
    reservePart(state, at, sequence, trade, terms, part)
  }
  planReserve(state, at, trade, terms, next)
  return undefined
}

/** Whether an interval whose gate closes is one that money should stand aside for and does not. */
export function lacksHold(state: State, trade: Trade, interval: number): boolean {
  const terms = contractOf(trade)
  if (!setsAside(terms)) return false
  if (worstOf(state, terms, interval, interval + 1) === 0n) return false
  return !paymentsOfTrade(state, trade.trade).some(
    (payment) =>
      isHeld(payment) && payment.fromInterval <= interval && interval < payment.untilInterval,
  )
}

/** Lets go what is set aside for intervals that a trade, cut short, does not deliver in. */
export function releaseBeyond(state: State, sequence: number, trade: Trade): void {
  unplan(state, trade.trade, 'reserve')
  for (const payment of paymentsOfTrade(state, trade.trade)) {
    if (!isHeld(payment) && payment.state !== 'reserving') continue
    if (payment.untilInterval <= trade.endsAt) continue
    if (payment.fromInterval >= trade.endsAt) letGo(state, sequence, payment)
    else payment.untilInterval = trade.endsAt
  }
}

/** What a rail holds it is asked to let go; a prepaid balance is free at once. */
export function letGo(state: State, sequence: number, payment: Payment): void {
  movePayment(state, sequence, payment, 'release')
  if (payment.rail === 'prepaid') movePayment(state, sequence, payment, 'released')
}
