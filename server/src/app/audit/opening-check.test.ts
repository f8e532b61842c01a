/**
 * Goal: an audit finds an order that could be opened and was left closed, and nothing in what was
 * opened rightly.
 * Method: orders encrypted by the product to a key that the test has; then one thing at a time is
 * said otherwise than it is.
 */
import { equal, match } from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Command } from '@busbar/core/exchange'
import { encodeOpening } from '@busbar/protocols/sealed-orders'
import {
  labelOf,
  seal as encrypt,
  signShare,
  timelockReady,
  verificationKeyOf,
} from '@busbar/protocols/timelock'
import { committee, seal, sealedRulebook } from '../../testing/sealed-market.ts'
import { first, SmallMarket } from '../../testing/small-market.ts'
import { placeOf } from '../engines.ts'
import { openingFault } from './opening-check.ts'

type OpenOrders = Extract<Command, { readonly kind: 'open_orders' }>

const secret = `0x${'0'.repeat(60)}1234`
let market: SmallMarket
let right: OpenOrders

before(async () => {
  await timelockReady()
  market = await SmallMarket.open(sealedRulebook)
  const publicKey = verificationKeyOf(secret)
  await market.instruct('operator', 'appoint_committee', { ...committee, publicKey })
  market.opening.deadZones.add(0)
  const label = labelOf({ ...placeOf(market.chain.deployment), zone: 0, interval: first })
  const orders = [seal(market, 'alice'), seal(market, 'bob', { side: 'buy' })].map((made, turn) => {
    const { opening, order: { commitment } } = made
    const plaintext = encodeOpening(opening)
    const random = new Uint8Array(48).fill(turn + 1)
    return {
      opening,
      commitment,
      ciphertext: encrypt({ label, publicKey, commitment, plaintext, random }),
    }
  })
  // Sealed once more with the real ciphertext: the signature covers it.
  const sealed = orders.map(({ opening, ciphertext }) => {
    const name = opening.side === 'sell' ? 'alice' : 'bob'
    return seal(market, name, { ...opening, ciphertext })
  })
  const unreadable = seal(market, 'bob', { side: 'buy', ciphertext: `0x${'c0'.repeat(121)}` })
  const all = [...sealed, unreadable]
  const answers = await market.intake.sealedOrders(all.map(({ order }) => order))
  equal(answers.filter(({ kind }) => kind === 'accepted').length, 3)
  await market.to(-1, 240)
  const openings = all
    .toSorted((a, b) => (a.order.commitment < b.order.commitment ? -1 : 1))
    .map((one) => (one === unreadable ? null : one.opening))
  const evidence = signShare(secret, label)
  right = { kind: 'open_orders', zone: 0, interval: first, openings, evidence }
})

const faultOf = (command: Command): string | undefined =>
  openingFault(command, market.state, placeOf(market.chain.deployment))

test('what was opened rightly is found right, and other commands are none of its business', () => {
  equal(faultOf(right), undefined)
  equal(faultOf({ kind: 'close_gate', interval: first }), undefined)
})

test('an order that was left closed is found', () => {
  for (const index of right.openings.keys()) {
    if (right.openings[index] === null) continue
    const openings = right.openings.with(index, null)
    match(faultOf({ ...right, openings }) ?? '', /opens to something else/)
  }
})

test('an order that was opened to something else is found', () => {
  const index = right.openings.findIndex((opening) => opening !== null)
  const opening = right.openings[index] ?? null
  if (opening === null) throw new Error('one of them opens')
  const other = { ...opening, energyWh: opening.energyWh + 1 }
  match(faultOf({ ...right, openings: right.openings.with(index, other) }) ?? '', /something else/)
})

test('a signature of somebody else is found, and bytes that are none', () => {
  const other = labelOf({ ...placeOf(market.chain.deployment), zone: 0, interval: first + 1 })
  for (const evidence of ['', '0x', `0x${'51'.repeat(96)}`, signShare(secret, other)]) {
    match(faultOf({ ...right, evidence }) ?? '', /not the signature of the committee/)
  }
})
