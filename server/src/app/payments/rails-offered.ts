import { Fault } from '@busbar/core/errors'
import type { State } from '@busbar/core/exchange'
import { isOver, type OutsideRail } from '@busbar/core/payments'
import { type Rail, rulebookAt } from '@busbar/core/rulebook'
import { Interval } from '@busbar/core/units'

/** What a rail of a rulebook, or a payment, needs and is not set up here. In the order of rails. */
export function railsMissing(
  needed: ReadonlySet<Rail>,
  offered: ReadonlySet<OutsideRail>,
): OutsideRail[] {
  return [...needed].filter(
    (rail): rail is OutsideRail => rail !== 'clearing-house' && !offered.has(rail),
  )
}

/** The rails that contracts may name from now on, and those that a payment still goes through. */
export function railsNeeded(state: State): Set<Rail> {
  const rails = new Set<Rail>()
  const next = state.clearedThrough + 1
  const { rulebooks } = state
  const inForce = rulebooks.length === 0 ? [] : [rulebookAt(rulebooks, Interval.from(next))]
  const coming = rulebooks.filter(({ from }) => from > next)
  for (const { trades } of [...inForce, ...coming.map(({ rulebook }) => rulebook)]) {
    for (const rail of trades?.rails ?? []) rails.add(rail)
  }
  for (const payment of state.trading.payments.values()) {
    if (!isOver(payment)) rails.add(payment.rail)
  }
  return rails
}

/** Whose platform the contract of a payment's trade names. */
export function platformOfPayment({ trading }: State, number: number): number | null {
  const payment = trading.payments.get(number)
  const trade = payment === undefined ? undefined : trading.trades.get(payment.trade)
  return trade?.versions.at(-1)?.terms.platform ?? null
}

/** @throws Fault RAIL_NOT_OFFERED where money could not move that the rules let be promised */
export function requireRails(needed: ReadonlySet<Rail>, offered: ReadonlySet<OutsideRail>): void {
  const missing = railsMissing(needed, offered)
  if (missing.length === 0) return
  throw new Fault('RAIL_NOT_OFFERED', { rails: missing.join(', '), variable: 'BUSBAR_RAILS' })
}
