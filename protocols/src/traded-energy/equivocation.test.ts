/**
 * Goal: who is told two things of one state can show it to anybody; an exchange that tells the
 * truth can never be accused.
 * Method: a dishonest exchange with a tree out of order and with forks of its state; honest ones
 * with random histories; and evidence bent in every field. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WattHours } from '@busbar/core/units'
import fc from 'fast-check'
import { tradedEnergyAnswerDigest } from '../eip712/index.ts'
import { bytesToHex, keccak256 } from '../hash/index.ts'
import { MerkleTree, merkleRoot } from '../merkle/index.ts'
import { answerTradedEnergy, readTradedEnergy, type SignedStatements } from './answer.ts'
import {
  energyKey,
  type EnergyProof,
  energyValue,
  meterSecret,
  secretHashOf,
  TradedEnergyTree,
} from './energy.ts'
import { type Equivocation, equivocation, isEquivocation } from './equivocation.ts'
import { encodeProof, openProof } from './proof.ts'
import type { SortedLeaf } from './sorted-tree.ts'
import { statementLeaves } from './statement.ts'
import { ends, naiveTreeRoot } from './testing/naive-tree.ts'
import { domain, operator, operatorKey, salt, sign, zone } from './testing/world.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const from = 1_900_000
const place = { zone, interval: from }
const wattHours = (value: number) => WattHours.from(BigInt(value))

type Traded = readonly (readonly [meter: number, sold: number])[]

const treeOf = (interval: number, traded: Traded, run = 0): TradedEnergyTree =>
  new TradedEnergyTree(
    { zone, interval, run },
    salt,
    traded.map(([meter, sold]) => ({ meter, soldWh: wattHours(sold), boughtWh: WattHours.zero })),
  )

/** An answer that was asked for, given, and read. */
function told(
  meter: number,
  trees: readonly (TradedEnergyTree | null)[],
  { sequence = 50, fromInterval = from, secret = meterSecret(salt, meter) } = {},
): SignedStatements {
  const question = { zone, meter, fromInterval, count: trees.length }
  const answer = answerTradedEnergy(domain, { ...question, secret, sequence }, trees, sign)
  const read = readTradedEnergy(domain, operator, question, secret, answer)
  if (read === undefined) throw new Error('the answer is not one')
  return read
}

/** As it reaches a judge: through JSON. */
const judged = (evidence: Equivocation | undefined): boolean =>
  evidence !== undefined &&
  isEquivocation(domain, operator, JSON.parse(JSON.stringify(evidence)) as Equivocation)

const kindOf = (a: SignedStatements, b: SignedStatements): string => {
  const [evidence, mirrored] = [equivocation(a, b), equivocation(b, a)]
  equal(evidence?.kind, mirrored?.kind)
  equal(judged(evidence), evidence !== undefined)
  equal(judged(mirrored), mirrored !== undefined)
  return evidence?.kind ?? 'none'
}

describe('equivocation', () => {
  const truth = [treeOf(from, [[2, 5], [3, 6]]), treeOf(from + 1, [[2, 7]])]
  const fork = [treeOf(from, [[3, 6]]), treeOf(from + 1, [[2, 7]])]
  const honest = told(2, truth)

  const cases: readonly (readonly [what: string, a: SignedStatements, kind: string])[] = [
    ['the same answer', honest, 'none'],
    ['a later answer of the same', told(2, truth, { sequence: 51 }), 'none'],
    ['another meter of the same state', told(3, truth), 'none'],
    ['a later run with another root', told(2, fork, { sequence: 51 }), 'none'],
    ['a part that was not settled before', told(2, [null, truth[1] ?? null]), 'none'],
    ['a fork of the state in one interval', told(2, fork.slice(0, 1)), 'root'],
    ['a fork of the state', told(2, fork), 'root'],
    ['a fork that another meter was told', told(4, fork), 'root'],
    ['another secret', toldWithSecret(2), 'secret'],
  ]
  for (const [what, a, kind] of cases) {
    test(`of ${what}: ${kind}`, () => equal(kindOf(honest, a), kind))
  }

  test('of another secret in other intervals: secret', () => {
    const later = toldWithSecret(2, from + 9)
    equal(kindOf(honest, later), 'secret')
  })

  test('of answers that do not meet: none', () => {
    equal(kindOf(honest, told(2, [treeOf(from + 2, [])], { fromInterval: from + 2 })), 'none')
    equal(equivocation(honest, { ...honest, zone: 0 }), undefined)
  })

  test('of a tree that holds a meter twice, or out of order: energy', () => {
    const [low, high] = [leafOf(2, 5), leafOf(3, 6)].sort(byKey) as [SortedLeaf, SortedLeaf]
    const mine = leafOf(4, 8)
    // Whoever is between low and high is shown to be absent, and yet it stands at the end.
    const key = energyKey(meterSecret(salt, 4), from)
    const [first, second] = between(key, [low, high])
    const leaves = [ends[0], first, second, mine, ends[1]]
    const present = forged(leaves, 3, { kind: 'traded', sold: 8 })
    const absent = forged(leaves, 1, { kind: 'none' })
    equal(present.statements[0]?.root, absent.statements[0]?.root)
    equal(present.statements[0]?.energy?.soldWh, 8n)
    equal(absent.statements[0]?.energy, null)
    equal(kindOf(present, absent), 'energy')

    const twice = [ends[0], mine, leafOf(4, 9), ends[1]]
    const [eight, nine] = [
      forged(twice, 1, { kind: 'traded', sold: 8 }),
      forged(twice, 2, { kind: 'traded', sold: 9 }),
    ]
    equal(kindOf(eight, nine), 'energy')
  })

  test('shows one interval, whatever else was answered', () => {
    const evidence = equivocation(honest, told(2, fork))
    equal(evidence?.interval, from)
    deepEqual(evidence?.one.statement.energy, { soldWh: 5, boughtWh: 0 })
    equal(evidence?.other.statement.energy, null)
    equal(evidence?.one.path.length, 1)
  })
})

describe('nobody who tells the truth', () => {
  test('is accused, in any history of runs and by any two answers', () => {
    const traded = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat({ max: 3 })), {
      selector: ([meter]) => meter,
    })
    const asked = fc.record({
      meter: fc.integer({ min: 1, max: 4 }),
      sequence: fc.integer({ min: 0, max: 5 }),
      first: fc.nat({ max: 2 }),
      count: fc.integer({ min: 1, max: 3 }),
    })
    // By interval, the runs; run r of an interval is there from sequence 2 r + its place on.
    const history = fc.array(fc.array(traded, { maxLength: 3 }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(history, asked, asked, (intervals, one, other) => {
        const tell = ({ meter, sequence, first, count }: typeof one): SignedStatements => {
          const trees = intervals.slice(first, first + count).map((runs, i) => {
            const known = runs.slice(0, Math.max(0, Math.ceil((sequence - first - i) / 2)))
            const latest = known.at(-1)
            if (latest === undefined) return null
            return treeOf(from + first + i, latest, known.length - 1)
          })
          return told(meter, trees, { sequence, fromInterval: from + first })
        }
        equal(equivocation(tell(one), tell(other)), undefined)
      }),
      { ...replay, numRuns: 60 },
    )
  })

  const evidence = equivocation(
    told(2, [treeOf(from, [[2, 5]])]),
    told(2, [treeOf(from, [[2, 6]])]),
  )
  if (evidence === undefined) throw new Error('a fork is evidence')
  const { one } = evidence

  const bent: readonly (readonly [what: string, evidence: unknown])[] = [
    ['one answer twice', { ...evidence, other: one }],
    ['one answer twice as energy', { ...evidence, kind: 'energy', other: one }],
    ['one answer twice as secret', { ...evidence, kind: 'secret', other: one }],
    ['the wrong kind', { ...evidence, kind: 'energy' }],
    ['the wrong kind, secret', { ...evidence, kind: 'secret' }],
    ['no kind', { ...evidence, kind: undefined }],
    ['another zone', { ...evidence, zone: 0 }],
    ['another interval', { ...evidence, interval: from + 1 }],
    ['no interval', { ...evidence, interval: null }],
    ['an energy in other digits', withStatement({ energy: { soldWh: 5n, boughtWh: 0n } })],
    ['an energy that was not signed', withStatement({ energy: { soldWh: 6, boughtWh: 0 } })],
    ['an energy left out', withStatement({ energy: undefined })],
    ['an energy as text', withStatement({ energy: { soldWh: '5', boughtWh: 0 } })],
    ['a root of zeros for none', withStatement({ root: `0x${'00'.repeat(32)}`, energy: null })],
    ['a root left out', withStatement({ root: undefined })],
    ['a path that is none', { ...evidence, other: { ...one, path: null } }],
    ['a path too long', { ...evidence, other: { ...one, path: [one.message.answer] } }],
    ['another sequence', withMessage({ sequence: 51 })],
    ['another count', withMessage({ count: 2 })],
    ['another secret hash', withMessage({ secretHash: one.message.answer })],
    ['a sequence as text', withMessage({ sequence: '50' })],
    ['no signature', { ...evidence, other: { ...one, signature: '0x' } }],
    ['nothing', { ...evidence, other: null }],
    ['no message', { ...evidence, other: { ...one, message: null } }],
  ]
  for (const [what, given] of bent) {
    test(`is accused by ${what}`, () => {
      for (const kind of ['energy', 'root', 'secret', undefined] as const) {
        const accused = { ...(given as Equivocation), ...(kind === undefined ? {} : { kind }) }
        // Two statements that are both signed and differ are the evidence itself.
        if (kind === 'root' && what.startsWith('the wrong kind')) continue
        if (kind === 'root' && what === 'no kind') continue
        equal(isEquivocation(domain, operator, accused), false)
      }
    })
  }

  test('is accused for what another signed', () => {
    equal(isEquivocation(domain, operatorKey(9).address, evidence), false)
    equal(isEquivocation(domain, operator, evidence), true)
  })

  function withStatement(change: object): unknown {
    return { ...evidence, other: { ...one, statement: { ...one.statement, ...change } } }
  }

  function withMessage(change: object): unknown {
    return { ...evidence, other: { ...one, message: { ...one.message, ...change } } }
  }
})

/** What an exchange says that gave somebody a false secret: that its meter is nowhere. */
function toldWithSecret(meter: number, fromInterval = from): SignedStatements {
  const secret = keccak256(salt)
  const tree = new TradedEnergyTree(
    { zone, interval: fromInterval, run: 0 },
    salt,
    [{ meter: 3, soldWh: wattHours(6), boughtWh: WattHours.zero }],
    (number) => (number === meter ? secret : meterSecret(salt, number)),
  )
  return readForged(secret, meter, fromInterval, tree.prove(meter))
}

/** A proof that a dishonest exchange made, signed by it, and read by who is deceived. */
function readForged(
  secret: Uint8Array,
  meter: number,
  fromInterval: number,
  proof: EnergyProof,
): SignedStatements {
  const found = openProof({ zone, interval: fromInterval }, meter, secret, proof)
  ok(found !== undefined, 'the proof shows something')
  const message = {
    meter,
    fromInterval,
    count: 1,
    secretHash: secretHashOf(secret),
    answer: bytesToHex(merkleRoot(statementLeaves(zone, fromInterval, [found]))),
    sequence: 49,
  }
  const signature = bytesToHex(sign(tradedEnergyAnswerDigest(domain, message)))
  const question = { zone, meter, fromInterval, count: 1 }
  const proofs = [bytesToHex(encodeProof(proof))]
  const answer = { meter, fromInterval, sequence: 49, proofs, signature }
  const read = readTradedEnergy(domain, operator, question, secret, answer)
  ok(read !== undefined, 'the answer is read')
  return read
}

const blind = new Uint8Array(16)

const leafOf = (meter: number, sold: number): SortedLeaf => ({
  key: energyKey(meterSecret(salt, meter), from),
  value: energyValue(blind, { meter, soldWh: wattHours(sold), boughtWh: WattHours.zero }),
})

const byKey = (a: SortedLeaf, b: SortedLeaf): number => Buffer.compare(a.key, b.key)

/** Two leaves that `key` is between: of the two, or of one and an end of the keys. */
function between(key: Uint8Array, [low, high]: readonly [SortedLeaf, SortedLeaf]) {
  if (Buffer.compare(key, low.key) < 0) return [ends[0], low] as const
  if (Buffer.compare(key, high.key) > 0) return [high, ends[1]] as const
  return [low, high] as const
}

/** An answer about meter 4 from a tree of these leaves as they stand. */
function forged(
  leaves: readonly SortedLeaf[],
  position: number,
  what: { readonly kind: 'traded'; readonly sold: number } | { readonly kind: 'none' },
): SignedStatements {
  const bytes = leaves.map(({ key, value }) => {
    const words = Buffer.alloc(12)
    words.writeUInt32BE(zone, 0)
    words.writeBigUInt64BE(BigInt(from), 4)
    return Buffer.concat([words, key, value])
  })
  const length = what.kind === 'traded' ? 1 : 2
  const path = new MerkleTree(bytes).runProof(position, length)
  const common = { position, count: leaves.length, path }
  const [left, right] = leaves.slice(position, position + 2) as [SortedLeaf, SortedLeaf]
  const proof: EnergyProof = what.kind === 'none'
    ? { kind: 'none', leaves: [left, right], ...common }
    : {
        kind: 'traded',
        salt: blind,
        energy: { soldWh: wattHours(what.sold), boughtWh: WattHours.zero },
        ...common,
      }
  const read = readForged(meterSecret(salt, 4), 4, from, proof)
  equal(read.statements[0]?.root, bytesToHex(naiveTreeRoot(place, leaves)))
  return read
}
