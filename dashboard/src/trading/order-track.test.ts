/**
 * Goal: an order is shown as far as it is, and no further.
 * Method: a table of what the exchange says of its interval, for a sealed and an open book.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AccountInterval } from '@busbar/protocols/api'
import { stepsDone, trackOf, unopenedOf } from './order-track.ts'

type Zone = AccountInterval['zones'][number]

const order = { id: `0x${'1d'.repeat(16)}`, zone: 2 }
const endMs = 1_000

const answerWith = (zone: Partial<Zone>): AccountInterval => ({
  ...{ account: 7, interval: 3, startMs: 0, endMs, netMicros: 0 },
  ...{ worthMicros: -9, ledgerMicros: -9, outsideMicros: 0, billedMicros: 0, debtMicros: 0 },
  zones: [
    {
      ...{ zone: 2, status: 'cleared', priceMicrosPerKwh: 180_000, rulebookHash: '' },
      ...{ spreadBasisPoints: 0, feeMicrosPerKwh: 0, tariff: null, orders: [], sealedOrders: [] },
      ...{ trades: [], billed: [] },
      ...{ meters: [], runs: [], netMicros: -9, commitment: null, sent: [] },
      ...zone,
    } as Zone,
  ],
})

const sealed = (outcome: 'filled' | 'unfilled' | 'void', filledWh: number) => ({
  sealedOrders: [
    {
      ...{ id: order.id, commitment: '0x', sequence: 4, outcome, filledWh },
      void: outcome === 'void' ? ('collateral_short' as const) : null,
    },
  ],
})
const run = { run: 0, kind: 'provisional', atMs: 1, items: [], netMicros: -9, transactions: [] }

describe('an order', () => {
  const cases: readonly (readonly [
    what: string, answer: AccountInterval | null, nowMs: number, stage: string, filledWh: number,
  ])[] = [
    ['nothing known', null, 0, 'placed', 0],
    ['another zone', answerWith({ zone: 1, ...sealed('filled', 5) }), 0, 'placed', 0],
    ['before its gate', answerWith({ status: 'open', ...sealed('filled', 5) }), 0, 'placed', 0],
    ['behind its gate', answerWith({ status: 'fixed' }), 0, 'fixed', 0],
    ['void', answerWith({ status: 'fixed', ...sealed('void', 0) }), 0, 'void', 0],
    ['lost', answerWith(sealed('unfilled', 0)), 0, 'unfilled', 0],
    ['won', answerWith(sealed('filled', 5)), 999, 'filled', 5],
    ['after the interval', answerWith(sealed('filled', 5)), endMs, 'delivered', 5],
    ['settled', answerWith({ ...sealed('filled', 5), runs: [run as never] }), 0, 'paid', 5],
    [
      'in an open book', answerWith({ orders: [{ id: order.id, filledWh: 6 } as never] }), 0,
      'filled', 6,
    ],
  ]
  for (const [what, answer, nowMs, stage, filledWh] of cases) {
    test(what, () => {
      const track = trackOf(order, answer, nowMs)
      deepEqual([track.stage, track.filledWh], [stage, filledWh])
      equal(track.worthMicros, stage === 'paid' ? -9 : null)
    })
  }

  test('has so many steps behind it', () => {
    const done = (['placed', 'fixed', 'filled', 'delivered', 'paid', 'void'] as const)
      .map((stage) => stepsDone({ stage }))
    deepEqual(done, [1, 1, 2, 3, 4, 1])
  })
})

describe('an order that nobody has opened', () => {
  const placed = (interval: number) => ({ ...order, interval })
  type Answer = AccountInterval | null | undefined
  const cases: readonly (readonly [string, Answer, number, number])[] = [
    ['before its gate', answerWith({ status: 'open' }), 3, 1],
    ['behind its gate', answerWith({ status: 'fixed' }), 3, 1],
    ['of which no answer has come', undefined, 9, 1],
    ['of an interval that nobody has traded in yet', null, 3, 1],
    ['of an interval that is forgotten', null, 4, 0],
    ['that won', answerWith(sealed('filled', 5)), 3, 0],
    ['that is void', answerWith(sealed('void', 0)), 3, 0],
  ]
  for (const [what, answer, delivering, many] of cases) {
    test(`${what} counts ${many}`, () => {
      equal(unopenedOf([placed(3)], new Map([[3, answer]]), delivering), many)
    })
  }

  test('that is older than those looked at does not count', () => {
    equal(unopenedOf([placed(1)], new Map([[3, null]]), 3), 0)
  })
})
