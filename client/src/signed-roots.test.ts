/**
 * Goal: roots count as signed only where the operator's own transactions, for this chain and these
 * contracts, hold each of them.
 * Method: transactions signed here; then one thing at a time that is not as it has to be.
 */
import { equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChainTransaction, SentTransaction } from '@busbar/protocols/api'
import { operatorsTransaction, type OperatorTerms, rootsSigned } from './signed-roots.ts'
import { operatorAddress, operatorTransaction } from './testing/operator-transaction.ts'

const [log, elsewhere] = [`0x${'c1'.repeat(20)}`, `0x${'c2'.repeat(20)}`]
const [one, two, three] = ['01', '02', '03'].map((byte) => `0x${byte.repeat(32)}`)
const chainId = 31_337

const terms = {
  receiptSigner: operatorAddress,
  domain: { chainId },
  contracts: { intervalLog: log },
} as unknown as OperatorTerms

const first = operatorTransaction(chainId, log, [one ?? ''])
const second = operatorTransaction(chainId, log, [two ?? ''], 2)

const listed = (...sent: readonly { readonly txHash: string | null }[]) =>
  sent.map(({ txHash }) => ({ txHash }) as ChainTransaction)

const found = (
  roots: readonly (string | undefined)[],
  sent: readonly SentTransaction[],
  transactions = listed(first, second),
): string => rootsSigned(roots.map((root) => root ?? ''), transactions, sent, terms)

describe('roots in transactions', () => {
  test('stand in one or the other', () => {
    equal(found([one, two], [second, first]), 'holds')
    equal(found([two], [first, second]), 'holds')
  })

  test('are not signed where none of them has one', () => {
    equal(found([one, three], [first, second]), 'fails')
  })

  test('wait for a transaction that is not signed yet, or too long to be here', () => {
    equal(found([one], [first], listed(first, { txHash: null })), 'waits')
    equal(found([one], [first, { ...second, raw: null }]), 'waits')
  })

  const others: Readonly<Record<string, readonly SentTransaction[]>> = {
    'is not there': [first],
    'is of another hash': [first, { ...second, raw: first.raw }],
    'is no transaction': [first, { ...second, raw: '0x02' }],
    'is no bytes': [first, { ...second, raw: 'none' }],
  }
  for (const [what, sent] of Object.entries(others)) {
    test(`fail where a transaction ${what}`, () => equal(found([one], sent), 'fails'))
  }

  const strangers = {
    'another chain': operatorTransaction(1, log, [one ?? '']),
    'another contract': operatorTransaction(chainId, elsewhere, [one ?? '']),
  }
  for (const [what, sent] of Object.entries(strangers)) {
    test(`of ${what} are nobody's here`, () => {
      equal(operatorsTransaction(sent, terms), undefined)
      equal(found([one], [sent], listed(sent)), 'fails')
    })
  }

  test('by another key are nobody’s', () => {
    const other = { ...terms, receiptSigner: elsewhere }
    equal(operatorsTransaction(first, other), undefined)
    equal(operatorsTransaction(first, { ...terms, receiptSigner: null }), undefined)
  })
})
