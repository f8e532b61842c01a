/**
 * Goal: the one state machine of all rails moves money at most once, whatever a rail says and in
 * whichever order, and ends.
 * Method: the table is read as a market operator would: each state with the words it awaits; then
 * properties over random sequences of words. `SEED=…` replays.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  nextPaymentState,
  paymentMoves,
  paymentTable,
  railWords,
  type PaymentMove,
  type RailWord,
} from './payment-machine.ts'
import { type PaymentState, paymentStates } from './payment.ts'

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)
const options = { numRuns: 1_000, ...(seed === undefined ? {} : { seed }) }

/** What a rail may say in each state, and where that leads. All else is refused. */
const said: Readonly<Record<PaymentState, string>> = {
  reserving: 'reserved → reserved, failed → failed',
  reserved: 'reserved → reserved, expired → expired, failed → expired',
  renewing: 'reserved → reserved, expired → expired, failed → expired',
  capturing: 'asked → capturing, captured → captured, expired → failed, failed → failed',
  postponed: 'asked → postponed, captured → captured, expired → failed, failed → failed',
  releasing: 'captured → captured, released → released, expired → expired, failed → failed',
  captured: '',
  released: '',
  expired: '',
  failed: '',
}

describe('the states of a payment', () => {
  for (const state of paymentStates) {
    test(`${state} awaits ${said[state] || 'nothing more'}`, () => {
      const found = railWords
        .filter((word) => paymentTable[state][word] !== undefined)
        .map((word) => `${word} → ${paymentTable[state][word]}`)
      equal(found.join(', '), said[state])
    })
  }

  const words = fc.array(fc.constantFrom<RailWord | PaymentMove>(...railWords, ...paymentMoves), {
    maxLength: 40,
  })
  const first = fc.constantFrom<PaymentState>(...paymentStates)

  test('capture at most once, and never after an end', () => {
    fc.assert(fc.property(first, words, (from, said) => {
      let [state, captures] = [from, 0]
      for (const word of said) {
        const next = nextPaymentState(state, word)
        if (next === undefined) continue
        ok(!['captured', 'released', 'expired', 'failed'].includes(state), 'an end is an end')
        if (next === 'captured') {
          equal(word, 'captured', 'money moves by the rail’s word alone')
          captures += 1
        }
        state = next
      }
      ok(captures <= 1)
    }), options)
  })

  test('can each be left towards an end, and each move is used', () => {
    const reach = (state: PaymentState, seen = new Set<PaymentState>()): Set<PaymentState> => {
      if (seen.has(state)) return seen
      seen.add(state)
      for (const next of Object.values(paymentTable[state])) reach(next, seen)
      return seen
    }
    for (const state of paymentStates) {
      const ends = [...reach(state)].filter((one) => Object.keys(paymentTable[one]).length === 0)
      ok(ends.length > 0, state)
    }
    const used = new Set(paymentStates.flatMap((state) => Object.keys(paymentTable[state])))
    deepEqual([...used].sort(), [...railWords, ...paymentMoves].sort())
  })
})
