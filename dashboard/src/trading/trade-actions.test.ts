/**
 * Goal: each side of a trade is offered what it may do at the moment, and nothing else.
 * Method: a table of trades as both sides are shown them.
 */
import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ContractTerms, PartyTrade } from '@busbar/protocols/api'
import { actionsOf, conditionsOf, energyOf, inOrder, sideOf } from './trade-actions.ts'

const terms = {
  ...{ seller: 4, buyer: 5, exitFeeMicros: null, intervals: 4 },
  profile: { kind: 'per-interval', energyWh: 300 },
} as unknown as ContractTerms

const tradeWith = (change: Partial<PartyTrade>): PartyTrade =>
  ({ trade: 1, status: 'invited', proposal: null, versions: [], ...change }) as PartyTrade

const proposal = (seller: string | null, buyer: string | null, proposer: number | null = 4) =>
  ({ terms, proposer, sellerSignature: seller, buyerSignature: buyer }) as PartyTrade['proposal']

const inForce = (change: Partial<ContractTerms> = {}) =>
  [{ terms: { ...terms, ...change } }] as unknown as PartyTrade['versions']

describe('a side', () => {
  const cases: readonly (readonly [
    what: string, trade: PartyTrade, seller: readonly string[], buyer: readonly string[],
  ])[] = [
    [
      'of an invitation', tradeWith({ proposal: proposal('0x', null) }),
      ['withdraw'], ['accept', 'counter', 'decline'],
    ],
    [
      'of a match', tradeWith({ proposal: proposal(null, null, null) }),
      ['accept', 'decline'], ['accept', 'decline'],
    ],
    [
      'of a match that one has signed', tradeWith({ proposal: proposal('0x', null, null) }),
      ['withdraw'], ['accept', 'decline'],
    ],
    [
      'of a change', tradeWith({
        status: 'agreed', versions: inForce(), proposal: proposal(null, '0x', 5),
      }),
      ['accept', 'counter', 'decline'], ['withdraw'],
    ],
    ['of what is agreed', tradeWith({ status: 'agreed', versions: inForce() }),
      ['cancel'], ['cancel']],
    [
      'that may leave', tradeWith({ status: 'agreed', versions: inForce({ exitFeeMicros: 5 }) }),
      ['cancel', 'exit'], ['cancel', 'exit'],
    ],
    ['of what is over', tradeWith({ status: 'completed', versions: inForce() }), [], []],
    ['of what was declined', tradeWith({ status: 'declined' }), [], []],
  ]
  for (const [what, trade, seller, buyer] of cases) {
    test(what, () => deepEqual([actionsOf(trade, 4), actionsOf(trade, 5)], [seller, buyer]))
  }

  test('is told what asks for an answer first', () => {
    const trades = [
      tradeWith({ trade: 1, status: 'completed', versions: inForce() }),
      tradeWith({ trade: 2, status: 'agreed', versions: inForce() }),
      tradeWith({ trade: 3, proposal: proposal('0x', null) }),
      tradeWith({ trade: 4, proposal: proposal('0x', null) }),
    ]
    deepEqual(inOrder(trades, 5).map(({ trade }) => trade), [4, 3, 2, 1])
    deepEqual(inOrder(trades, 4).map(({ trade }) => trade), [4, 3, 2, 1])
    deepEqual([sideOf(terms, 4), sideOf(terms, 5)], ['seller', 'buyer'])
  })

  test('reads energy as it is contracted', () => {
    deepEqual(energyOf(terms), { eachWh: 300, totalWh: 1_200 })
    const profile = { kind: 'total', energyWh: 500, weights: [] } as const
    deepEqual(energyOf({ ...terms, profile: { ...profile, weights: [] } }), {
      ...{ eachWh: null, totalWh: 500 },
    })
  })
})

describe('what a signature binds to', () => {
  const plain = {
    ...{ ...terms, sellerMeter: 1, buyerMeter: 2, toleranceBasisPoints: 0 },
    ...{ penaltyBasisPoints: 0, buyerShort: 'actual', platform: null, platformFeeMicrosPerKwh: 0 },
  } as ContractTerms

  test('is the meter of the side that signs, and nothing else where nothing is', () => {
    deepEqual(conditionsOf(plain, 4), [{ kind: 'meter', meter: 1 }])
    deepEqual(conditionsOf(plain, 5), [{ kind: 'meter', meter: 2 }])
  })

  const cases: readonly (readonly [change: Partial<ContractTerms>, shown: object])[] = [
    [
      { toleranceBasisPoints: 525, penaltyBasisPoints: 30_000 },
      { kind: 'short', tolerance: 0.0525, penalty: 3 },
    ],
    [{ buyerShort: 'contracted' }, { kind: 'contracted' }],
    [{ exitFeeMicros: 900_000_000 }, { kind: 'exit', feeMicros: 900_000_000 }],
    [{ exitFeeMicros: 0 }, { kind: 'exit', feeMicros: 0 }],
    [
      { platform: 9, platformFeeMicrosPerKwh: 70 },
      { kind: 'platform', platform: 9, feeMicrosPerKwh: 70 },
    ],
  ]
  for (const [change, shown] of cases) {
    test(JSON.stringify(change), () => {
      deepEqual(conditionsOf({ ...plain, ...change }, 4).slice(1), [shown])
    })
  }
})
