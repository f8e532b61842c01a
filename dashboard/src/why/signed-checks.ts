import { rootsSigned } from '@busbar/client'
import type { AccountIntervalZone, ChainTransaction } from '@busbar/protocols/api'
import { type Check, outcome, type Terms, waits } from './checks.ts'
import type { ZoneEvidence } from './evidence.ts'

/**
 * That the operator signed the roots, in transactions for this chain and these contracts: whoever
 * has their bytes can show them to anybody.
 */
export function signedChecks(
  zone: AccountIntervalZone,
  { shown }: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const { clearingRoot, commitment } = shown
  const committed = commitment === null || clearingRoot === null
    ? []
    : [signedCheck(zone, [commitment], [clearingRoot], terms)]
  const runs = shown.runs.flatMap(({ run, transactions, readingsRoot, postingsRoot }) =>
    transactions.length === 0 || readingsRoot === null || postingsRoot === null
      ? []
      : [signedCheck(zone, transactions, [readingsRoot, postingsRoot], terms, run)],
  )
  return [...committed, ...runs]
}

function signedCheck(
  { sent }: AccountIntervalZone,
  transactions: readonly ChainTransaction[],
  roots: readonly string[],
  terms: Terms,
  run?: number,
): Check {
  const of = run ?? ''
  const name = run === undefined ? 'transaction-signed' : 'run-signed'
  const found = rootsSigned(roots, transactions, sent, terms)
  if (found === 'waits') return waits('chain', name, of)
  return outcome('chain', name, found === 'holds', of)
}
