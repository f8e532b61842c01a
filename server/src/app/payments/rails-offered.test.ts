/**
 * Goal: no server goes on with rules or payments whose money it could not move.
 * Method: markets whose rulebook offers some rails, against sets of rails that are set up.
 */
import { deepEqual, doesNotThrow, throws } from 'node:assert/strict'
import { test } from 'node:test'
import type { OutsideRail } from '@busbar/core/payments'
import { interRetailer, type Rail, rails } from '@busbar/core/rulebook'
import { SmallMarket, smallRulebook } from '../../testing/small-market.ts'
import { railsMissing, railsNeeded, requireRails } from './rails-offered.ts'

const { trades } = interRetailer
const rulebookWith = (offered: readonly Rail[]) => ({
  ...smallRulebook,
  ...(trades && { trades: { ...trades, rails: offered } }),
})

test('a market without contracts needs no rail', async () => {
  const { state } = await SmallMarket.open()
  deepEqual([...railsNeeded(state)], [])
  doesNotThrow(() => requireRails(railsNeeded(state), new Set()))
})

test('what is missing is named, in the order of rails', async () => {
  const { state } = await SmallMarket.open(rulebookWith(rails))
  const needed = railsNeeded(state)
  const cases: readonly (readonly [OutsideRail[], OutsideRail[]])[] = [
    [[], ['money-block', 'prepaid', 'bill-seller', 'bill-platform']],
    [['prepaid', 'bill-seller'], ['money-block', 'bill-platform']],
    [['money-block', 'prepaid', 'bill-seller', 'bill-platform'], []],
  ]
  for (const [offered, missing] of cases) {
    deepEqual(railsMissing(needed, new Set(offered)), missing)
  }
  throws(() => requireRails(needed, new Set(['prepaid', 'bill-seller'])), {
    code: 'RAIL_NOT_OFFERED',
    details: { rails: 'money-block, bill-platform', variable: 'BUSBAR_RAILS' },
  })
})

test('the ledger itself is always there', async () => {
  const { state } = await SmallMarket.open(rulebookWith(['clearing-house']))
  doesNotThrow(() => requireRails(railsNeeded(state), new Set()))
})
