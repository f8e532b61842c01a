import { assert } from '@busbar/core/errors'
import { type Effect, recordOf, rulebookFor, type State } from '@busbar/core/exchange'
import { clearingRoots, rulebookHash, runRoots } from './commitments.ts'
import type { ChainEffect } from './ports/chain.ts'

/**
 * What an effect of the core means for the chain; undefined where the chain has no part in it.
 *
 * Called right after the command was applied, because roots are taken of the state as it was then.
 */
export function chainEffectOf(state: State, effect: Effect): ChainEffect | undefined {
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
    case 'interval_cleared':
      return clearingCommitment(state, effect.zone, effect.interval)
    case 'run_posted': {
      const { zone, interval, run } = effect
      const record = recordOf(state, zone, interval)
      const posted = record?.runs[run]
      assert(record !== undefined && posted !== undefined, 'a posted run is in the state')
      const roots = runRoots(state, record, posted)
      return { kind: 'settle_run', zone, interval, run, ...roots, net: posted.net }
    }
    case 'withdrawal_released': {
      const { id, account, amount, to, signature } = effect
      return { kind: 'withdraw', id, account, amount, to, signature }
    }
    case 'withdrawal_due': {
      const { account, reference } = effect
      return { kind: 'claim', account, reference }
    }
    case 'order_placed':
    case 'withdrawal_paid':
    case 'deposit_recorded':
    case 'readings_counted':
    case 'rulebook_scheduled':
      return undefined
  }
}

function clearingCommitment(state: State, zone: number, interval: number): ChainEffect {
  const record = recordOf(state, zone, interval)
  assert(record !== undefined, 'a cleared interval is in the state')
  return {
    kind: 'commit_clearing',
    zone,
    interval,
    ...clearingRoots(record),
    rulebookHash: rulebookHash(rulebookFor(state, interval)),
  }
}
