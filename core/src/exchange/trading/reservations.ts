import { tradeWorstCase } from '../../credit/index.ts'
import { assert } from '../../errors/index.ts'
import { availableOf } from '../../ledger/index.ts'
import {
  type ContractTerms,
  type ContractVersion,
  contractedEnergy,
  type Trade,
  windowEnd,
} from '../../trades/index.ts'
import { Micros } from '../../units/index.ts'
import { plan } from '../payments/agenda.ts'
import { collateralNeeded } from './agreements.ts'
import { setTradeHold, tradeHoldOf } from './chain-holds.ts'
import { chargeable } from './charges.ts'
import { openDefault } from '../payments/enforcement.ts'
import { bilateralZone, recordOf, rulebookFor, tariffAt } from '../lookups.ts'
import type { Effect } from '../outcome.ts'
import { isOutside, lacksHold, reserveOutside } from '../payments/outside-holds.ts'
import { reject, type Rejected } from '../rejection.ts'
import { collateralOf } from './trade-collateral.ts'
import type { State } from '../state.ts'
import { cutShort } from './trade-end.ts'
import type { Charge } from './trading-state.ts'

/*
 * Money of both sides that is set aside for what a trade may cost them: one hold a trade and
 * side, made of parts for each interval within reach, from the agreement or from `T − k` on until
 * the interval is settled.
 */

type Sides = { readonly buyer: bigint; readonly seller: bigint }

/** What one interval of a contract needs set aside on the ledger. */
export function holdNeeded(
  state: State,
  terms: ContractTerms,
  interval: number,
): { readonly buyer: Micros; readonly seller: Micros } {
  const { trades } = rulebookFor(state, interval)
  assert(trades !== undefined, 'a contract has rules')
  const { sellerRetailer, buyerRetailer, rail } = terms
  const isNeeded = collateralNeeded(state, sellerRetailer, buyerRetailer, interval)
  // A bill sets nothing aside: where nothing compels who does not pay it, the ledger has to.
  const isBilled = rail === 'bill-seller' || rail === 'bill-platform'
  return tradeWorstCase({
    terms,
    energy: contractedEnergy(terms, interval),
    sellerTariff: tariffAt(state, sellerRetailer, interval),
    buyerTariff: tariffAt(state, buyerRetailer, interval),
    feeMicrosPerKwh: BigInt(trades.feeMicrosPerKwh),
    holdsPrice: rail === 'clearing-house' || (isBilled && isNeeded),
    holdsPenalties: isNeeded,
  })
}

/** The first interval that is beyond the reach of reservations once `gate` has closed. */
function reachFrom(state: State, gate: number): number {
  const { trades } = rulebookFor(state, gate + 1)
  return gate + 1 + (trades?.reserveAheadIntervals ?? 0)
}

/**
 * Sets aside what a contract needs that was just signed by both, for the intervals within reach,
 * in the place of what its trade had set aside for intervals whose gate is open. All or nothing,
 * and with what the change costs.
 */
export function reserveAtAgreement(
  state: State,
  at: number,
  trade: Trade,
  version: ContractVersion,
  charge: Charge | null,
): Rejected | undefined {
  const { terms } = version
  const through = Math.min(windowEnd(terms), reachFrom(state, state.clearedThrough))
  const from = Math.max(terms.fromInterval, state.clearedThrough + 1)
  const needed = sumOver(state, terms, from, through)
  const past = heldForPast(state, trade)
  for (const [account, field] of [[terms.buyer, 'buyer'], [terms.seller, 'seller']] as const) {
    const own = tradeHoldOf(state, trade.trade, account)
    const available = availableOf(state.ledger, account) + own
    const isCharged = charge?.payer === account && chargeable(terms)
    const total = past[field] + needed[field] + (isCharged ? charge.amount : 0n)
    if (total > available) {
      const limit = `needs ${total} micros, has ${available}`
      return reject('funds_insufficient', field, limit)
    }
  }
  const outside = reserveOutside(state, at, trade, version)
  if (outside !== undefined) return outside
  const sides = { buyer: past.buyer + needed.buyer, seller: past.seller + needed.seller }
  hold(state, trade, terms, sides)
  trade.reservedThrough = Math.max(through, from)
  return undefined
}

/** Gives free what is held for intervals that the trade, cut short, will not deliver in. */
export function releaseBeyondEnd(state: State, trade: Trade): void {
  const terms = trade.versions.at(-1)?.terms
  if (terms === undefined) return
  // What other rails hold is let go with the next `tend_payments`, which is due at once.
  if (isOutside(terms)) plan(state, 'review', trade.trade, 0)
  const from = Math.max(terms.fromInterval, state.clearedThrough + 1)
  const through = Math.min(trade.endsAt, trade.reservedThrough)
  const past = heldForPast(state, trade)
  const needed = sumOver(state, terms, from, through)
  const keep = (account: number, amount: bigint): bigint => {
    const held = tradeHoldOf(state, trade.trade, account)
    return amount < held ? amount : held
  }
  hold(state, trade, terms, {
    buyer: keep(terms.buyer, past.buyer + needed.buyer),
    seller: keep(terms.seller, past.seller + needed.seller),
  })
  trade.reservedThrough = through
}

/**
 * At the gate of `interval` one more interval comes within reach. Where its money is not there the
 * trade ends before it, while nothing of it is delivered yet, and who lacks it has defaulted.
 */
export function extendReservations(
  state: State,
  at: number,
  sequence: number,
  trade: Trade,
  interval: number,
): Effect[] {
  const version = trade.versions.at(-1)
  assert(version !== undefined, 'a trade in force has its contract')
  const { terms } = version
  if (interval >= terms.fromInterval && lacksHold(state, trade, interval)) {
    // Its rail has not answered: nobody has failed, and nothing is delivered without the money.
    const cut = cutShort(trade, interval, 'terminated', 'reservation_missed')
    releaseBeyondEnd(state, trade)
    return [cut]
  }
  const through = Math.min(trade.endsAt, windowEnd(terms), reachFrom(state, interval))
  for (let next = trade.reservedThrough; next < through; next += 1) {
    const needed = holdNeeded(state, terms, next)
    for (const [account, amount, other] of [
      [terms.buyer, needed.buyer, terms.seller],
      [terms.seller, needed.seller, terms.buyer],
    ] as const) {
      if (amount <= positive(availableOf(state.ledger, account))) continue
      const cut = cutShort(trade, next, 'terminated', 'reservation_failed')
      releaseBeyondEnd(state, trade)
      const defaulted = openDefault(state, at, sequence, {
        account,
        creditor: other,
        trade: trade.trade,
        payment: null,
        cause: 'reservation_failed',
        amount,
      })
      return [cut, ...defaulted]
    }
    add(state, trade, terms.buyer, needed.buyer)
    add(state, trade, terms.seller, needed.seller)
    trade.reservedThrough = next + 1
  }
  return []
}

function add(state: State, { trade }: Trade, account: number, amount: bigint): void {
  const sum = tradeHoldOf(state, trade, account) + amount
  setTradeHold(state, trade, account, Micros.from(sum))
}

function hold(state: State, { trade }: Trade, terms: ContractTerms, sides: Sides): void {
  const { buyer, seller } = terms
  setTradeHold(state, trade, buyer, Micros.from(sides.buyer))
  setTradeHold(state, trade, seller, Micros.from(sides.seller))
}

function sumOver(state: State, terms: ContractTerms, from: number, through: number): Sides {
  let [buyer, seller] = [0n, 0n]
  for (let interval = from; interval < through; interval += 1) {
    const needed = holdNeeded(state, terms, interval)
    buyer += needed.buyer
    seller += needed.seller
  }
  return { buyer, seller }
}

/** Parts of the hold for intervals whose gate has closed and which are not settled, or not paid. */
function heldForPast(state: State, trade: Trade): Sides {
  const terms = trade.versions[0]?.terms
  let buyer: bigint = terms === undefined ? 0n : collateralOf(state, trade.trade, terms.buyer)
  let seller: bigint = terms === undefined ? 0n : collateralOf(state, trade.trade, terms.seller)
  const first = trade.versions[0]?.terms.fromInterval ?? state.clearedThrough + 1
  for (let interval = first; interval <= state.clearedThrough; interval += 1) {
    const obligation = recordOf(state, bilateralZone, interval)?.obligations.get(trade.trade)
    buyer += obligation?.buyerHold ?? 0n
    seller += obligation?.sellerHold ?? 0n
  }
  return { buyer, seller }
}

const positive = (value: bigint): bigint => (value > 0n ? value : 0n)
