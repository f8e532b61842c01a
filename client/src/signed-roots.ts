import type { ChainTransaction, Market, SentTransaction } from '@busbar/protocols/api'
import { holdsWord, readTransaction, type SignedTransaction } from './signed-transaction.ts'

/** By which a transaction is known to be the operator's, for this chain and these contracts. */
export type OperatorTerms = Pick<Market, 'contracts' | 'domain' | 'receiptSigner'>

/** A transaction as the operator signed it; undefined for the bytes of anything else. */
export function operatorsTransaction(
  { txHash, raw }: SentTransaction,
  { contracts, domain, receiptSigner }: OperatorTerms,
): SignedTransaction | undefined {
  const read = raw === null ? undefined : readOrNothing(raw)
  const known = Object.values(contracts ?? {}).map((address) => address?.toLowerCase())
  const isTheirs =
    read !== undefined && read.hash === txHash && known.includes(read.to) &&
    read.signer === receiptSigner?.toLowerCase() && read.chainId === BigInt(domain.chainId)
  return isTheirs ? read : undefined
}

/** Bytes that are no transaction are answered like one of somebody else. */
function readOrNothing(raw: string): SignedTransaction | undefined {
  try {
    return readTransaction(raw)
  } catch {
    return undefined
  }
}

/**
 * Whether roots stand in transactions that the operator signed: whoever has their bytes can show
 * them to anybody. `waits` where one is not signed yet, or was too long to be sent along.
 */
export function rootsSigned(
  roots: readonly string[],
  transactions: readonly ChainTransaction[],
  sent: readonly SentTransaction[],
  terms: OperatorTerms,
): 'holds' | 'fails' | 'waits' {
  const calls: Uint8Array[] = []
  let waits = false
  for (const { txHash } of transactions) {
    const one = sent.find((candidate) => candidate.txHash === txHash)
    if (txHash === null || one?.raw === null) waits = true
    else {
      const read = one && operatorsTransaction(one, terms)
      if (read === undefined) return 'fails'
      calls.push(read.calldata)
    }
  }
  if (waits) return 'waits'
  const areIn = roots.every((root) => calls.some((call) => holdsWord(call, root)))
  return areIn ? 'holds' : 'fails'
}
