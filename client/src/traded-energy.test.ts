/**
 * Goal: a retailer leaves out of a bill just what was traded, by the chain's roots alone.
 * Method: a month of answers against a server that is honest, late, or lies in each way it can.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WattHours } from '@busbar/core/units'
import { addressOf, createDomain, publicKeyOf, signDigest } from '@busbar/protocols/eip712'
import { keccak256 } from '@busbar/protocols/hash'
import {
  answerTradedEnergy,
  equivocation,
  isEquivocation,
  meterSecret,
  TradedEnergyTree,
} from '@busbar/protocols/traded-energy'
import { verifyTradedEnergy } from './index.ts'
import { domain } from './testing/sealed-world.ts'

const key = new Uint8Array(32).fill(9)
const operator = addressOf(publicKeyOf(key))
const sign = (digest: Uint8Array): Uint8Array => signDigest(key, digest)
const salt = keccak256(key)
const secret = meterSecret(salt, 7)
const from = 1_900_000
const question = { zone: 4_294_967_294, meter: 7, fromInterval: from, count: 4 }
const terms = { ...question, domain, operator, meterSecret: secret }

const treeOf = (interval: number, sold: Readonly<Record<number, bigint>>, run = 0) =>
  new TradedEnergyTree(
    { zone: question.zone, interval, run },
    salt,
    Object.entries(sold).map(([meter, wattHours]) => ({
      meter: Number(meter),
      soldWh: WattHours.from(wattHours),
      boughtWh: WattHours.zero,
    })),
  )

const truth = [
  treeOf(from, { 7: 700n, 8: 20n }),
  treeOf(from + 1, { 8: 20n }),
  treeOf(from + 2, {}),
]
const chain = new Map(truth.map((tree) => [tree.place.interval, tree.root as string]))

const answered = (
  trees: readonly (TradedEnergyTree | null)[],
  asked = question,
  by = { secret, domain, sign },
) => answerTradedEnergy(by.domain, { ...asked, secret: by.secret, sequence: 9 }, trees, by.sign)

const verified = (answer: unknown, roots = chain, known = terms) =>
  verifyTradedEnergy(answer as ReturnType<typeof answered>, roots, known)

const honest = answered([...truth, null])

describe('verifyTradedEnergy', () => {
  test('shows what was traded, what was not, and what nobody knows yet', () => {
    deepEqual(verified(JSON.parse(JSON.stringify(honest))).intervals, [
      { interval: from, kind: 'traded', soldWh: 700n, boughtWh: 0n },
      { interval: from + 1, kind: 'none' },
      { interval: from + 2, kind: 'none' },
      { interval: from + 3, kind: 'unsettled' },
    ])
  })

  test('knows nothing of an interval of which the chain knows nothing', () => {
    const [first] = verified(honest, new Map([...chain].slice(1))).intervals
    deepEqual(first, { interval: from, kind: 'unsettled' })
  })

  const elsewhere = createDomain({ ...domain, market: 'elsewhere' })
  const instead = (tree: TradedEnergyTree | null) => answered([tree, ...truth.slice(1), null])
  const all = [...truth, null]
  const lies: readonly (readonly [what: string, answer: unknown])[] = [
    ['leaves the meter out', instead(treeOf(from, { 8: 20n }))],
    ['tells another energy', instead(treeOf(from, { 7: 70n, 8: 20n }))],
    ['shows an earlier run', instead(treeOf(from, { 7: 700n, 8: 20n }, 1))],
    ['calls it not settled', instead(null)],
    ['answers for another meter', answered(all, { ...question, meter: 8 })],
    ['answers with another secret', answered(all, question, { secret: salt, domain, sign })],
    ['signs for another market', answered(all, question, { secret, domain: elsewhere, sign })],
    ['does not sign', { ...honest, signature: `0x${'00'.repeat(65)}` }],
    ['answers less', answered(truth, { ...question, count: 3 })],
    ['answers nothing', {}],
  ]
  for (const [what, answer] of lies) {
    test(`refuses a server that ${what}`, () => {
      throws(() => verified(answer), { code: 'proof_invalid', transient: false })
    })
  }

  test('two that were told different things can show it to anybody', () => {
    const fork = [treeOf(from, { 8: 20n }), ...truth.slice(1)]
    const deceived = verified(answered([...fork, null]), new Map(fork.map((tree) => [
      tree.place.interval, tree.root,
    ])))
    const evidence = equivocation(verified(honest).signed, deceived.signed)
    equal(evidence?.kind, 'root')
    equal(evidence !== undefined && isEquivocation(domain, operator, evidence), true)
  })
})
