/**
 * Goal: everybody hears of offers that everybody can see, also when they go, and of no other; and
 * of a withdrawal when the chain has paid it.
 * Method: the board alone, with offers by chance, against a plain list of what it shows.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import type { Effect, State } from '@busbar/core/exchange'
import type { Offer } from '@busbar/core/trades'
import fc from 'fast-check'
import { finalEventOf, PublicEvents } from './stream-events.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const offerOf = (offer: number, isPublic: boolean): Offer => {
  const steps = [{ with: 'participant', number: 9 }, ...(isPublic ? [{ with: 'anyone' }] : [])]
  return { offer, content: { ladder: steps } } as unknown as Offer
}

const stateOf = (offers: ReadonlyMap<number, Offer>) => ({ trading: { offers } }) as State

const changed = (offer: number): Effect => ({ kind: 'offer_changed', offer, status: 'open' })

test('an offer is told of while it is on the board, and once when it is gone', () => {
  const number = fc.integer({ min: 1, max: 5 })
  const step = fc.record({ number, isThere: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step), fc.uniqueArray(number), (steps, atFirst) => {
      const offers = new Map(atFirst.map((one) => [one, offerOf(one, one % 2 === 0)]))
      const events = new PublicEvents(stateOf(offers))
      for (const { number: one, isThere } of steps) {
        const isPublic = one % 2 === 0
        const before = offers.has(one)
        if (isThere) offers.set(one, offerOf(one, isPublic))
        else offers.delete(one)
        const told = isPublic && (before || isThere)
        const wanted = told ? [{ kind: 'board_changed', offer: one }] : []
        deepEqual(events.of(stateOf(offers), [{ effect: changed(one) }]), wanted)
      }
    }),
    replay,
  )
})

test('a withdrawal that is final is told of, and a stage of a run is not', () => {
  const txHash = `0x${'77'.repeat(32)}`
  deepEqual(finalEventOf(`withdraw/7/0x${'1d'.repeat(16)}`, txHash), {
    ...{ kind: 'withdrawal_final', account: 7, txHash },
  })
  equal(finalEventOf('settle/0/5/0/stage/1', txHash), undefined)
})
