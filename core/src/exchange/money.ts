import { availableOf, balanceOf, outsideAccount, post } from '../ledger/index.ts'
import { Micros } from '../units/index.ts'
import type { InstructionCommand, SystemCommand, Withdraw } from './command.ts'
import { actorWith, inRange, isRejected, participantOf } from './lookups.ts'
import type { Applied } from './outcome.ts'
import { putOnChain } from './passkeys.ts'
import { unprovenCredit } from './proof.ts'
import { reject, type Rejected } from './rejection.ts'
import { systemAccounts } from '../registry/index.ts'
import type { State } from './state.ts'

/** One deposit or withdrawal: what a safe JSON integer holds, nine billion of the currency. */
export const amountMax = Number.MAX_SAFE_INTEGER

/** Books what the chain says was deposited. Its transaction and log make it count once. */
export function recordDeposit(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'record_deposit' }>,
): Applied | Rejected {
  const { reference, account, amountMicros } = command
  const result = { kind: 'deposit_recorded', amountMicros } as const
  const before = state.deposits.get(reference)
  if (before?.account === account && before.amountMicros === amountMicros) {
    const first = before.sequence
    return { outcome: { kind: 'accepted', sequence: first, repeated: true, result }, effects: [] }
  }
  if (!isSystem(account) && participantOf(state, account) === undefined) {
    return reject('account_unknown', 'account')
  }
  if (!Number.isSafeInteger(amountMicros) || amountMicros < 1) {
    return reject('field_invalid', 'amountMicros', `1 to ${amountMax}`)
  }
  if (before !== undefined) return reject('deposit_exists', 'reference')
  const amount = Micros.from(BigInt(amountMicros))
  post(state.ledger, [
    { account: outsideAccount, amount: Micros.negate(amount) },
    { account, amount },
  ])
  state.deposits.set(reference, { account, amountMicros, sequence, at })
  state.totals.deposited += amount
  return {
    outcome: { kind: 'accepted', sequence, repeated: false, result },
    effects: [{ kind: 'deposit_recorded', account, amount }],
  }
}

/** One instruction may fund this many accounts. */
const fundedMax = 10_000

/**
 * Orders the deposits of money that a bank holds. Nothing is booked yet: that happens when the
 * chain shows the deposits, as for everybody else's.
 */
export function fundAccounts(
  state: State,
  sequence: number,
  command: Extract<InstructionCommand, { kind: 'fund_accounts' }>,
): Applied | Rejected {
  const actor = actorWith(state, command.account, ['bank'])
  if (isRejected(actor)) return actor
  const { deposits } = command.content
  const known = (account: number): boolean =>
    isSystem(account) || participantOf(state, account) !== undefined
  if (!deposits.every(({ account }) => known(account))) {
    return reject('account_unknown', 'deposits.account')
  }
  if (deposits.length === 0 || deposits.length > fundedMax) {
    return reject('field_invalid', 'deposits', `1 to ${fundedMax}`)
  }
  if (!deposits.every(({ amountMicros }) => inRange(amountMicros, 1, amountMax))) {
    return reject('field_invalid', 'deposits.amountMicros', `1 to ${amountMax}`)
  }
  return {
    outcome: {
      kind: 'accepted',
      sequence,
      repeated: false,
      result: { kind: 'funding_ordered', accounts: deposits.length },
    },
    effects: [
      {
        kind: 'funding_ordered',
        reference: command.digest,
        deposits: deposits.map(({ account, amountMicros }) => ({
          account,
          amount: Micros.from(BigInt(amountMicros)),
        })),
      },
    ],
  }
}

const isSystem = (account: number): boolean =>
  Object.values(systemAccounts).some((own) => own === account)

/**
 * The most that a withdrawal takes now: what is available, and of that no money that the chain does
 * not let go yet. Holds may be smaller than that, see `unprovenCredit`. Never below zero.
 */
export function withdrawableOf(state: State, account: number): Micros {
  const available = availableOf(state.ledger, account)
  const free = balanceOf(state.ledger, account) - unprovenCredit(state, account)
  const most = free < available ? free : available
  return Micros.from(most > 0n ? most : 0n)
}

/**
 * Releases what is available, and only to the participant's registered address: a passkey brings
 * its owner's money to nobody but its owner.
 */
export function withdraw(
  state: State,
  at: number,
  sequence: number,
  command: Withdraw,
): Applied | Rejected {
  const participant = participantOf(state, command.account)
  if (participant === undefined) return reject('account_unknown', 'account')
  if (participant.status === 'suspended') return reject('account_suspended', 'account')
  if (!Number.isSafeInteger(command.amountMicros) || command.amountMicros < 1) {
    return reject('field_invalid', 'amountMicros', `1 to ${amountMax}`)
  }
  if (command.to !== participant.address) {
    return reject('address_foreign', 'to', participant.address)
  }
  const amount = Micros.from(BigInt(command.amountMicros))
  const most = withdrawableOf(state, command.account)
  if (amount > most) return reject('funds_insufficient', 'amountMicros', `at most ${most}`)
  post(state.ledger, [
    { account: command.account, amount: Micros.negate(amount) },
    { account: outsideAccount, amount },
  ])
  state.totals.withdrawn += amount
  const { id, account, amountMicros, to, signature } = command
  state.withdrawals.push({ account, amountMicros, sequence, at })
  // First: the chain asks for the passkey when it is to pay.
  const told = putOnChain(state, signature)
  return {
    outcome: {
      kind: 'accepted',
      sequence,
      repeated: false,
      result: { kind: 'withdrawal_released', amountMicros },
    },
    effects: [...told, { kind: 'withdrawal_released', id, account, amount, to, signature }],
  }
}
