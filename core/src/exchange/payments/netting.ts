import { addOwed, nettable, type Netting } from '../../payments/index.ts'
import { plan } from './agenda.ts'
import { intervalMilliseconds, rulebookFor } from '../lookups.ts'
import { accepted, type Applied, type Effect } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeSystemCommand } from '../trading/trade-command.ts'

/** Orders the transfers by which retailers settle what their customers moved, once a cycle. */
export function raiseNettings(state: State, at: number, sequence: number): Effect[] {
  const book = state.trading.netting
  const effects: Effect[] = []
  for (const { debtor, creditor, amount } of nettable(book.between)) {
    book.last += 1
    const netting = book.last
    addOwed(book.between, creditor, debtor, amount)
    const raised: Netting = {
      ...{ netting, batch: sequence, debtor, creditor, amount },
      ...{ state: 'ordered', reference: '', at, sequence },
    }
    book.nettings.set(netting, raised)
    effects.push({ kind: 'netting_changed', netting, state: 'ordered' })
  }
  return effects
}

type Word = Extract<TradeSystemCommand, { kind: 'record_netting' }>

/**
 * Takes what the bank says of a transfer: it was paid, or it came back, also after it was paid.
 * What came back is owed again, and goes into the next netting.
 */
export function recordNetting(
  state: State,
  at: number,
  sequence: number,
  { netting: number, state: word, reference }: Word,
): Applied | Rejected {
  if (reference.length < 1 || reference.length > 200 || reference.startsWith('#')) {
    return reject('field_invalid', 'reference', '1 to 200 characters, none of them # first')
  }
  const book = state.trading.netting
  const netting = book.nettings.get(number)
  if (netting === undefined) return reject('netting_unknown', 'netting')
  const result = { kind: 'netting_recorded', netting: number, state: word } as const
  if (netting.state === word) {
    if (netting.reference !== reference) return reject('payment_exists', 'reference')
    const { sequence: before } = netting
    return { outcome: { kind: 'accepted', sequence: before, repeated: true, result }, effects: [] }
  }
  if (netting.state === 'returned') return reject('netting_not_awaited', 'state', netting.state)
  netting.state = word
  netting.reference = reference
  netting.sequence = sequence
  if (word === 'returned') {
    addOwed(book.between, netting.debtor, netting.creditor, netting.amount)
    const { collectionIntervals = 1 } = rulebookFor(state, state.clearedThrough + 1).trades ?? {}
    plan(state, 'netting', 0, at + collectionIntervals * intervalMilliseconds(state))
  }
  return accepted(sequence, result, [{ kind: 'netting_changed', netting: number, state: word }])
}
