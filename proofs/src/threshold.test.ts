/**
 * Goal: a proof of threshold is made for every claim that is true of an order, and for no other.
 * Method: random orders and claims against what the claim says; each input changed by one; each
 * constraint left out in turn, with the false claim that gets through then. Seed: `SEED=…`.
 */
import { equal, throws } from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fieldToHex, partSize, SetTree } from '@busbar/protocols/sealed-orders'
import { Noir } from '@noir-lang/noir_js'
import { circuitsFolder, compileFolder } from './circuit.ts'
import { isOpened } from './statement.ts'
import { Random } from './testing/random.ts'
import { randomBatch, randomShape, someContext } from './testing/random-batch.ts'
import {
  attacks,
  buyer,
  honest,
  isFalseClaim,
  modulo,
  some,
  tight,
} from './testing/threshold-attacks.ts'
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
