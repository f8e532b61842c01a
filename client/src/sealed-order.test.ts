/**
 * Goal: a trader sends nothing that tells its order, keeps what opens it, and believes of it only
 * what is shown.
 * Method: orders sealed by a signer, sets and fills built beside it, and each part tampered with.
 */
import { deepEqual, equal, notEqual, rejects, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { OrderPath } from '@busbar/protocols/api'
import {
  addressOf,
  publicKeyOf,
  receiptDigest,
  recoverAddress,
  sealedOrderDigest,
  signDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import {
  ciphertextHash,
  commitmentOf,
  decodeOpening,
  fieldToHex,
  fillLeafOf,
  SetTree,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import { platformRandom, type RandomBytes } from './ids.ts'
import { parseKeptOrder, revealOf } from './kept-order.ts'
import { openOwnFill, verifyInclusion, verifyReceipt } from './proofs.ts'
import { type Seal, sealingTerms } from './sealing.ts'
import { Signer, withPrivateKey } from './signer.ts'
import { domain, sealedMarket } from './testing/sealed-world.ts'

const key = new Uint8Array(32).fill(9)
const market = sealedMarket(`0x${'aa'.repeat(48)}`)
const terms = sealingTerms(market, { zone: 1, interval: 200 })
const fields = {
  meter: 2,
  side: 'sell',
  energyWh: 1_500,
  limitMicrosPerKwh: -7,
  collateralMicros: 90_000,
} as const

type Asked = Parameters<Seal>[0]

function signerWith(asked: Asked[] = [], random: RandomBytes = platformRandom): Signer {
  const seal: Seal = (request) => {
    asked.push(request)
    return `0x${'e5'.repeat(121)}`
  }
  return new Signer({ domain, account: 4, sign: withPrivateKey(key), random, seal })
}

describe('a sealed order', () => {
  test('is signed as it stands, and its opening is kept', async () => {
    const asked: Asked[] = []
    const { order, kept } = await signerWith(asked).sealedOrder(terms, fields)
    const { zone, interval, context } = terms
    const { collateralMicros: _collateral, ...asks } = fields
    deepEqual(kept.opening, { account: 4, ...asks, salt: kept.opening.salt })
    equal(kept.commitment, commitmentOf(context, kept.opening))
    deepEqual(
      { ...order, signature: '' },
      {
        id: kept.id,
        account: 4,
        zone,
        interval,
        commitment: kept.commitment,
        collateralMicros: 90_000,
        ciphertext: `0x${'e5'.repeat(121)}`,
        signature: '',
      },
    )
    const message = { ...order, ciphertextHash: ciphertextHash(order.ciphertext) }
    const digest = sealedOrderDigest(domain, message)
    equal(recoverAddress(digest, hexToBytes(order.signature)), addressOf(publicKeyOf(key)))
    const [request] = asked
    deepEqual(decodeOpening(request?.plaintext ?? new Uint8Array()), kept.opening)
    equal(request?.commitment, kept.commitment)
    equal(request?.publicKey, terms.publicKey)
    deepEqual(request?.label, {
      chainId: terms.chainId,
      intervalLog: terms.intervalLog,
      zone,
      interval,
    })
  })

  test('twice the same has another salt and commitment, and one length', async () => {
    const signer = signerWith()
    const made = await Promise.all(
      [1, 268_435_455].map((energyWh) => signer.sealedOrder(terms, { ...fields, energyWh })),
    )
    const again = await signer.sealedOrder(terms, { ...fields, energyWh: 1 })
    notEqual(again.kept.opening.salt, made[0]?.kept.opening.salt)
    notEqual(again.order.commitment, made[0]?.order.commitment)
    const lengths = [...made, again].map(({ order }) => JSON.stringify(order).length)
    equal(new Set(lengths).size, 1)
  })

  test('is not encrypted where owners reveal', async () => {
    const asked: Asked[] = []
    const revealed = { ...terms, publicKey: null }
    const { order, kept } = await signerWith(asked).sealedOrder(revealed, fields)
    equal(order.ciphertext, '0x')
    equal(asked.length, 0)
    const digest = sealedOrderDigest(domain, { ...order, ciphertextHash: `0x${'00'.repeat(32)}` })
    equal(recoverAddress(digest, hexToBytes(order.signature)), addressOf(publicKeyOf(key)))
    deepEqual(revealOf(kept), {
      zone: 1,
      interval: 200,
      commitment: kept.commitment,
      opening: kept.opening,
    })
  })

  test('keeps the id and uses the randomness that it was given', async () => {
    const random = (bytes: Uint8Array): Uint8Array => bytes.fill(7)
    const signer = new Signer({
      domain,
      account: 4,
      sign: withPrivateKey(key),
      random,
      seal: () => `0x${'e5'.repeat(121)}`,
    })
    const id = `0x${'01'.repeat(16)}`
    const one = await signer.sealedOrder(terms, { ...fields, id })
    equal(one.order.id, id)
    equal(one.kept.opening.salt, `0x${'07'.repeat(32)}`)
    deepEqual(await signer.sealedOrder(terms, { ...fields, id }), one)
  })

  test('that cannot be one is refused before it is signed', async () => {
    for (const wrong of [{ energyWh: 0 }, { energyWh: 2 ** 28 }, { limitMicrosPerKwh: 1e13 }]) {
      await rejects(signerWith().sealedOrder(terms, { ...fields, ...wrong }), {
        code: 'OPENING_INVALID',
      })
    }
    await rejects(signerWith().sealedOrder(terms, { ...fields, collateralMicros: -1 }), {
      code: 'UNIT_OUT_OF_RANGE',
    })
  })
})

describe('a kept order', () => {
  test('comes back from JSON', async () => {
    const { kept } = await signerWith().sealedOrder(terms, fields)
    deepEqual(parseKeptOrder(JSON.parse(JSON.stringify(kept))), kept)
    // What somebody added to it stays out.
    deepEqual(parseKeptOrder({ ...kept, opening: { ...kept.opening, note: 1 }, note: 2 }), kept)
  })

  test('whose parts do not belong together is refused', async () => {
    const { kept } = await signerWith().sealedOrder(terms, fields)
    const { opening } = kept
    const wrong: readonly unknown[] = [
      null,
      'text',
      {},
      { ...kept, opening: undefined },
      { ...kept, zone: 0.5 },
      { ...kept, commitment: fieldToHex(5n) },
      { ...kept, context: fieldToHex(5n) },
      { ...kept, context: '0x5' },
      { ...kept, opening: { ...opening, energyWh: 1_501 } },
      { ...kept, opening: { ...opening, energyWh: '1500' } },
      { ...kept, opening: { ...opening, account: 5 } },
      { ...kept, opening: { ...opening, salt: '0x' } },
    ]
    for (const value of wrong) {
      throws(
        () => parseKeptOrder(value),
        /OPENING_INVALID|FIELD_MALFORMED|HEX_MALFORMED|UNIT_OUT_OF_RANGE/,
      )
    }
  })
})

describe('a receipt', () => {
  const operator = addressOf(publicKeyOf(key))
  const plain = { commitment: fieldToHex(77n), zone: 1, interval: 200, sequence: 12 }
  const signature = bytesToHex(signDigest(key, receiptDigest(domain, plain)))
  const receipt = { ...plain, signature }

  test('is the operator’s', () => {
    equal(verifyReceipt(domain, operator, receipt, plain), true)
    equal(verifyReceipt(domain, operator.toUpperCase().replace('0X', '0x'), receipt, plain), true)
  })

  const forged: readonly (readonly [what: string, change: object])[] = [
    ['another commitment', { commitment: fieldToHex(78n) }],
    ['another zone', { zone: 2 }],
    ['another interval', { interval: 201 }],
    ['another sequence', { sequence: 13 }],
    ['another signature', { signature: `${signature.slice(0, -4)}001b` }],
    ['no signature', { signature: '0x' }],
    ['another v', { signature: `${signature.slice(0, -2)}1d` }],
    ['a zero signature', { signature: `0x${'00'.repeat(64)}1b` }],
    ['no commitment', { commitment: '0x1' }],
  ]
  for (const [what, change] of forged) {
    test(`with ${what} is nobody’s`, () => {
      const other = { ...receipt, ...change }
      equal(verifyReceipt(domain, operator, other, other), false)
    })
  }

  test('of another order is not this one’s, though the operator signed it', () => {
    for (const other of [{ commitment: fieldToHex(78n) }, { zone: 2 }, { interval: 201 }]) {
      equal(verifyReceipt(domain, operator, receipt, { ...plain, ...other }), false)
    }
  })

  test('of another operator is none', () => {
    equal(verifyReceipt(domain, `0x${'12'.repeat(20)}`, receipt, plain), false)
  })
})

describe('what an order got', async () => {
  // One salt for ever, so that the order has neighbours on both sides in the set.
  const fixed = signerWith([], (bytes) => bytes.fill(7))
  const { kept } = await fixed.sealedOrder(terms, fields)
  const others = Array.from({ length: 40 }, (_, k) => fieldToHex(BigInt(k + 1) * 2n ** 247n))
  const commitments = [...others, kept.commitment].sort()
  const position = commitments.indexOf(kept.commitment)
  const orders = new SetTree(commitments)
  const leaf: string = fillLeafOf(terms.context, kept.opening, 400n)
  const leaves: readonly string[] = commitments.map((_, k) =>
    k === position ? leaf : fieldToHex(BigInt(k) + 9n),
  )

  const shown = (own: string): { path: OrderPath; cleared: Parameters<typeof openOwnFill>[0] } => {
    const fills = new SetTree(leaves.with(position, own))
    const copied = (path: ReturnType<SetTree['path']>) => ({
      position: path.position,
      siblings: path.siblings.map((row) => [...row]),
      partRoots: [...path.partRoots],
    })
    return {
      path: {
        commitment: kept.commitment,
        context: terms.context,
        ordersRoot: orders.root,
        order: copied(orders.path(position)),
        fillsRoot: fills.root,
        fill: { leaf: own, ...copied(fills.path(position)) },
        void: null,
      },
      cleared: { ordersRoot: orders.root, orderCount: orders.count, fillsRoot: fills.root },
    }
  }
  const { path, cleared } = shown(leaf)

  test('is read from its leaf, and that it was void', () => {
    deepEqual(openOwnFill(cleared, kept, path), { kind: 'filled', energyWh: 400 })
    const unfilled = shown(fillLeafOf(terms.context, kept.opening, 0n))
    deepEqual(openOwnFill(unfilled.cleared, kept, unfilled.path), { kind: 'filled', energyWh: 0 })
    const voided = shown(voidLeaf)
    deepEqual(openOwnFill(voided.cleared, kept, voided.path), { kind: 'void' })
  })

  test('is not believed without a path to the chain’s roots', () => {
    equal(verifyInclusion(cleared, kept.commitment, path), true)
    const other = fieldToHex(5n)
    const invalid = { code: 'proof_invalid', transient: false }
    const cases: readonly (readonly [typeof cleared, OrderPath])[] = [
      [{ ...cleared, ordersRoot: other }, path],
      [{ ...cleared, fillsRoot: other }, path],
      [{ ...cleared, orderCount: position }, path],
      [cleared, { ...path, order: { ...path.order, position: position + 1 } }],
      [cleared, { ...path, fill: null }],
      [cleared, { ...path, fill: { ...path.order, leaf: other } }],
    ]
    for (const [chain, answer] of cases) throws(() => openOwnFill(chain, kept, answer), invalid)
  })

  test('is not that of a neighbour', () => {
    const neighbour = new SetTree(leaves).path(position - 1)
    const borrowed = {
      ...path,
      fill: {
        leaf: leaves[position - 1] ?? '',
        position: position - 1,
        siblings: neighbour.siblings.map((row) => [...row]),
        partRoots: [...neighbour.partRoots],
      },
    }
    throws(() => openOwnFill(cleared, kept, borrowed), { code: 'proof_invalid' })
    const swapped = shown(leaves[position - 1] ?? '')
    throws(() => openOwnFill(swapped.cleared, kept, swapped.path), { code: 'FILL_NOT_OF_ORDER' })
    equal(verifyInclusion(cleared, commitments[position - 1] ?? '', path), false)
  })
})
