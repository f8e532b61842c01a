/**
 * Goal: what retailers owe each other is transferred in whole cents, pair by pair, and nothing is
 * lost: what was transferred and what waits is what was owed.
 * Method: properties over random flows between a few houses, and cases at the cent. `SEED=…`
 * replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addOwed, emptyNetting, nettable } from './index.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 500, ...(seed === undefined ? {} : { seed }) }

test('below a cent nothing is transferred, and what is above waits for the next', () => {
  const book = emptyNetting()
  addOwed(book.between, 4, 9, 9_999n)
  deepEqual(nettable(book.between), [])
  addOwed(book.between, 4, 9, 30_002n)
  deepEqual(nettable(book.between), [{ debtor: 4, creditor: 9, amount: 40_000n }])
})

test('both ways it is one transfer, and with oneself none', () => {
  const book = emptyNetting()
  addOwed(book.between, 4, 9, 50_000n)
  addOwed(book.between, 9, 4, 80_000n)
  addOwed(book.between, 9, 9, 80_000n)
  deepEqual(nettable(book.between), [{ debtor: 9, creditor: 4, amount: 30_000n }])
})

const flow = fc.record({
  from: fc.nat(3), to: fc.nat(3), amount: fc.integer({ min: 1, max: 10 ** 6 }),
})

test('transferred and waiting are what was owed, for each pair', () => {
  fc.assert(fc.property(fc.array(flow, { maxLength: 40 }), fc.nat(40), (flows, cut) => {
    const book = emptyNetting()
    const owed = new Map<string, bigint>()
    const settle = (): void => {
      for (const { debtor, creditor, amount } of nettable(book.between)) {
        equal(amount % 10_000n, 0n)
        ok(amount > 0n && debtor !== creditor)
        addOwed(book.between, creditor, debtor, amount)
        const isUp = debtor < creditor
        const key = isUp ? `${debtor}:${creditor}` : `${creditor}:${debtor}`
        owed.set(key, (owed.get(key) ?? 0n) - (isUp ? amount : -amount))
      }
    }
    for (const [index, { from, to, amount }] of flows.entries()) {
      if (index === cut) settle()
      addOwed(book.between, from, to, BigInt(amount))
      if (from === to) continue
      const key = from < to ? `${from}:${to}` : `${to}:${from}`
      owed.set(key, (owed.get(key) ?? 0n) + (from < to ? 1n : -1n) * BigInt(amount))
    }
    settle()
    for (const [key, left] of owed) {
      equal(book.between.get(key) ?? 0n, left)
      ok(left > -10_000n && left < 10_000n, 'less than a cent waits')
    }
  }), options)
})
