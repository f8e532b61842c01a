import { type Proposal, rulebookFor, type State } from '@busbar/core/exchange'
import type { Proposals, ProposalView, ProposedInstruction } from '@busbar/protocols/api'

/** Newest first, each as it stands at `at`, UTC milliseconds of the market. */
export function proposalViews(state: State, at: number): Proposals {
  const proposals = [...state.proposals.values()].reverse().map((one) => viewOf(one, at))
  if (state.market === null) return { proposals, deadlineSeconds: null }
  const { fourEyes } = rulebookFor(state, state.clearedThrough + 1)
  return { proposals, deadlineSeconds: fourEyes?.deadlineSeconds ?? null }
}

function viewOf(one: Proposal, at: number): ProposalView {
  const { proposal, sequence, expiresAt, decided, reason } = one
  const { id, account, kind, content, digest, signature } = one.instruction
  // The next gate says so to everybody; it is so from its deadline on.
  const status = one.status === 'open' && at >= expiresAt ? 'expired' : one.status
  return {
    ...{ proposal, status, sequence, atMs: one.at, expiresAtMs: expiresAt, reason },
    instruction: { id, account, kind, content, digest, signature } as ProposedInstruction,
    decided: decided && {
      ...{ account: decided.account, sequence: decided.sequence, atMs: decided.at },
    },
  }
}
