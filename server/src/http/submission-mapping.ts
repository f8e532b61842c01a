import type { Result } from '@busbar/core/exchange'
import {
  type ContractItemResult,
  type InstructionItemResult,
  type ItemResult,
  type ReadingsItemResult,
  type RejectedItem,
  type RevealResult,
  type SealedItemResult,
  problemKind,
} from '@busbar/protocols/api'
import type { Submission } from '../app/ports/exchange-service.ts'
import { Refused } from './refused.ts'

type Accepted = Extract<Submission, { kind: 'accepted' }>
type Rejected = Extract<Submission, { kind: 'rejected' }>

export function rejectedItem(id: string, { reason, field, limit }: Rejected): RejectedItem {
  return {
    kind: 'rejected',
    id,
    code: reason,
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
    transient: problemKind(reason).transient,
  }
}

const accepted = (id: string, { sequence, repeated, digest }: Accepted) =>
  ({ kind: 'accepted', id, sequence, repeated, digest }) as const

export const itemResult = (id: string, submission: Submission): ItemResult =>
  submission.kind === 'accepted' ? accepted(id, submission) : rejectedItem(id, submission)

/** With the number that the trade is asked for by, of a signature sent again as well. */
export function contractResult(id: string, submission: Submission): ContractItemResult {
  if (submission.kind === 'rejected') return rejectedItem(id, submission)
  const { result } = submission
  switch (result.kind) {
    case 'trade_proposed':
    case 'trade_agreed':
    case 'trade_changed':
      return { ...accepted(id, submission), trade: result.trade }
    default:
      throw unexpected(result)
  }
}

export function instructionResult(id: string, submission: Submission): InstructionItemResult {
  if (submission.kind === 'rejected') return rejectedItem(id, submission)
  return { ...accepted(id, submission), result: resultOfInstruction(submission.result) }
}

export function readingsResult(id: string, submission: Submission): ReadingsItemResult {
  if (submission.kind === 'rejected') return rejectedItem(id, submission)
  const { result } = submission
  if (result.kind !== 'readings_taken') throw unexpected(result)
  return { ...accepted(id, submission), outcomes: [...result.outcomes] }
}

/** With the receipt: whoever holds it can show on the chain that an order was left out. */
export function sealedResult(id: string, submission: Submission): SealedItemResult {
  if (submission.kind === 'rejected') return rejectedItem(id, submission)
  const { result, receipt, sequence } = submission
  if (result.kind !== 'sealed_order_placed' || receipt === undefined) throw unexpected(result)
  const { commitment, zone, interval } = result
  return {
    ...accepted(id, submission),
    receipt: { commitment, zone, interval, sequence, signature: receipt },
  }
}

export function revealResult(commitment: string, submission: Submission): RevealResult {
  if (submission.kind === 'accepted') return { kind: 'accepted', commitment }
  const { code, field, limit, transient } = rejectedItem('', submission)
  return {
    ...{ kind: 'rejected', commitment, code },
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
    transient,
  }
}

type InstructionResult = Extract<InstructionItemResult, { kind: 'accepted' }>['result']

function resultOfInstruction(result: Result): InstructionResult {
  switch (result.kind) {
    case 'participant_admitted':
    case 'participant_changed':
      return { kind: result.kind, account: result.account }
    case 'passkey_registered': {
      const { kind, account, publicKey, signsFrom: signsFromMs } = result
      return { kind, account, publicKey, signsFromMs }
    }
    case 'join_code_issued': {
      const { kind, account, publicKey, until: untilMs } = result
      return { kind, account, publicKey, untilMs }
    }
    case 'mandate_granted':
    case 'mandate_revoked':
    case 'join_code_revoked':
    case 'passkey_revoked':
      return { kind: result.kind, account: result.account, publicKey: result.publicKey }
    case 'zone_registered':
      return { kind: result.kind, zone: result.zone }
    case 'gateway_registered':
      return { kind: result.kind, gateway: result.gateway }
    case 'meter_registered':
    case 'meter_replaced':
      return { kind: result.kind, meter: result.meter }
    case 'tariff_set':
    case 'rulebook_scheduled':
    case 'committee_appointed':
      return { kind: result.kind, fromInterval: result.fromInterval }
    case 'trade_changed':
    case 'offer_changed':
    case 'delivery_limited':
    case 'wheeling_set':
    case 'utility_assigned':
    case 'agreement_recorded':
    case 'consent_given':
    case 'default_changed':
    case 'prepaid_topped_up':
    case 'payment_recorded':
      return result
    case 'proposal_made': {
      const { kind, proposal, expiresAt: expiresAtMs } = result
      return { kind, proposal, expiresAtMs }
    }
    case 'proposal_decided':
      return result
    case 'funding_ordered':
      return { kind: result.kind, accounts: result.accounts }
    default:
      throw unexpected(result)
  }
}

const unexpected = (result: Result): Error =>
  new Error(`invariant broken: ${result.kind} does not answer what was asked`)

/**
 * The one refusal that a whole answer is: a single command that was rejected, or a server that took
 * none of them. Undefined where each item has its own result.
 */
export function wholeRefusal(submissions: readonly Submission[]): Refused | undefined {
  const [first] = submissions
  if (first?.kind !== 'rejected') return undefined
  const { reason, field, limit } = first
  const about = {
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
  }
  if (submissions.length === 1) return new Refused(reason, about)
  if (reason !== 'server_busy' && reason !== 'server_stopping') return undefined
  const none = submissions.every((other) => other.kind === 'rejected' && other.reason === reason)
  return none ? new Refused(reason) : undefined
}
