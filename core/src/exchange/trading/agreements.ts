import type { RetailerAgreement } from '../../credit/index.ts'
import type { Judged } from '../guarded.ts'
import {
  actorWith,
  authorityRoles,
  inRange,
  intervalMax,
  isRejected,
  participantOf,
} from '../lookups.ts'
import { accepted } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from './trade-command.ts'

type Content = TradeInstructionContent['record_agreement']

/**
 * Whether nothing compels one of two retailers to act against its customer for the other's in an
 * interval: then both sides of a trade leave collateral instead.
 */
export function collateralNeeded(
  state: State,
  sellerRetailer: number,
  buyerRetailer: number,
  interval: number,
): boolean {
  if (sellerRetailer === buyerRetailer) return false
  const [low, high] = pairOf(sellerRetailer, buyerRetailer)
  return !state.trading.agreements.some(
    ({ retailers, fromInterval, untilInterval }) =>
      retailers[0] === low &&
      retailers[1] === high &&
      fromInterval <= interval &&
      (untilInterval === null || interval < untilInterval),
  )
}

const pairOf = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a])

/**
 * Records what binds two retailers. The same document again, for the same pair and from the same
 * interval, gives it another end.
 *
 * It holds for intervals that nothing was set aside for yet: what was, was worked out without it.
 */
export function recordAgreement(
  state: State,
  sequence: number,
  by: number,
  content: Content,
): Judged {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const unfit = agreementRejection(state, content)
  if (unfit !== undefined) return unfit
  const { basis, documentHash, fromInterval, untilInterval } = content
  const retailers = pairOf(...content.retailers)
  const { agreements } = state.trading
  const known = agreements.findIndex((one) => isSame(one, { ...content, retailers }))
  const before = agreements[known]
  const earliest = firstUnreserved(state)
  // Of a document that is known, only its end can change: not what lies behind it.
  const [field, bound] =
    before === undefined
      ? (['fromInterval', fromInterval] as const)
      : (['untilInterval', Math.min(ending(before.untilInterval), ending(untilInterval))] as const)
  if (bound < earliest) return reject('effective_in_past', field, `at least ${earliest}`)
  return () => {
    if (before !== undefined) before.untilInterval = untilInterval
    else agreements.push({ retailers, basis, documentHash, fromInterval, untilInterval })
    const agreement = before === undefined ? agreements.length : known + 1
    return accepted(sequence, { kind: 'agreement_recorded', fromInterval }, [
      { kind: 'agreement_recorded', agreement, retailers },
    ])
  }
}

const ending = (untilInterval: number | null): number => untilInterval ?? Number.MAX_SAFE_INTEGER

const isSame = (one: RetailerAgreement, other: Omit<Content, 'untilInterval'>): boolean =>
  one.retailers.join() === other.retailers.join() &&
  one.documentHash === other.documentHash &&
  one.basis === other.basis &&
  one.fromInterval === other.fromInterval

/** Without a trade nothing was set aside yet: the first agreements may be of any interval. */
function firstUnreserved(state: State): number {
  if (state.trading.lastTrade === 0) return 0
  const ahead = state.rulebooks.map(({ rulebook }) => rulebook.trades?.reserveAheadIntervals ?? 0)
  const cycle = state.rulebooks.map(({ rulebook }) => rulebook.trades?.collectionIntervals ?? 0)
  return state.clearedThrough + 2 + Math.max(...ahead) + Math.max(...cycle)
}

function agreementRejection(state: State, content: Content): Rejected | undefined {
  const [one, other] = content.retailers
  for (const account of content.retailers) {
    const retailer = participantOf(state, account)
    if (retailer === undefined) return reject('account_unknown', 'retailers')
    if (!retailer.roles.includes('retailer')) {
      return reject('role_missing', 'retailers', 'two retailers')
    }
  }
  if (one === other) return reject('field_invalid', 'retailers', 'two of them')
  if (content.basis !== 'bilateral' && content.basis !== 'regulatory') {
    return reject('field_invalid', 'basis', 'bilateral or regulatory')
  }
  if (!/^0x[0-9a-f]{64}$/.test(content.documentHash)) {
    return reject('field_invalid', 'documentHash', '0x and 64 lower-case hex')
  }
  const { fromInterval: from, untilInterval: until } = content
  if (!inRange(from, 0, intervalMax)) {
    return reject('field_invalid', 'fromInterval', `from 0 to ${intervalMax}`)
  }
  if (until !== null && !inRange(until, from + 1, intervalMax)) {
    return reject('field_invalid', 'untilInterval', `null, or ${from + 1} to ${intervalMax}`)
  }
  return undefined
}
