/**
 * Goal: a card is taken as it was given or not at all, and an invitation names each side's own
 * meter and retailer, whichever side one is.
 * Method: tables; an offer and a card answered from both sides.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { interRetailer, openDerToCash } from '@busbar/core/rulebook'
import type { BoardOffer, Market } from '@busbar/protocols/api'
import { answerTo, cardIn, cardText, draftOf, usualTerms } from './contract-draft.ts'

const market = { rulebook: interRetailer as Market['rulebook'] }
const bob = { account: 7, name: 'bob', meter: 1, retailer: 4 }
const alice = { account: 6, meter: 0, retailer: 3 }

describe('a card', () => {
  test('is read as it is given', () => deepEqual(cardIn(cardText(bob)), bob))

  const wrong = [
    '', 'bob', '7', 'null', '{}', '{"account":7,"meter":1,"retailer":4}',
    '{"account":-7,"meter":1,"retailer":4,"name":"bob"}',
    '{"account":7.5,"meter":1,"retailer":4,"name":"bob"}',
    '{"account":"7","meter":1,"retailer":4,"name":"bob"}',
  ]
  for (const text of wrong) test(`is none: ${text}`, () => equal(cardIn(text), undefined))
})

const offer: BoardOffer = {
  ...{ offer: 1, account: 7, retailer: 4, zone: 0, status: 'open' },
  content: {
    ...{ meter: 1, side: 'sell', source: 'any', fromInterval: 2_000_000, intervals: 4 },
    ...{ energyWhPerInterval: 300, ladder: [], rails: ['prepaid'] },
    ...{ toleranceBasisPoints: 500, penaltyBasisPoints: 700, expiresAt: 9 },
  },
}

describe('an invitation', () => {
  test('answers an offer on its terms', () => {
    const terms = answerTo(market, offer, alice, 250_000)
    deepEqual(
      [terms?.seller, terms?.sellerMeter, terms?.sellerRetailer, terms?.buyer, terms?.buyerMeter],
      [7, 1, 4, 6, 0],
    )
    deepEqual([terms?.rail, terms?.priceMicrosPerKwh, terms?.expiresAt], ['prepaid', 250_000, 9])
    deepEqual(terms?.profile, { kind: 'per-interval', energyWh: 300 })
    const asked = { ...offer, content: { ...offer.content, side: 'buy' as const } }
    equal(answerTo(market, asked, alice, 1)?.seller, 6)
    equal(answerTo(market, { ...offer, retailer: null }, alice, 1), undefined)
    equal(answerTo(market, offer, { ...alice, retailer: null }, 1), undefined)
  })

  test('to whom one has the card of lapses at its gate', () => {
    const deal = {
      ...{ fromInterval: 2_000_000, intervals: 1, priceMicrosPerKwh: 1, energyWhEach: 5 },
      ...{ toleranceBasisPoints: 0, penaltyBasisPoints: 0, rail: 'clearing-house' as const },
    }
    const terms = draftOf(market, 'sell', alice, bob, deal)
    deepEqual([terms.seller, terms.buyer, terms.buyerRetailer], [6, 7, 4])
    const { intervalSeconds, gateLeadSeconds } = market.rulebook
    equal(terms.expiresAt, (2_000_000 * intervalSeconds - gateLeadSeconds) * 1_000)
  })
})

describe('where nothing is said of rails, band and penalty', () => {
  test('they are within the rules of the market', () => {
    const { rails, toleranceBasisPoints, penaltyBasisPoints } = usualTerms(market)
    deepEqual([rails.length, toleranceBasisPoints, penaltyBasisPoints], [1, 1_000, 1_000])
    deepEqual(usualTerms({ rulebook: openDerToCash as Market['rulebook'] }).rails, [])
  })

  test('a draft has them, and others where they are said', () => {
    const window = { fromInterval: 2_000_000, intervals: 2, energyWhEach: 5 }
    const deal = { ...window, priceMicrosPerKwh: 90_000 }
    const usual = draftOf(market, 'buy', alice, bob, deal)
    deepEqual([usual.rail, usual.toleranceBasisPoints], [interRetailer.trades?.rails[0], 1_000])
    const said = draftOf(market, 'buy', alice, bob, { ...deal, toleranceBasisPoints: 7 })
    deepEqual([said.toleranceBasisPoints, said.penaltyBasisPoints], [7, 1_000])
  })
})
