import { assert } from '@busbar/core/errors'
import {
  bilateralZone,
  type Effect,
  type IntervalRecord,
  recordOf,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import { rulebookHash } from '@busbar/protocols/commitments'
import {
  isSealedBook,
  noFillsRoot,
  openClearingRoot,
  ordersRoot,
  runRoots,
} from './commitments.ts'
import type { ChainEffect } from './ports/chain.ts'
import type { SealedClearing } from './sealed-clearings.ts'

/**
 * What an effect of the core means for the chain; undefined where the chain has no part in it.
 *
 * Called right after the command was applied, because roots are taken of the state as it was then.
 *
 * @param clearingOf of a sealed book, which was cleared just now
 */
export function chainEffectOf(
  state: State,
  effect: Effect,
  clearingOf: (record: IntervalRecord) => SealedClearing,
): ChainEffect | undefined {
  switch (effect.kind) {
    case 'participant_admitted': {
      const { account, address, publicKey } = effect
      return { kind: 'admit', participants: [{ account, address, publicKey }] }
    }
    case 'participant_suspended':
      return { kind: 'suspend', account: effect.account }
    case 'participant_reinstated':
      return { kind: 'reinstate', account: effect.account }
    case 'key_replaced': {
      const { account, address, publicKey } = effect
      return { kind: 'replace_key', account, address, publicKey }
    }
    case 'funding_ordered':
      return { kind: 'fund', reference: effect.reference, deposits: effect.deposits }
    case 'orders_fixed':
      return orderSet(state, effect.zone, effect.interval)
    case 'interval_cleared':
      return clearingCommitment(state, effect.zone, effect.interval, clearingOf)
    case 'run_posted':
      return settledRun(state, effect)
    case 'trade_holds_changed':
      return { kind: 'hold', list: effect.list, holds: effect.holds }
    case 'withdrawal_released': {
      const { id, account, amount, to, signature } = effect
      return { kind: 'withdraw', id, account, amount, to, signature }
    }
    case 'passkey_put_on_chain': {
      const { account, publicKey, host } = effect
      return { kind: 'admit_passkey', account, publicKey, host }
    }
    case 'passkey_revoked': {
      const { account, publicKey, wasOnChain } = effect
      return wasOnChain ? { kind: 'revoke_passkey', account, publicKey } : undefined
    }
    case 'withdrawal_due': {
      const { account, reference } = effect
      return { kind: 'claim', account, reference }
    }
    case 'trade_changed':
    case 'offer_changed':
    case 'delivery_limited':
    case 'payment_changed':
    case 'netting_changed':
    case 'default_changed':
    case 'key_certified':
    case 'passkey_registered':
    case 'objection_raised':
    case 'join_code_issued':
    case 'join_code_revoked':
    case 'mandate_granted':
    case 'mandate_revoked':
    case 'meter_data_requested':
    case 'agreement_recorded':
    case 'order_placed':
    case 'interval_proven':
    case 'withdrawal_paid':
    case 'deposit_recorded':
    case 'readings_counted':
    case 'rulebook_scheduled':
    case 'committee_appointed':
    case 'proposal_changed':
      return undefined
  }
}

function settledRun(
  state: State,
  { zone, interval, run }: Extract<Effect, { readonly kind: 'run_posted' }>,
): ChainEffect {
  const record = recordOf(state, zone, interval)
  const posted = record?.runs[run]
  assert(record !== undefined && posted !== undefined, 'a posted run is in the state')
  const roots = runRoots(state, record, posted)
  const isProofRequired = rulebookFor(state, interval).proof === 'required'
  return {
    kind: 'settle_run',
    ...{ zone, interval, run, isProofRequired, ...roots, net: posted.net },
  }
}

function orderSet(state: State, zone: number, interval: number): ChainEffect {
  const record = recordOf(state, zone, interval)
  assert(record !== undefined, 'a fixed interval is in the state')
  const rulebook = rulebookFor(state, interval)
  const set = {
    ...{ kind: 'fix_orders', zone, interval, ordersRoot: ordersRoot(state, record) } as const,
    orderCount: record.orderCount,
  }
  // The rules of trades stand apart from the auction's: nothing of them is sealed or proven.
  if (zone === bilateralZone) {
    return { ...set, rulebookHash: rulebookHash(rulebook.trades), terms: openTerms }
  }
  return {
    ...set,
    rulebookHash: rulebookHash(rulebook),
    terms: {
      sealedBook: rulebook.orderBook !== 'open',
      proofRequired: rulebook.proof === 'required',
      proofDeadlineSeconds: rulebook.proof === 'none' ? 0 : rulebook.proofDeadlineSeconds,
    },
  }
}

const openTerms = { sealedBook: false, proofRequired: false, proofDeadlineSeconds: 0 }

function clearingCommitment(
  state: State,
  zone: number,
  interval: number,
  clearingOf: (record: IntervalRecord) => SealedClearing,
): ChainEffect {
  const record = recordOf(state, zone, interval)
  assert(record !== undefined, 'a cleared interval is in the state')
  const { price, energy, voids } = record
  const sealed = isSealedBook(state, record) ? clearingOf(record) : undefined
  return {
    kind: 'commit_clearing',
    ...{ zone, interval, price, energy, voidCount: voids.size },
    fillsRoot: sealed?.statement.fillsRoot ?? noFillsRoot,
    clearingRoot: sealed?.clearingRoot ?? openClearingRoot(record),
  }
}
