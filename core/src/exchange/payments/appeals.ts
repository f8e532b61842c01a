import type { Default } from '../../credit/index.ts'
import { isOver } from '../../payments/index.ts'
import { plan } from './agenda.ts'
import { defaultChanged, dismiss, overturn, pause } from './enforcement.ts'
import type { Judged } from '../guarded.ts'
import { actorWith, authorityRoles, isRejected, participantOf } from '../lookups.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { withdrawn } from './payment-failures.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from '../trading/trade-command.ts'
import { tradeRulesOf } from '../trading/trade-rules.ts'

type Handled = Applied | Rejected
type Content = TradeInstructionContent

const hashPattern = /^0x[0-9a-f]{64}$/
const hashLimit = '0x and 64 lower-case hex'

const changed = (sequence: number, one: Default, effects: readonly Effect[]): Applied => {
  const { number, status } = one
  return accepted(sequence, { kind: 'default_changed', default: number, status }, effects)
}

/** A debtor says that it is not in default. Also one that is suspended for it may say so. */
export function appealDefault(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: Content['appeal_default'],
): Handled {
  if (participantOf(state, by) === undefined) return reject('account_unknown', 'account')
  if (!hashPattern.test(content.grounds)) return reject('field_invalid', 'grounds', hashLimit)
  const one = state.trading.defaults.get(content.default)
  if (one === undefined) return reject('default_unknown', 'default')
  if (one.account !== by) return reject('party_foreign', 'default')
  const stands = one.status === 'open' || one.status === 'exhausted'
  if (!stands) return reject('default_not_open', 'default', one.status)
  if (one.appeal !== null) return reject('default_not_open', 'default', 'appealed once')
  return changed(sequence, one, pause(state, at, one, content.grounds))
}

export function decideAppeal(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: Content['decide_appeal'],
): Judged {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  const one = state.trading.defaults.get(content.default)
  if (one === undefined) return reject('default_unknown', 'default')
  if (one.status !== 'appealed') return reject('default_not_open', 'default', one.status)
  return () => {
    if (!content.upheld) return changed(sequence, one, dismiss(state, at, one))
    const effects = overturn(state, at, one)
    askAnew(state, at, one)
    return changed(sequence, one, effects)
  }
}

/** An overturned default leaves the debt: it is asked for anew, with a new term. */
function askAnew(state: State, at: number, one: Default): void {
  const payment = one.payment === null ? undefined : state.trading.payments.get(one.payment)
  if (payment === undefined) return
  if (payment.state === 'capturing') {
    payment.dueAt = at + tradeRulesOf(state, one.trade).paymentTermSeconds * 1_000
    plan(state, 'overdue', payment.payment, payment.dueAt)
  } else if (isOver(payment)) withdrawn(state, at, payment)
}

/** A debtor's retailer shows what it has done about a step that was taken. */
export function recordEnforcement(
  state: State,
  sequence: number,
  by: number,
  content: Content['record_enforcement'],
): Handled {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  if (!hashPattern.test(content.evidence)) return reject('field_invalid', 'evidence', hashLimit)
  const one = state.trading.defaults.get(content.default)
  if (one === undefined) return reject('default_unknown', 'default')
  if (participantOf(state, one.account)?.retailer !== by) return reject('party_foreign', 'default')
  const { step, evidence } = content
  const taken = one.steps.find((each) => each.step === step)
  if (taken?.evidence !== '') {
    const limit = taken === undefined ? 'a step that was taken' : 'shown before'
    return reject('default_not_open', 'step', limit)
  }
  one.steps = one.steps.map((each) => (each === taken ? { ...each, evidence } : each))
  return changed(sequence, one, [defaultChanged(one)])
}
