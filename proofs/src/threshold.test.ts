/**
 * Goal: a proof of threshold is made for every claim that is true of an order, and for no other.
 * Method: random orders and claims against what the claim says; each input changed by one; each
 * constraint left out in turn, with the false claim that gets through then. Seed: `SEED=…`.
 */
import { equal, ok, throws } from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  commitmentAndPad,
  fieldFromHex,
  fieldOrder,
  fieldToHex,
  partSize,
  priceOffset,
  SetTree,
  wordFields,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import { bn254 } from '@noble/curves/bn254.js'
import { Noir } from '@noir-lang/noir_js'
import { circuitsFolder, compileFolder } from './circuit.ts'
import { type Batch, type BatchOrder, isOpened } from './statement.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape, someContext } from './testing/random-batch.ts'
import {
  type Claim,
  packClaim,
  type ThresholdInput,
  thresholdInput,
  thresholdInputMap,
  thresholdStatement,
  unpackClaim,
} from './threshold.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.RUNS ?? 60)
const source = readFileSync(join(circuitsFolder, 'threshold/src/main.nr'), 'utf8')
const marks = [...source.matchAll(/; \/\/ @([a-z-]+)$/gm)].map(([, mark = '']) => mark)

type Accepts = (input: ThresholdInput) => Promise<boolean>

/** Compiles the circuit, without the constraint of that mark. */
async function circuit(without?: string): Promise<Accepts> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-threshold-'))
  try {
    for (const part of ['rule', 'threshold']) {
      cpSync(join(circuitsFolder, part), join(folder, part), { recursive: true })
    }
    const lines = source.split('\n').filter((line) => !line.endsWith(`// @${without}`))
    writeFileSync(join(folder, 'threshold/src/main.nr'), lines.join('\n'))
    const noir = new Noir((await compileFolder(join(folder, 'threshold'))) as never)
    return (input) =>
      noir.execute(thresholdInputMap(modulo(input))).then(
        () => true,
        (error: unknown) => {
          if (/Cannot satisfy|Failed|bit size/i.test(String(error))) return false
          throw error
        },
      )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const mod = (value: bigint): bigint => ((value % fieldOrder) + fieldOrder) % fieldOrder

/** An attack may count below zero, as the field does. */
const modulo = (input: ThresholdInput): ThresholdInput =>
  JSON.parse(
    JSON.stringify(input, (_, value: unknown) =>
      typeof value === 'bigint' ? `n${mod(value)}` : value,
    ),
    (_, value: unknown) =>
      typeof value === 'string' && value.startsWith('n') ? BigInt(value.slice(1)) : value,
  ) as ThresholdInput

const order = (side: 'buy' | 'sell', limitMicrosPerKwh: number, energyWh: number): BatchOrder => {
  const word = wordOf({ side, limitMicrosPerKwh, energyWh })
  const blind = 123_456_789n
  const { commitment } = commitmentAndPad(word, blind, fieldFromHex(someContext))
  return {
    commitment: fieldToHex(commitment),
    word: fieldToHex(word),
    blind: fieldToHex(blind),
  }
}

const some: Batch = {
  context: someContext,
  orders: [
    order('buy', 50, 700),
    order('sell', -50, 700),
    order('buy', 60, 1),
    order('sell', 60, 900),
    order('buy', 70, 5_000),
  ].sort((a, b) => (a.commitment < b.commitment ? -1 : 1)),
}
const buyer = some.orders.findLastIndex((one) => isOpened(one) && (BigInt(one.word) & 1n) === 0n)
ok(buyer > 0, 'the attacks need a neighbour below')

/** What is exactly true of an order. */
function tight(batch: Batch, position: number): Claim {
  const own = batch.orders[position]
  ok(own !== undefined && isOpened(own))
  const { side, limitMicrosPerKwh, energyWh } = wordFields(fieldFromHex(own.word))
  return { side, thresholdMicrosPerKwh: limitMicrosPerKwh, energyWh, position }
}

const honest = (): ThresholdInput => thresholdInput(some, tight(some, buyer))

const whole = circuit()

describe('true claims', () => {
  test(`of random orders, seed ${seed}`, async () => {
    const random = new Random(seed)
    const accepts = await whole
    for (let run = 0; run < runs; run += 1) {
      const batch = randomBatch(random, randomShape(random, 40))
      const position = batch.orders.findIndex(isOpened)
      if (position < 0) continue
      const claim = tight(batch, position)
      const worse = random.pick([0, 1, 1_000, 2 ** 30]) * (claim.side === 'buy' ? -1 : 1)
      const threshold = claim.thresholdMicrosPerKwh + worse
      const thresholdMicrosPerKwh = Math.max(-(10 ** 12), Math.min(10 ** 12, threshold))
      const energyWh = Math.max(1, claim.energyWh - random.pick([0, 1, 50]))
      const looser = { ...claim, thresholdMicrosPerKwh, energyWh }
      const input = thresholdInput(batch, looser)
      equal(await accepts(input), true)
      const tree = new SetTree(batch.orders.map(({ commitment }) => commitment))
      const statement = thresholdStatement(batch.context, tree, tree.partRoots, looser)
      equal(statement?.partRoot, fieldToHex(input.partRoot))
      equal(statement?.claimed, fieldToHex(input.claimed))
    }
  })

  test('a claim reads back', () => {
    const claim = { ...tight(some, buyer), position: partSize + 7 }
    equal(JSON.stringify(unpackClaim(packClaim(claim), 1)), JSON.stringify(claim))
    throws(() => unpackClaim(fieldToHex(1n << 83n)), { code: 'FIELD_MALFORMED' })
  })

  test('a set of several parts has its roots, in full, or no statement', () => {
    const tree = new SetTree(
      Array.from({ length: partSize + 2 }, (_, n) => fieldToHex(BigInt(n + 1))),
    )
    const claim = { ...tight(some, buyer), position: partSize + 1 }
    const of = (roots: readonly string[], set = { root: tree.root, count: tree.count }) =>
      thresholdStatement(someContext, set, roots, claim)
    equal(of(tree.partRoots)?.partRoot, tree.partRoots[1])
    equal(of(tree.partRoots.slice(0, 1)), undefined)
    equal(of([...tree.partRoots].reverse()), undefined)
    equal(of(tree.partRoots, { root: tree.root, count: partSize + 1 }), undefined)
  })
})

describe('claims that are not true', () => {
  const claim = tight(some, buyer)
  const wrong: readonly (readonly [string, Partial<Claim>])[] = [
    ['side', { side: 'sell' }],
    ['thresholdMicrosPerKwh', { thresholdMicrosPerKwh: claim.thresholdMicrosPerKwh + 1 }],
    ['energyWh', { energyWh: claim.energyWh + 1 }],
    ['position', { position: 5 }],
  ]
  for (const [field, change] of wrong) {
    test(`${field} is named`, () => {
      throws(() => thresholdInput(some, { ...claim, ...change }), {
        code: 'THRESHOLD_NOT_MET',
        message: new RegExp(`=${field}`),
      })
    })
  }
})

test('no input can be changed by one', async () => {
  const accepts = await whole
  equal(await accepts(honest()), true)
  const changes: ((input: ThresholdInput, by: bigint) => void)[] = [
    (input, by) => (input.context += by),
    (input, by) => (input.partRoot += by),
    (input, by) => (input.claimed += by),
    (input, by) => (input.order.side += by),
    (input, by) => (input.order.limit += by),
    (input, by) => (input.order.energy += by),
    (input, by) => (input.order.blind += by),
    (input, by) => (input.claim.threshold += by),
    (input, by) => (input.claim.energy += by),
  ]
  for (const level of [0, 1, 2]) {
    for (const at of [0, 1, 2, 3]) {
      changes.push(({ path }, by) => (path[level]!.bits[at]! += by))
    }
    for (let at = 0; at < 16; at += 1) {
      changes.push(({ path }, by) => (path[level]!.group[at]! += by))
    }
  }
  for (const [number, change] of changes.entries()) {
    for (const by of [1n, -1n]) {
      const input = honest()
      change(input, by)
      equal(await accepts(input), false, `change ${number} by ${by}`)
    }
  }
})

/** The claim as the circuit packs it, of whatever numbers it was given. */
function repacked(input: ThresholdInput): ThresholdInput {
  const { side } = input.order
  const bits = input.path.flatMap((step) => step.bits)
  const position = bits.reduce((sum, bit, i) => sum + (bit << BigInt(i)), 0n)
  const least = side + 2n * input.claim.threshold + (input.claim.energy << 42n)
  return { ...input, claimed: mod(least + (position << 70n)) }
}

/** By the constraint that keeps it out: a claim that is not true. */
const attacks: Readonly<Record<string, (input: ThresholdInput) => ThresholdInput>> = {
  // A limit one lower and a "side" of two are the same word, and turn the comparison around.
  'side-boolean': (input) => {
    input.claim.threshold = input.order.limit
    input.order.limit -= 1n
    input.order.side += 2n
    return repacked(input)
  },
  // A watt-hour of the word is read as 2^41 micros.
  'limit-range': (input) => {
    input.order.limit += 2n ** 41n
    input.order.energy -= 1n
    input.claim.threshold = priceOffset + 10n ** 12n
    input.claim.energy -= 1n
    return repacked(input)
  },
  // A threshold below zero borrows from the energy and reads as the highest there is.
  'threshold-range': (input) => {
    input.claim.threshold = 10n ** 12n - priceOffset
    return repacked(input)
  },
  // An energy below zero borrows from the position and reads as the next order's, and a large one.
  'least-range': (input) => {
    input.claim.energy = -5n
    return repacked(input)
  },
  'as-good': (input) => {
    input.claim.threshold += 1n
    return repacked(input)
  },
  'no-less': (input) => {
    input.claim.energy += 1n
    return repacked(input)
  },
  // Between sixteen leaves there is a line through the own one that comes out at another position.
  'bit-boolean': (input) => {
    const own = commitmentOfInput(input)
    for (let position = 0n; position < 16n; position += 1n) {
      const step = input.path[0]!
      const bits = position === BigInt(buyer) ? undefined : lineThrough(step.group, own, position)
      if (bits !== undefined) {
        step.bits = bits
        return repacked(input)
      }
    }
    throw new Error('no line through the order')
  },
  // An order that nobody committed to in time.
  'child-in-group': (input) => {
    input.order.blind += 1n
    return input
  },
  'part-root': (input) => ({ ...input, partRoot: input.partRoot + 1n }),
  claimed: (input) => ({
    ...input,
    claimed: fieldFromHex(packClaim({ ...tight(some, buyer), energyWh: 9_999 })),
  }),
}

const commitmentOfInput = ({ order: own, context }: ThresholdInput): bigint =>
  commitmentAndPad(own.side + 2n * own.limit + (own.energy << 42n), own.blind, context).commitment

/**
 * Two bits that are none, with which sixteen nodes give `own` at `position`:
 * b0 + 2 b1 = position and g0 + b0 (g1 − g0) + b1 (g2 − g0) + b0 b1 (g0 − g1 − g2 + g3) = own.
 */
function lineThrough(
  [g0 = 0n, g1 = 0n, g2 = 0n, g3 = 0n]: readonly bigint[],
  own: bigint,
  position: bigint,
): bigint[] | undefined {
  const { Fr } = bn254.fields
  const across = g0 - g1 - g2 + g3
  // With b0 = position − 2 b1 it is a b1² + b b1 + c = 0.
  const a = Fr.create(-2n * across)
  const b = Fr.create(-2n * (g1 - g0) + (g2 - g0) + position * across)
  const c = Fr.create(g0 + position * (g1 - g0) - own)
  const square = Fr.create(b * b - 4n * a * c)
  try {
    const b1 = Fr.div(Fr.create(Fr.sqrt(square) - b), Fr.create(2n * a))
    return [Fr.create(position - 2n * b1), b1, 0n, 0n]
  } catch {
    return undefined
  }
}

test('every constraint has its attack', () => {
  equal([...new Set(marks)].sort().join(), Object.keys(attacks).sort().join())
})

for (const [mark, attack] of Object.entries(attacks)) {
  test(`without ${mark} a claim gets through that is not true`, async () => {
    const input = attack(honest())
    equal(await (await whole)(input), false, 'the whole circuit refuses it')
    equal(await (await circuit(mark))(input), true, 'the one without takes it')
    const isFalse = isFalseClaim(input)
    equal(isFalse, true, 'it is not true')
  })
}

/** Whether what the public inputs say is untrue of the set. */
function isFalseClaim(input: ThresholdInput): boolean {
  const { context, partRoot, claimed } = modulo(input)
  const root = new SetTree(some.orders.map(({ commitment }) => commitment)).root
  if (fieldToHex(context) !== some.context || fieldToHex(partRoot) !== root) return true
  if (commitmentOfInput(input) !== fieldFromHex(some.orders[buyer]!.commitment)) return true
  try {
    thresholdInput(some, unpackClaim(fieldToHex(claimed)))
    return false
  } catch {
    return true
  }
}
