import { assert } from '../errors/index.ts'
import { tellOfHolds } from './trading/chain-holds.ts'
import type { Command, Envelope } from './command.ts'
import type { Engine } from './engine.ts'
import { closeGate } from './gate.ts'
import { currentInterval, lastOpenOfAll } from './lookups.ts'
import { recordDeposit, withdraw } from './money.ts'
import { openOrders } from './opening.ts'
import { cancelOrder, placeOrder } from './orders.ts'
import {
  advanceWithdrawalRequest,
  recordChainWithdrawal,
  recordWithdrawalRequest,
} from './own-withdrawals.ts'
import type { Applied, Outcome } from './outcome.ts'
import { recordWord } from './account-keys.ts'
import { joinCodeRejection } from './join-codes.ts'
import { mandateRejection } from './mandates.ts'
import { passkeyRejection } from './passkeys.ts'
import { recordProof } from './proof.ts'
import { submitReadings } from './readings.ts'
import { instruct, openMarket } from './registry-commands.ts'
import { reject, type Rejected } from './rejection.ts'
import { placeSealedOrder, revealOrder } from './sealed-orders.ts'
import { settleInterval } from './settle.ts'
import type { State } from './state.ts'
import { recordNetting } from './payments/netting.ts'
import { recordPayment, tendPayments } from './payments/payments.ts'
import { acceptTrade, proposeTrade } from './trading/negotiation.ts'
import { tendTrades } from './trading/matches.ts'
import { termsOfTrade, tradeOf } from './trading/trade-book.ts'

/**
 * Applies one command: the only way in which `state` changes.
 *
 * A rejected command changes nothing and takes no place in the journal; an accepted one becomes
 * entry `envelope.sequence`, which must be the next. A command accepted before, by id and content,
 * gets its first answer again with `repeated` set, and nothing happens twice.
 *
 * Deterministic: the same entries in the same order give the same state on any machine, whichever
 * of two equal engines computes. Time is `envelope.at` and never goes back.
 */
export function apply(state: State, envelope: Envelope, engine: Engine): Applied {
  assert(envelope.sequence === state.sequence + 1, 'entries are applied one after the other')
  assert(envelope.at >= state.at, 'time in the journal does not go back')
  const { command } = envelope
  const key = rememberedKey(command)
  if (key !== undefined) {
    const repeated = repeatedOutcome(state, key, command)
    if (repeated !== undefined) return { outcome: repeated, effects: [] }
  }
  const handled = dispatch(state, envelope, engine)
  if ('kind' in handled) return { outcome: handled, effects: [] }
  const { outcome } = handled
  if (outcome.kind === 'accepted' && !outcome.repeated) {
    state.sequence = envelope.sequence
    state.at = envelope.at
    if ('signature' in command && 'account' in command) state.spoken.add(command.account)
    if (key !== undefined) remember(state, envelope.at, key, command, outcome)
    const holds = tellOfHolds(state, envelope.at, command)
    if (holds.length > 0) return { outcome, effects: [...handled.effects, ...holds] }
  }
  return handled
}

function dispatch(state: State, envelope: Envelope, engine: Engine): Applied | Rejected {
  const { at, sequence, command } = envelope
  if (command.kind === 'open_market') return openMarket(state, at, sequence, command)
  if (state.market === null) return reject('market_not_open')
  const barred =
    passkeyRejection(state, at, command) ?? joinCodeRejection(state, at, command) ??
    mandateRejection(state, at, command)
  if (barred !== undefined) return barred
  switch (command.kind) {
    case 'place_order':
      return placeOrder(state, at, sequence, command)
    case 'place_sealed_order':
      return placeSealedOrder(state, at, sequence, command)
    case 'reveal_order':
      return revealOrder(state, at, sequence, command, engine)
    case 'cancel_order':
      return cancelOrder(state, at, sequence, command)
    case 'submit_readings':
      return submitReadings(state, at, sequence, command)
    case 'withdraw':
      return withdraw(state, at, sequence, command)
    case 'record_deposit':
      return recordDeposit(state, at, sequence, command)
    case 'record_withdrawal_request':
      return recordWithdrawalRequest(state, at, sequence, command)
    case 'advance_withdrawal_request':
      return advanceWithdrawalRequest(state, at, sequence, command)
    case 'record_chain_withdrawal':
      return recordChainWithdrawal(state, at, sequence, command)
    case 'record_word':
      return recordWord(state, sequence, command)
    case 'close_gate':
      return closeGate(state, at, sequence, command.interval, engine)
    case 'open_orders':
      return openOrders(state, at, sequence, command, engine)
    case 'record_proof':
      return recordProof(state, at, sequence, command)
    case 'settle_interval':
      return settleInterval(state, at, sequence, command, engine)
    case 'propose_trade':
      return proposeTrade(state, at, sequence, command)
    case 'accept_trade':
      return acceptTrade(state, at, sequence, command)
    case 'tend_trades':
      return tendTrades(state, at, sequence, engine)
    case 'tend_payments':
      return tendPayments(state, at, sequence)
    case 'record_payment':
      return recordPayment(state, at, sequence, command)
    case 'record_netting':
      return recordNetting(state, at, sequence, command)
    default:
      return instruct(state, at, sequence, command)
  }
}

/** Commands with a client's id are remembered by it, each signer's ids apart from the others'. */
function rememberedKey(command: Command): string | undefined {
  switch (command.kind) {
    case 'open_market':
    case 'record_deposit':
    case 'record_withdrawal_request':
    case 'advance_withdrawal_request':
    case 'record_chain_withdrawal':
    case 'record_word':
    case 'close_gate':
    case 'open_orders':
    case 'reveal_order':
    case 'record_proof':
    case 'settle_interval':
    case 'tend_trades':
    case 'tend_payments':
    case 'record_payment':
    case 'record_netting':
      return undefined
    case 'submit_readings':
      return `g${command.gateway}:${command.id}`
    default:
      return `${command.account}:${command.id}`
  }
}

function repeatedOutcome(state: State, key: string, command: Command): Outcome | undefined {
  const before = state.remembered.get(key)
  if (before === undefined || !('digest' in command)) return undefined
  if (before.digest !== command.digest) return reject('id_exists', 'id')
  return { kind: 'accepted', sequence: before.sequence, repeated: true, result: before.result }
}

function remember(
  state: State,
  at: number,
  key: string,
  command: Command,
  outcome: Extract<Outcome, { kind: 'accepted' }>,
): void {
  if (!('digest' in command)) return
  const account = 'account' in command ? command.account : -1
  const { result, sequence } = outcome
  state.remembered.set(key, { account, digest: command.digest, result, sequence })
  const interval = lastReplayable(state, at, command)
  if (interval === undefined) return
  const expiring = state.expiring.get(interval)
  if (expiring === undefined) state.expiring.set(interval, [key])
  else expiring.push(key)
}

/** Until when a proposal may be answered: after that, who accepts it again is refused. */
function proposalEnd(state: State, at: number, contract: string): number {
  const trade = tradeOf(state, contract)
  return (trade && termsOfTrade(trade)?.expiresAt) ?? at
}

/** The interval with which an id may be forgotten: a replay would be refused by its date. */
function lastReplayable(state: State, at: number, command: Command): number | undefined {
  if (command.kind === 'place_order' || command.kind === 'place_sealed_order') {
    return command.interval
  }
  // What they took back stood in an interval that takes orders: with that, it is unknown.
  switch (command.kind) {
    case 'cancel_order':
    case 'decline_trade':
    case 'withdraw_trade':
    case 'withdraw_offer':
      return lastOpenOfAll(state, at)
    case 'propose_trade':
      return currentInterval(state, command.terms.expiresAt)
    case 'accept_trade':
      return currentInterval(state, proposalEnd(state, at, command.digest))
    case 'place_offer':
      return currentInterval(state, command.content.expiresAt)
    case 'limit_delivery':
      return command.content.fromInterval
  }
  if (command.kind !== 'submit_readings') return undefined
  return currentInterval(state, at)
}
