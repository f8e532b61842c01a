/** What owners of accounts take from the chain without the exchange, which only hears of it. */
import { balanceOf, claimOf, outsideAccount, post, setClaim } from '../ledger/index.ts'
import { Micros } from '../units/index.ts'
import type { SystemCommand } from './command.ts'
import { inRange, participantOf } from './lookups.ts'
import { amountMax } from './money.ts'
import { dropOpenOrders } from './orders.ts'
import { accepted, type Applied, type Result } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { OwnWithdrawal, State } from './state.ts'

type Recorded = Extract<
  SystemCommand,
  { kind: 'record_withdrawal_request' | 'record_chain_withdrawal' }
>

/**
 * Notes that an owner asked the chain for money. From now on nothing is promised against it; what
 * the account owes is still paid out of it until the request comes near. What the chain held for
 * the account's trades before it was asked cannot leave by the request.
 */
export function recordWithdrawalRequest(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'record_withdrawal_request' }>,
): Applied | Rejected {
  const { reference, account, amountMicros } = command
  const result = { kind: 'withdrawal_requested', amountMicros } as const
  const known = knownOrWrong(state, command, 'request', result)
  if (known !== undefined) return known
  const { heldMicros = 0 } = command
  if (!inRange(heldMicros, 0, amountMax)) {
    return reject('field_invalid', 'heldMicros', `0 to ${amountMax}`)
  }
  const amount = Micros.from(BigInt(amountMicros))
  const held = Micros.from(BigInt(heldMicros))
  setClaim(state.ledger, account, { reference, amount, held, stage: 'requested' })
  state.ownWithdrawals.set(reference, { kind: 'request', account, amountMicros, sequence, at })
  return accepted(sequence, result)
}

/**
 * Moves a request on. Before the chain can pay it (`near`), so that what was posted against the
 * money earlier is on the chain by then; and when it can (`due`): then it is paid for its owner,
 * because debts must not wait for long behind money that only its owner can move.
 */
export function advanceWithdrawalRequest(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'advance_withdrawal_request' }>,
): Applied | Rejected {
  const { account, reference, stage } = command
  const claim = claimOf(state.ledger, account)
  if (claim?.reference !== reference) {
    return reject('field_invalid', 'reference', 'the open request of the account')
  }
  const result = { kind: 'withdrawal_advanced', stage } as const
  if (claim.stage === 'due' || claim.stage === stage) {
    return reject('field_invalid', 'stage', `after ${claim.stage}`)
  }
  setClaim(state.ledger, account, { ...claim, stage })
  // What stood behind the account's open orders is about to leave: they must not become debts.
  dropOpenOrders(state, at, account, 'cancelled')
  if (stage === 'near') return accepted(sequence, result)
  return accepted(sequence, result, [{ kind: 'withdrawal_due', account, reference }])
}

/**
 * Books what the chain has paid to an owner by its request, or all it had when it left.
 *
 * Rejected with `funds_insufficient` while the ledger has less than the chain has paid: a debit is
 * booked here whose batch the chain did not have yet. See docs/concepts/where-truth-lives.md.
 */
export function recordChainWithdrawal(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'record_chain_withdrawal' }>,
): Applied | Rejected {
  const { reference, account, amountMicros } = command
  const result = { kind: 'withdrawal_paid', amountMicros } as const
  const known = knownOrWrong(state, command, 'payment', result)
  if (known !== undefined) return known
  const amount = Micros.from(BigInt(amountMicros))
  const balance = balanceOf(state.ledger, account)
  if (amount > balance) return reject('funds_insufficient', 'amountMicros', `at most ${balance}`)
  setClaim(state.ledger, account, undefined)
  if (amount > 0n) {
    post(state.ledger, [
      { account, amount: Micros.negate(amount) },
      { account: outsideAccount, amount },
    ])
    state.totals.withdrawn += amount
    state.withdrawals.push({ account, amountMicros, sequence, at })
  }
  state.ownWithdrawals.set(reference, { kind: 'payment', account, amountMicros, sequence, at })
  return accepted(sequence, result, [{ kind: 'withdrawal_paid', account, amount }])
}

/** The first answer again if it was recorded before, or why it cannot be. */
function knownOrWrong(
  state: State,
  { reference, account, amountMicros }: Recorded,
  kind: OwnWithdrawal['kind'],
  result: Result,
): Applied | Rejected | undefined {
  const before = state.ownWithdrawals.get(reference)
  const isSame = before?.account === account && before.amountMicros === amountMicros
  if (before?.kind === kind && isSame) {
    const { sequence } = before
    return { outcome: { kind: 'accepted', sequence, repeated: true, result }, effects: [] }
  }
  // The contract lets no system account do this.
  if (participantOf(state, account) === undefined) return reject('account_unknown', 'account')
  if (!inRange(amountMicros, 0, amountMax)) {
    return reject('field_invalid', 'amountMicros', `0 to ${amountMax}`)
  }
  return before === undefined ? undefined : reject('withdrawal_exists', 'reference')
}
