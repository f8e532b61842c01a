/**
 * Goal: clearing an interval again finds each way in which the chain can have something else than
 * the rule, and nothing where it has what the rule says.
 * Method: an honest chain made by hand from a few orders; then one thing is changed at a time, on
 * the chain or in what was opened.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { derToCash } from '@busbar/core/rulebook'
import type { Openings } from '@busbar/protocols/api'
import { sealedClearingLeaves, voidReasonLeaf } from '@busbar/protocols/commitments'
import { bytesToHex } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import {
  commitmentOf,
  contextOf,
  fillLeafOf,
  setRoot,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import type { WitnessedInterval } from '@busbar/server/own-node/challenger'
import type { Grounds } from './grounds.ts'
import { reExecute } from './re-execution.ts'

const rulebookHash = `0x${'a7'.repeat(32)}`
const place = { zone: 2, interval: 5_900_000 }
const context = contextOf({
  ...place, chainId: 31_337, intervalLog: `0x${'1b'.repeat(20)}`, rulebookHash,
})
type Order = Openings['orders'][number]

const order = (
  n: number,
  side: 'buy' | 'sell',
  energyWh: number,
  limitMicrosPerKwh: number,
  filledWh: number,
): Order => {
  const salt = `0x${String(n).repeat(64)}`
  const opening = { account: n, meter: n, side, energyWh, limitMicrosPerKwh, salt }
  return { commitment: commitmentOf(context, opening), account: n, opening, void: null, filledWh }
}

/** 600 of 800 Wh are sold at 0.10, the lowest that leaves supply over; one order does not open. */
function honest() {
  const lost = { ...order(4, 'buy', 70, 120_000, 0), opening: null, void: 'not_opened' as const }
  const dear = { ...order(5, 'sell', 10, 9_000_000, 0), void: 'price_out_of_bounds' as const }
  const orders = [
    ...[order(1, 'sell', 800, 100_000, 600), order(2, 'buy', 600, 200_000, 600)],
    ...[order(3, 'buy', 66, 71_340, 0), lost, dear],
  ].sort((a, b) => (a.commitment < b.commitment ? -1 : 1))
  return { orders, chain: chainOf(orders) }
}

/** What an operator says of these orders: their fills are taken as they are. */
function chainOf(orders: readonly Order[]): WitnessedInterval {
  const fillsRoot = setRoot(
    orders.map(({ opening, void: reason, filledWh }) =>
      reason !== null || opening === null
        ? voidLeaf
        : fillLeafOf(context, opening, BigInt(filledWh)),
    ),
  )
  const voids = orders.flatMap(({ commitment, void: reason }) =>
    reason === null ? [] : [voidReasonLeaf(place, commitment, reason)],
  )
  const [price, energy] = [100_000n, 600n]
  const roots = { fillsRoot, voidsRoot: bytesToHex(merkleRoot(voids)) }
  const clearingRoot = bytesToHex(merkleRoot(sealedClearingLeaves(place, { price, energy }, roots)))
  return {
    ordersRoot: setRoot(orders.map(({ commitment }) => commitment)),
    ...{ orderCount: orders.length, rulebookHash, status: 'overdue' },
    clearing: { price, energy, voidCount: voids.length, fillsRoot, clearingRoot },
  }
}

/** Everything was received, and nothing opens to anything. */
const groundsOf = (orders: readonly Order[]): Grounds => {
  const received = orders.map(({ commitment, account }, sequence) => {
    const [id, signature] = [`0x${'1d'.repeat(16)}`, `0x${'51'.repeat(65)}`]
    const sent = { id, signature, ciphertext: '0x', ciphertextHash: voidLeaf, collateralMicros: 0 }
    return [commitment, { commitment, account, sequence, ...sent }] as const
  })
  return {
    ...{ received: new Map(received), cancelled: new Set(), asked: new Set(), meters: new Map() },
    ...{ retailers: new Map(), tariffs: new Map(), participants: new Map() },
    mandates: new Map(),
    ...{ open: () => null, differences: [] },
  }
}

const run = (orders: readonly Order[], chain: WitnessedInterval, more: Partial<Grounds> = {}) => {
  const opened = { ...place, orders: [...orders], grounds: { ...groundsOf(orders), ...more } }
  return reExecute(opened, context, derToCash, chain)
}

describe('an interval that is cleared again', () => {
  test('agrees with an honest chain, and says which voids are founded', () => {
    const { orders, chain } = honest()
    const { agrees, differences, voids, recomputed } = run(orders, chain)
    deepEqual([agrees, differences], [true, []])
    deepEqual([recomputed.price, recomputed.energy], ['100000', '600'])
    const findings = voids.map(({ reason, finding }) => `${reason}: ${finding}`).sort()
    deepEqual(findings, ['not_opened: founded', 'price_out_of_bounds: founded'])
  })

  const lies: readonly (readonly [string, (chain: WitnessedInterval) => object, RegExp])[] = [
    ['a price of one micro more', () => ({ price: 100_001n }), /^price: 100001 on the chain/],
    ['a watt-hour less', () => ({ energy: 599n }), /^energy: 599/],
    ['no price', () => ({ price: null }), /^price: null/],
    ['other fills', () => ({ fillsRoot: voidLeaf }), /^fillsRoot/],
    ['another void', () => ({ voidCount: 3 }), /^voidCount: 3/],
    ['another root', () => ({ clearingRoot: rulebookHash }), /^clearingRoot/],
  ]
  for (const [name, change, said] of lies) {
    test(`differs from a chain with ${name}`, () => {
      const { orders, chain } = honest()
      ok(chain.clearing)
      const clearing = { ...chain.clearing, ...change(chain) }
      const { agrees, differences } = run(orders, { ...chain, clearing })
      equal(agrees, false)
      match(differences.join('\n'), new RegExp(said.source, 'm'))
    })
  }

  test('differs where something shown is signed by nobody', () => {
    const { orders, chain } = honest()
    const { agrees, differences } = run(orders, chain, { differences: ['it is not signed'] })
    deepEqual([agrees, differences], [false, ['it is not signed']])
  })

  test('differs where the chain gives one a fill of another', () => {
    const { orders } = honest()
    const fills = new Map([[1, 599], [3, 1]])
    const shifted = orders.map((one) => {
      return { ...one, filledWh: fills.get(one.account) ?? one.filledWh }
    })
    match(run(orders, chainOf(shifted)).differences.join(), /fillsRoot/)
  })

  test('differs where a good order was voided, whatever the chain says of the rest', () => {
    const { orders } = honest()
    for (const reason of ['price_off_tick', 'mismatch', 'not_opened'] as const) {
      const voided = orders.map((one) => (one.account === 3 ? { ...one, void: reason } : one))
      const { agrees, differences, voids } = run(voided, chainOf(voided))
      equal(agrees, false)
      match(differences.join(), new RegExp(`is void: ${reason} is not so`))
      const finding = voids.find((one) => one.finding === 'unfounded')
      equal(finding?.reason, reason)
    }
  })

  test('differs where the reason on the chain is another than is said', () => {
    const { orders, chain } = honest()
    const said = orders.map((one) =>
      one.void === 'not_opened' ? { ...one, void: 'cancelled' as const } : one,
    )
    match(run(said, chain).differences.join(), /clearingRoot/)
  })

  test('differs where an order took part that must not', () => {
    const { orders } = honest()
    const [seller] = orders.filter(({ account }) => account === 1)
    ok(seller?.opening)
    for (const [changed, why] of [
      [{ account: 9 }, 'mismatch'],
      [{ opening: { ...seller.opening, energyWh: 801 } }, 'mismatch'],
      [{ opening: null }, 'not_opened'],
    ] as const) {
      const others = orders.map((one) => (one === seller ? { ...one, ...changed } : one))
      match(run(others, chainOf(orders)).differences.join(), new RegExp(`took part: ${why}`))
    }
  })

  test('differs where an order was left out, added or moved', () => {
    const { orders, chain } = honest()
    match(run(orders.slice(1), chain).differences.join(), /ordersRoot.*orderCount/s)
    const moved = orders.toReversed()
    match(run(moved, chainOf(moved)).differences.join(), /does not ascend/)
  })
})
