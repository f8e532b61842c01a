import { holdOf, releaseHold, setHold, unheldOf } from '../ledger/index.ts'
import { firstParticipantAccount } from '../registry/index.ts'
import { Micros } from '../units/index.ts'
import type { SystemCommand } from './command.ts'
import { estimateHoldKey, gateOf, recordOf, rulebookFor, unprovenHoldKey } from './lookups.ts'
import { accepted, type Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { IntervalRecord, ProofState, State } from './state.ts'

const proofStates = ['proven', 'faulty', 'overdue'] as const
const referenceMax = 256

/** What the chain may say next. A proof shows nothing of a dropped order; a fault stays. */
const follows: Record<ProofState, readonly (typeof proofStates)[number][]> = {
  none: [],
  awaited: ['proven', 'faulty', 'overdue'],
  overdue: ['proven', 'faulty'],
  proven: ['faulty'],
  faulty: [],
}

/**
 * Records what the chain says of a clearing's proof. A fault ends it, as it does on the chain; it
 * may be shown of a proven clearing too, and holds back again what the interval has credited.
 */
export function recordProof(
  state: State,
  at: number,
  sequence: number,
  command: Extract<SystemCommand, { kind: 'record_proof' }>,
): Applied | Rejected {
  const { zone, interval, state: said, reference } = command
  if (!proofStates.includes(said)) {
    return reject('field_invalid', 'state', `one of ${proofStates.join(', ')}`)
  }
  if (typeof reference !== 'string' || reference.length < 1 || reference.length > referenceMax) {
    return reject('field_invalid', 'reference', `1 to ${referenceMax} characters`)
  }
  const record = recordOf(state, zone, interval)
  if (record === undefined || record.status === 'open' || record.status === 'fixed') {
    return reject('interval_not_cleared', 'interval')
  }
  const { proof } = record
  if (!follows[proof].includes(said)) {
    return reject('proof_not_awaited', 'interval', `its proof is ${proof}`)
  }
  const { proofDeadlineSeconds } = rulebookFor(state, interval)
  if (said === 'overdue' && at < gateOf(state, interval) + proofDeadlineSeconds * 1_000) {
    return reject('field_invalid', 'state', 'overdue only after the deadline')
  }
  record.proof = said
  record.proofReference = reference
  holdUnproven(state, record)
  return accepted(sequence, { kind: 'proof_recorded', state: said }, [
    { kind: 'interval_proven', zone, interval, state: said },
  ])
}

/** Whether the interval's final run waits until its clearing is proven. */
export const awaitsProof = (state: State, { interval, proof }: IntervalRecord): boolean =>
  rulebookFor(state, interval).proof === 'required' && proof !== 'proven' && proof !== 'none'

/** Whether what an interval has credited is held back. */
const isHeldBack = (state: State, record: IntervalRecord): boolean =>
  awaitsProof(state, record) || record.proof === 'overdue' || record.proof === 'faulty'

/** Gives what is held back of an interval's credits free, so that its next run can use it. */
export function releaseUnproven(state: State, record: IntervalRecord): void {
  const { zone, interval } = record
  for (const account of creditsOf(record).keys()) {
    releaseHold(state.ledger, unprovenHoldKey(account, zone, interval))
  }
}

/**
 * Holds back what the interval's runs together have credited to each participant, if its proof asks
 * for that, as far as the money is there and not held back for its estimates already. So it is when
 * a fault is shown after the final run as well: what has left an account by then is not fetched
 * back, what comes later is not held back for it, and no account goes below zero.
 */
export function holdUnproven(state: State, record: IntervalRecord): void {
  releaseUnproven(state, record)
  if (!isHeldBack(state, record)) return
  const { zone, interval } = record
  for (const [account, credit] of creditsOf(record)) {
    const rest = credit - holdOf(state.ledger, estimateHoldKey(account, zone, interval))
    const unheld = unheldOf(state.ledger, account)
    const amount = rest < unheld ? rest : unheld
    if (amount <= 0n) continue
    setHold(state.ledger, unprovenHoldKey(account, zone, interval), account, Micros.from(amount))
  }
}

/**
 * What the chain may hold back of an account whatever else is held: all that unproven intervals
 * have credited to it where a proof is required. The contract counts runs apart where they are far
 * apart, so each run counts by itself here: that is never less.
 */
export function unprovenCredit(state: State, account: number): bigint {
  let sum = 0n
  for (const zoneIntervals of state.intervals.values()) {
    for (const record of zoneIntervals.values()) {
      if (record.runs.length === 0 || !awaitsProof(state, record)) continue
      for (const { net } of record.runs) {
        const amount = net.find((line) => line.account === account)?.amount ?? 0n
        if (amount > 0n) sum += amount
      }
    }
  }
  return sum
}

/** By participant. The exchange's own accounts cannot withdraw, and the guarantee must not wait. */
function creditsOf({ runs }: IntervalRecord): Map<number, bigint> {
  const sums = new Map<number, bigint>()
  for (const { net } of runs) {
    for (const { account, amount } of net) {
      if (account < firstParticipantAccount) continue
      sums.set(account, (sums.get(account) ?? 0n) + amount)
    }
  }
  return sums
}
