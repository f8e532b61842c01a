import type { AccountIntervalZone, ChainTransaction } from '@busbar/protocols/api'
import { type Check, outcome, type Terms, waits } from './checks.ts'
import type { ZoneEvidence } from './evidence.ts'
import { unlessMalformed } from './order-checks.ts'
import { holdsWord, readTransaction } from './signed-transaction.ts'

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
  const wanted = transactions.map(({ txHash }) => sent.find((one) => one.txHash === txHash))
  // Not signed yet, or too long to be sent along.
  const isShown = wanted.every((one) => one !== undefined && one.raw !== null)
  if (!isShown) {
    const isAhead = transactions.some(({ txHash }) => txHash === null)
    const isLong = wanted.some((one) => one?.raw === null)
    if (isAhead || isLong) return waits('chain', name, of)
    return outcome('chain', name, false, of)
  }
  const calls: Uint8Array[] = []
  const areSigned = wanted.every((one) =>
    unlessMalformed(() => {
      const read = readTransaction(one?.raw ?? '')
      if (read === undefined) return false
      calls.push(read.calldata)
      return read.hash === one?.txHash && isOperators(read, terms)
    }),
  )
  const holds = areSigned && roots.every((root) => calls.some((call) => holdsWord(call, root)))
  return outcome('chain', name, holds, of)
}

function isOperators(
  { signer, chainId, to }: { signer: string; chainId: bigint; to: string },
  { receiptSigner, domain, contracts }: Terms,
): boolean {
  const known = Object.values(contracts ?? {}).map((address) => address?.toLowerCase())
  return (
    signer === receiptSigner?.toLowerCase() &&
    chainId === BigInt(domain.chainId) &&
    known.includes(to)
  )
}
