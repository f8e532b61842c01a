/**
 * Goal: whatever an operator does to a set of orders, its price or its fills, the verifier refuses
 * it or somebody shows it: the table of docs/concepts/attacks.md, row by row.
 * Method: real proofs and a real chain. The operator publishes what is not so, and hands in the
 * best proof that there is; where that proves the wrong thing truly, a stranger brings the
 * challenge.
 */
import { equal, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Batch, type ClearingProof, Prover, solveClearing } from '@busbar/proofs'
import { createDomain, receiptDigest } from '@busbar/protocols/eip712'
import {
  blindOf,
  commitmentOf,
  contextOf,
  fieldFromHex,
  fieldToHex,
  groupsOf,
  SetTree,
  setRoot,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import { Contract } from '@busbar/server/adapters/chain/test-contract'
import { market, root, World } from '@busbar/server/adapters/chain/test-world'
import { proofWithFillsRoot } from '../testing/lying-proof.ts'

type Hex = `0x${string}`

const rulebookHash = root(0x5ea1)
const auditor = `0x${'a1'.repeat(20)}` as const
const stranger = `0x${'77'.repeat(20)}` as const
const terms = { sealedBook: true, proofRequired: true, proofDeadlineSeconds: 3_600 }
const zone = 0

/**
 * Two buyers share what the better one leaves of one seller; another seller and a buyer get none.
 */
const words = ['buy 500 40', 'buy 300 60', 'buy 300 30', 'sell 200 100', 'sell 700 20', 'buy 1 5']

let world: World
let proofs: Contract
let interval = 5_700_000
const prover = new Prover({ srs: 'development' })

before(async () => {
  world = await World.open({ auditor })
  await world.admit(2)
  await world.sender.drained()
  proofs = new Contract(world.embedded, world.chain.deployment.clearingProofs)
})
after(() => world.close())

const contextAt = (of: { zone?: number; interval?: number; rulebookHash?: Hex } = {}): Hex => {
  const { chainId, intervalLog } = world.chain.deployment
  return contextOf({ chainId, intervalLog, zone, interval, rulebookHash, ...of }) as Hex
}

const orderOf = (text: string, n: number, context: string) => {
  const [side, limit, energy] = text.split(' ')
  const opening = {
    ...{ account: 3, meter: n, energyWh: Number(energy), limitMicrosPerKwh: Number(limit) },
    side: side === 'sell' ? ('sell' as const) : ('buy' as const),
    salt: root(n + 1),
  }
  const commitment = commitmentOf(context, opening)
  return { commitment, word: fieldToHex(wordOf(opening)), blind: fieldToHex(blindOf(opening)) }
}

type Order = Batch['orders'][number]
const ascending = (a: Order, b: Order): number => (a.commitment < b.commitment ? -1 : 1)

function batchOf(texts: readonly string[], context = contextAt()): Batch {
  return { context, orders: texts.map((text, n) => orderOf(text, n, context)).sort(ascending) }
}

const commitmentsOf = ({ orders }: Batch): readonly string[] =>
  orders.map(({ commitment }) => commitment)

/** What the operator fixes at the gate. */
async function fix(
  commitments: readonly string[],
  orderCount = commitments.length,
): Promise<void> {
  const set = { ordersRoot: setRoot(commitments), orderCount, rulebookHash }
  await world.put({ kind: 'fix_orders', zone, interval, ...set, terms })
  await world.sender.drained()
}

type Result = Pick<
  ClearingProof['statement'],
  'priceMicrosPerKwh' | 'energyWh' | 'voidCount' | 'fillsRoot'
>

/** What the operator says came of it. */
async function clear(said: Result): Promise<void> {
  const { fillsRoot, voidCount } = said
  const [price, energy] = [said.priceMicrosPerKwh, said.energyWh]
  const content = { price, energy, voidCount, fillsRoot, clearingRoot: root(13) }
  await world.put({ kind: 'commit_clearing', zone, interval, ...content })
  await world.sender.drained()
}

const shown = (commitments: readonly string[]) => ({
  root: setRoot(commitments),
  count: commitments.length,
  rulebookHash,
})

const proveArgs = (commitments: readonly string[], said: Result, proof: ClearingProof) => [
  zone,
  BigInt(interval),
  shown(commitments),
  {
    hasPrice: said.priceMicrosPerKwh !== null,
    priceMicrosPerKwh: said.priceMicrosPerKwh ?? 0n,
    energyWh: said.energyWh,
    voidCount: said.voidCount,
    fillsRoot: said.fillsRoot,
    clearingRoot: root(13),
  },
  proof.size,
  `0x${Buffer.from(proof.proof).toString('hex')}`,
]

/** The verifier says no to a proof of anything else than what stands on the chain. */
async function refused(
  commitments: readonly string[],
  said: Result,
  proof: ClearingProof,
): Promise<void> {
  const args = proveArgs(commitments, said, proof)
  await rejects(proofs.call('prove', args), /ClearingProofsInvalidProof/)
  equal(await status(), 'cleared')
}

const status = async (): Promise<string | undefined> =>
  (await world.chain.interval(zone, interval))?.status

async function receiptFor(commitment: string) {
  const { chainId, clearingHouse } = world.chain.deployment
  const domain = createDomain({ market, chainId, verifyingContract: clearingHouse })
  const message = { commitment, zone, interval, sequence: 9 }
  const hash = `0x${Buffer.from(receiptDigest(domain, message)).toString('hex')}` as const
  const signature = await world.chain.node.operator.sign({ hash })
  return { commitment, sequence: 9n, signature }
}

function placeIn(commitments: readonly string[], position: number) {
  const leaf = commitments[position] ?? fieldToHex(0n)
  const groups = groupsOf(leaf, new SetTree(commitments).path(position))
  ok(groups)
  return { position, path: groups.flat() }
}

/** The receipt of an order that is not in the set, with the two between which it would stand. */
async function omissionShown(commitments: readonly string[], missing: string): Promise<void> {
  const above = commitments.findIndex((commitment) => commitment > missing)
  const places =
    above < 0
      ? [placeIn(commitments, commitments.length - 1)]
      : [above - 1, above].filter((at) => at >= 0).map((at) => placeIn(commitments, at))
  const receipt = await receiptFor(missing)
  const args = [zone, BigInt(interval), shown(commitments), receipt, places, []]
  await proofs.send(stranger, 'challengeOmission', args)
  equal(await status(), 'faulty')
}

/** The middle one by commitment, which has neighbours on both sides. */
const middle = (batch: Batch): Order => {
  const order = batch.orders[Math.floor(batch.orders.length / 2)]
  ok(order)
  return order
}

const here = (): readonly [number, bigint] => [zone, BigInt(interval)]

const next = (): void => {
  interval += 1
}

describe('an operator that', () => {
  test('does nothing of the kind has its interval proven', async () => {
    next()
    const batch = batchOf(words)
    const proof = await prover.prove(batch)
    await fix(commitmentsOf(batch))
    await clear(proof.statement)
    const args = proveArgs(commitmentsOf(batch), proof.statement, proof)
    await proofs.send(stranger, 'prove', args)
    equal(await status(), 'proven')
  })

  test('drops an order: its receipt shows the omission', async () => {
    next()
    const batch = batchOf(words)
    const dropped = middle(batch).commitment
    const kept = commitmentsOf(batch).filter((commitment) => commitment !== dropped)
    await fix(kept)
    await omissionShown(kept, dropped)
  })

  test('drops an order after the gate: the verifier refuses', async () => {
    next()
    const batch = batchOf(words)
    const less = { ...batch, orders: batch.orders.filter((order) => order !== middle(batch)) }
    const proof = await prover.prove(less)
    await fix(commitmentsOf(batch))
    await clear(proof.statement)
    await refused(commitmentsOf(batch), proof.statement, proof)
  })

  test('adds an order after the gate: the verifier refuses', async () => {
    next()
    const batch = batchOf(words)
    const proof = await prover.prove(batchOf([...words, 'sell 1 50']))
    await fix(commitmentsOf(batch))
    await clear(proof.statement)
    await refused(commitmentsOf(batch), proof.statement, proof)
  })

  test('changes an order and its commitment: the receipt shows the omission', async () => {
    next()
    const batch = batchOf(words)
    const other = batchOf(['buy 299 40', ...words.slice(1)])
    const honest = commitmentsOf(batch).find((one) => !commitmentsOf(other).includes(one))
    ok(honest)
    await fix(commitmentsOf(other))
    await omissionShown(commitmentsOf(other), honest)
  })

  test('changes an order behind its commitment: there is no proof', async () => {
    next()
    const { context, orders } = batchOf(words)
    const word = fieldToHex(wordOf({ side: 'buy', limitMicrosPerKwh: 499, energyWh: 40 }))
    const changed = orders.map((one, i) => (i === 2 && 'word' in one ? { ...one, word } : one))
    await rejects(solveClearing({ context, orders: changed }, 64), /Cannot satisfy/)
  })

  test('reorders the set: two that do not ascend are shown', async () => {
    next()
    const [first = '', second = '', ...rest] = commitmentsOf(batchOf(words))
    const reordered = [second, first, ...rest]
    await fix(reordered)
    const places = [placeIn(reordered, 0), placeIn(reordered, 1), []]
    await proofs.send(stranger, 'challengeAscent', [...here(), shown(reordered), ...places])
    equal(await status(), 'faulty')
  })

  test('has an order twice in the set: the two are shown', async () => {
    next()
    const [first = '', ...rest] = commitmentsOf(batchOf(words))
    const doubled = [first, first, ...rest]
    await fix(doubled)
    const places = [placeIn(doubled, 0), placeIn(doubled, 1), []]
    await proofs.send(stranger, 'challengeAscent', [...here(), shown(doubled), ...places])
    equal(await status(), 'faulty')
  })

  for (const [name, by] of [['more', 1], ['fewer', -1]] as const) {
    test(`says that there are ${name} orders than in the set: a place is shown`, async () => {
      next()
      const commitments = commitmentsOf(batchOf(words))
      const count = commitments.length + by
      await fix(commitments, count)
      const place = placeIn(commitments, Math.min(count, commitments.length))
      const set = { ...shown(commitments), count }
      await proofs.send(stranger, 'challengeCount', [...here(), set, place, []])
      equal(await status(), 'faulty')
    })
  }

  test('reorders the orders after the gate: the verifier refuses', async () => {
    next()
    const batch = batchOf(words)
    const proof = await prover.prove({ ...batch, orders: batch.orders.toReversed() })
    await fix(commitmentsOf(batch))
    await clear(proof.statement)
    await refused(commitmentsOf(batch), proof.statement, proof)
  })

  const leavesWith = (
    { statement }: Pick<ClearingProof, 'statement'>,
    change: (leaves: string[], places: readonly number[]) => void,
  ): Partial<Result> => {
    const leaves = [...statement.fillLeaves]
    const filled = statement.fillsWh.flatMap((fill, i) => (fill > 0n ? [i] : []))
    change(leaves, filled)
    return { fillsRoot: setRoot(leaves) }
  }
  const leafPlus = (leaves: string[], place: number | undefined, by: bigint): void => {
    const leaf = leaves[place ?? -1]
    ok(leaf !== undefined && place !== undefined)
    leaves[place] = fieldToHex(fieldFromHex(leaf) + by)
  }
  const shifts: readonly (readonly [string, (proof: ClearingProof) => Partial<Result>])[] = [
    [
      'swaps two fills',
      (proof) =>
        leavesWith(proof, (leaves, [a = 0, b = 0]) => {
          ;[leaves[a], leaves[b]] = [leaves[b] ?? '', leaves[a] ?? '']
        }),
    ],
    [
      'adds a watt-hour to a fill',
      (proof) => leavesWith(proof, (leaves, [a]) => leafPlus(leaves, a, 1n)),
    ],
    [
      'takes a watt-hour from a fill',
      (proof) => leavesWith(proof, (leaves, [a]) => leafPlus(leaves, a, -1n)),
    ],
    [
      'moves a watt-hour from one fill to another',
      (proof) =>
        leavesWith(proof, (leaves, [a, b]) => {
          leafPlus(leaves, a, -1n)
          leafPlus(leaves, b, 1n)
        }),
    ],
    [
      'raises the price by one micro',
      ({ statement }) => ({ priceMicrosPerKwh: (statement.priceMicrosPerKwh ?? 0n) + 1n }),
    ],
    [
      'lowers the price by one micro',
      ({ statement }) => ({ priceMicrosPerKwh: (statement.priceMicrosPerKwh ?? 0n) - 1n }),
    ],
    ['says one watt-hour more', ({ statement }) => ({ energyWh: statement.energyWh + 1n })],
    ['counts an order as void', ({ statement }) => ({ voidCount: statement.voidCount + 1 })],
  ]
  for (const [name, shift] of shifts) {
    test(`${name}: the verifier refuses`, async () => {
      next()
      const batch = batchOf(words)
      const proof = await prover.prove(batch)
      const said = { ...proof.statement, ...shift(proof) }
      await fix(commitmentsOf(batch))
      await clear(said)
      await refused(commitmentsOf(batch), said, proof)
    })
  }

  test('has a prover lie about a fill of 256 orders: the verifier refuses', async () => {
    next()
    const many = Array.from({ length: 256 }, (_, n) => `${n % 2 ? 'sell' : 'buy'} ${n} ${n + 1}`)
    const batch = batchOf(many)
    const honest = await solveClearing(batch, 256)
    const { fillsRoot } = leavesWith(honest, (leaves, [a]) => leafPlus(leaves, a, 1n))
    const lie = await proofWithFillsRoot(batch, 256, fillsRoot ?? '')
    // It says what the operator has published, so that the statement fits.
    equal(lie.publicInputs[2], fillsRoot)
    await fix(commitmentsOf(batch))
    await clear(lie.statement)
    await refused(commitmentsOf(batch), lie.statement, lie)
  })

  test('voids a good order: its owner disputes and the auditor finds it unfounded', async () => {
    next()
    const batch = batchOf(words)
    const { commitment } = middle(batch)
    const voided = batch.orders.map((order) =>
      order.commitment === commitment ? { commitment, void: 'not_opened' } : order,
    )
    const proof = await prover.prove({ ...batch, orders: voided })
    await fix(commitmentsOf(batch))
    await clear(proof.statement)
    const args = proveArgs(commitmentsOf(batch), proof.statement, proof)
    await proofs.send(stranger, 'prove', args)
    equal(await status(), 'proven')
    const receipt = await receiptFor(commitment)
    const disputed = [...here(), shown(commitmentsOf(batch)), receipt, root(1)]
    await proofs.send(stranger, 'disputeVoid', disputed)
    await proofs.send(auditor, 'decideVoid', [...here(), commitment, true, root(2)])
    equal(await status(), 'faulty')
  })

  for (const [name, elsewhere] of [
    ['interval', { interval: 1 }],
    ['zone', { zone: 1 }],
    ['rulebook', { rulebookHash: root(0x5ea2) }],
  ] as const) {
    test(`hands in a proof of another ${name}: the verifier refuses`, async () => {
      next()
      const here = batchOf(words)
      const proof = await prover.prove(batchOf(words, contextAt(elsewhere)))
      await fix(commitmentsOf(here))
      await clear(proof.statement)
      await refused(commitmentsOf(here), proof.statement, proof)
    })
  }
})
