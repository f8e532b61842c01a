import {
  type Default,
  extendedBy,
  isStanding,
  nextStep,
  takeNextStep,
} from '../../credit/index.ts'
import { assert } from '../../errors/index.ts'
import { availableOf } from '../../ledger/index.ts'
import { firstParticipantAccount } from '../../registry/index.ts'
import { Micros } from '../../units/index.ts'
import { plan, unplan } from './agenda.ts'
import { participantOf } from '../lookups.ts'
import type { Effect } from '../outcome.ts'
import { changeStatus } from '../participant-status.ts'
import { freePrepaid } from './prepaid.ts'
import type { State } from '../state.ts'
import { tradeRulesOf } from '../trading/trade-rules.ts'

export type DefaultCause = Pick<
  Default,
  'account' | 'creditor' | 'trade' | 'payment' | 'cause' | 'amount'
>

/**
 * Records that somebody did not pay, or did not set aside what a trade needs, and warns it. The
 * ladder rests on the debtor's consent: where there is none on file, as of a platform that gives
 * back its fee, the default is recorded and nothing follows. The exchange does not enforce against
 * itself.
 */
export function openDefault(
  state: State,
  at: number,
  sequence: number,
  cause: DefaultCause,
): Effect[] {
  if (cause.account < firstParticipantAccount) return []
  const { trading } = state
  trading.lastDefault += 1
  const one: Default = {
    number: trading.lastDefault,
    ...cause,
    recovered: Micros.zero,
    status: 'open',
    steps: [],
    appeal: null,
    suspends: false,
    at,
    sequence,
  }
  trading.defaults.set(one.number, one)
  const payment = cause.payment === null ? undefined : trading.payments.get(cause.payment)
  if (payment !== undefined) payment.default = one.number
  if (trading.consents.has(one.account)) return climb(state, at, sequence, one)
  return [defaultChanged(one)]
}

export const defaultChanged = ({ number, status, steps }: Default): Effect => ({
  kind: 'default_changed',
  default: number,
  status,
  steps: steps.length,
})

/** The deadline of a step has passed: the next one follows, unless the default is cured. */
export function passDeadline(
  state: State,
  at: number,
  sequence: number,
  number: number,
): Effect[] {
  const one = state.trading.defaults.get(number)
  assert(one !== undefined, 'what is on the agenda is known')
  if (one.status !== 'open') return []
  return isGoodAgain(state, one) ? cure(state, at, one) : climb(state, at, sequence, one)
}

function climb(state: State, at: number, sequence: number, one: Default): Effect[] {
  const consent = state.trading.consents.get(one.account)?.digest
  assert(consent !== undefined, 'no step is taken that the debtor has not consented to')
  const { enforcement } = tradeRulesOf(state, one.trade)
  const taken = takeNextStep(one.steps, enforcement, { at, sequence, consent })
  one.steps = [...one.steps, taken]
  if (nextStep(one.steps) === undefined) one.status = 'exhausted'
  else plan(state, 'step', one.number, taken.deadline)
  const suspended = taken.step === 'suspension' ? suspend(state, at, one) : []
  return [defaultChanged(one), ...suspended]
}

/** The operator cannot be suspended: nobody could lift it. */
function suspend(state: State, at: number, one: Default): Effect[] {
  const debtor = participantOf(state, one.account)
  assert(debtor !== undefined, 'a debtor is a participant')
  if (debtor.roles.includes('operator')) return []
  if (debtor.status === 'active') {
    one.suspends = true
    return changeStatus(state, at, one.account, 'suspended')
  }
  one.suspends = otherSuspends(state, one)
  return []
}

const otherSuspends = (state: State, one: Default): boolean =>
  [...state.trading.defaults.values()].some(
    (other) => other !== one && other.account === one.account && other.suspends,
  )

/** Lifts the suspension that came of a default, unless there is another reason for one. */
function lift(state: State, at: number, one: Default): Effect[] {
  if (!one.suspends) return []
  one.suspends = false
  return otherSuspends(state, one) ? [] : changeStatus(state, at, one.account, 'active')
}

/**
 * Whether who lacked money that a trade needed set aside has it: then it may trade again. Nothing
 * is owed by such a default, as it came before the delivery.
 */
export const isGoodAgain = (state: State, { cause, account, amount }: Default): boolean =>
  isBeforeDelivery(cause) &&
  (availableOf(state.ledger, account) >= amount || freePrepaid(state, account) >= amount)

export const isBeforeDelivery = (cause: Default['cause']): boolean =>
  cause === 'reservation_failed' || cause === 'renewal_failed'

/** What was owed has come in, or what was lacking is there. */
export const cure = (state: State, at: number, one: Default): Effect[] =>
  end(state, at, one, 'cured')

function end(state: State, at: number, one: Default, status: 'cured' | 'overturned'): Effect[] {
  if (!isStanding(one)) return []
  one.status = status
  unplan(state, one.number, 'step')
  const payment = one.payment === null ? undefined : state.trading.payments.get(one.payment)
  if (payment !== undefined) payment.default = null
  return [defaultChanged(one), ...lift(state, at, one)]
}

/** Cures what an account has defaulted on before a delivery and is good for again. */
export function cureIfGood(state: State, at: number, account: number): Effect[] {
  return [...state.trading.defaults.values()]
    .filter((one) => one.account === account && isStanding(one) && isGoodAgain(state, one))
    .flatMap((one) => cure(state, at, one))
}

/** Hears an appeal: while nobody has decided it, no step is taken. */
export function pause(state: State, at: number, one: Default, grounds: string): Effect[] {
  one.status = 'appealed'
  one.appeal = { at, grounds, upheld: null }
  unplan(state, one.number, 'step')
  return [defaultChanged(one)]
}

/** The debtor was right: what was done is undone, and no fine stays on its bill. */
export function overturn(state: State, at: number, one: Default): Effect[] {
  assert(one.appeal !== null, 'an appeal was decided')
  one.appeal = { ...one.appeal, upheld: true }
  return end(state, at, one, 'overturned')
}

/** The debtor was wrong: the ladder goes on, and gives as much longer as it was paused. */
export function dismiss(state: State, at: number, one: Default): Effect[] {
  assert(one.appeal !== null, 'an appeal was decided')
  one.steps = extendedBy(one.steps, at - one.appeal.at)
  one.appeal = { ...one.appeal, upheld: false }
  const last = one.steps.at(-1)
  one.status = last !== undefined && nextStep(one.steps) === undefined ? 'exhausted' : 'open'
  if (one.status === 'open' && last !== undefined) plan(state, 'step', one.number, last.deadline)
  return [defaultChanged(one)]
}
