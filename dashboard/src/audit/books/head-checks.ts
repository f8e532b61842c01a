import {
  holdsWord,
  type OperatorTerms,
  operatorsTransaction,
  type SignedTransaction,
} from '@busbar/client'
import type { JournalHead, PublicInterval } from '@busbar/protocols/api'
import { entryHash } from '@busbar/protocols/journal'

/** What is shown of a head; the words are in the catalogues under `head.check.…`. */
export const headCheckNames = ['hash', 'signed', 'roots', 'noted'] as const
export type HeadCheckName = (typeof headCheckNames)[number]

/** `open`: cannot be shown here, or not yet. */
export type HeadCheck = {
  readonly name: HeadCheckName
  readonly state: 'holds' | 'fails' | 'open'
}

export type HeadTerms = OperatorTerms

/** What of a head this browser has seen before. */
export type NotedHead = Pick<JournalHead, 'sequence' | 'hash'>

/**
 * Checks one head here: that its hash is that of its contents and of all that was before, that the
 * operator signed the transactions for this chain, that they hold the roots that everybody is
 * shown, and that it is what it was when this browser saw it before.
 *
 * @param intervals of which the head put something on the chain, as far as they are still shown
 */
export function headChecks(
  head: JournalHead,
  intervals: readonly PublicInterval[],
  noted: NotedHead | undefined,
  terms: HeadTerms,
): readonly HeadCheck[] {
  const signed = signedOf(head, terms)
  return [
    { name: 'hash', state: hashState(head) },
    { name: 'signed', state: signed === 'fails' ? 'fails' : signed.length > 0 ? 'holds' : 'open' },
    { name: 'roots', state: signed === 'fails' ? 'open' : rootState(head, intervals, signed) },
    { name: 'noted', state: noted === undefined ? 'open' : judged(noted.hash === head.hash) },
  ]
}

const judged = (isSo: boolean): 'holds' | 'fails' => (isSo ? 'holds' : 'fails')

const hashState = (head: JournalHead): HeadCheck['state'] =>
  head.body === null ? 'open' : judged(entryHash({ ...head, body: head.body }) === head.hash)

/** The transactions that are shown whole; `fails` if one of them is not the operator's for here. */
function signedOf(
  { sent, transactions }: JournalHead,
  terms: HeadTerms,
): readonly SignedTransaction[] | 'fails' {
  const found: SignedTransaction[] = []
  for (const one of sent) {
    if (one.raw === null) continue
    const read = operatorsTransaction(one, terms)
    const isListed = transactions.some(({ txHash }) => txHash === one.txHash)
    if (read === undefined || !isListed) return 'fails'
    found.push(read)
  }
  return found
}

/** Whether the roots of each part that is shown stand in what was signed. */
function rootState(
  { transactions }: JournalHead,
  intervals: readonly PublicInterval[],
  signed: readonly SignedTransaction[],
): HeadCheck['state'] {
  const wanted = transactions.flatMap(({ part, zone, interval, run }) => {
    const shown = intervals.find((one) => one.zone === zone && one.interval === interval)
    if (shown === undefined) return []
    if (part === 'orders') return [shown.ordersRoot]
    if (part === 'clearing') return [shown.clearingRoot]
    const own = part === 'run' ? shown.runs.find((one) => one.run === run) : undefined
    return own === undefined ? [] : [own.readingsRoot, own.postingsRoot]
  })
  const roots = new Set(wanted.filter((root) => root !== null && root !== undefined))
  if (roots.size === 0 || signed.length === 0) return 'open'
  const has = (root: string): boolean => signed.some(({ calldata }) => holdsWord(calldata, root))
  return judged([...roots].every(has))
}
