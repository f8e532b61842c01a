/** An account's interval with all that shows it, made with the product's own trees and rules. */
import { canonicalJson } from '@busbar/core/encoding'
import { derToCash, openDerToCash } from '@busbar/core/rulebook'
import { reconcile } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type {
  AccountInterval,
  ChainTransaction,
  InclusionProof,
  Market,
  OrderWord,
  PublicInterval,
  SettlementLine,
  SignedReading,
} from '@busbar/protocols/api'
import { energyLeaf, orderLeaf, postingLeaf } from '@busbar/protocols/commitments'
import {
  addressOf,
  createDomain,
  orderDigest,
  publicKeyOf,
  publicKeyOfP256,
  sealedOrderDigest,
  signDigest,
  signDigestP256,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import { leafHash, MerkleTree } from '@busbar/protocols/merkle'
import { batchToSign, readingSalt, readingsTree } from '@busbar/protocols/readings'
import { commitmentOf, contextOf, fillLeafOf, SetTree } from '@busbar/protocols/sealed-orders'
import { noContracts } from '../src/why/contract-evidence.ts'
import {
  type Evidence,
  type GatewayKey,
  type Known,
  readingKey,
  signedKey,
} from '../src/why/evidence.ts'

export const account = 7
export const meter = 3
export const interval = 5_837_900
const place = { zone: 0, interval }
const startMs = interval * 300_000
const price = MicrosPerKwh.from(184_510n)
export const domain = createDomain({
  market: 'sample',
  chainId: 31_337,
  verifyingContract: `0x${'c1'.repeat(20)}`,
})

type Book = 'sealed' | 'open'

export const hash = (text: string): string => bytesToHex(keccak256(textToBytes(text)))

export const operatorKey = new Uint8Array(32).fill(9)
export const intervalLog = `0x${'c2'.repeat(20)}`

type Sent = { readonly txHash: string; readonly raw: string }

export const transaction = (description: string, { txHash }: Sent): ChainTransaction => ({
  ...{ description, status: 'final', txHash, blockNumber: 12, gasUsed: 90_000 },
})

/** A call with the words, signed by the operator: type 2, as the exchange sends it. */
export function sentWith(words: readonly string[]): Sent {
  const calldata = hexToBytes(`0x01020304${words.map((word) => word.slice(2)).join('')}`)
  const numbers = [31_337, 7, 1, 2, 90_000].map(rlpNumber)
  const body = [
    ...numbers, rlpBytes(hexToBytes(intervalLog)), rlpNumber(0), rlpBytes(calldata), rlpList([]),
  ]
  const digest = keccak256(joined([Uint8Array.of(2), rlpList(body)]))
  const signature = signDigest(operatorKey, digest)
  const proof = [signature.slice(0, 32), signature.slice(32, 64)].map(withoutZeros).map(rlpBytes)
  const parity = rlpNumber((signature[64] ?? 27) - 27)
  const raw = joined([Uint8Array.of(2), rlpList([...body, parity, ...proof])])
  return { txHash: bytesToHex(keccak256(raw)), raw: bytesToHex(raw) }
}

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

const bytesOf = (number: number): Uint8Array =>
  number === 0
    ? new Uint8Array()
    : joined([bytesOf(Math.floor(number / 256)), Uint8Array.of(number % 256)])

const withoutZeros = (bytes: Uint8Array): Uint8Array =>
  bytes.subarray(Math.max(0, bytes.findIndex((byte) => byte !== 0)))

const headed = (base: number, content: Uint8Array): Uint8Array => {
  const digits = bytesOf(content.length)
  const head = content.length < 56
    ? Uint8Array.of(base + content.length)
    : joined([Uint8Array.of(base + 55 + digits.length), digits])
  return joined([head, content])
}

const rlpBytes = (bytes: Uint8Array): Uint8Array =>
  bytes.length === 1 && (bytes[0] ?? 0) < 0x80 ? bytes : headed(0x80, bytes)
const rlpNumber = (number: number): Uint8Array => rlpBytes(bytesOf(number))
const rlpList = (items: readonly Uint8Array[]): Uint8Array => headed(0xc0, joined(items))

const clearingRoot = hash('result of the interval')
const sentCommitment = sentWith([clearingRoot])
const commitment = transaction('roots of the interval', sentCommitment)

export const marketOf = (book: Book): Market => {
  const rulebook = book === 'sealed' ? derToCash : openDerToCash
  return {
    market: 'sample',
    domain,
    rulebook,
    rulebookHash: hash(canonicalJson(rulebook)),
    contracts: { intervalLog },
    receiptSigner: addressOf(publicKeyOf(operatorKey)),
  } as unknown as Market
}

/** One order of 400 Wh that got 300, a meter that delivered 10 short, one run. */
export function sampleEvidence(book: Book): Evidence {
  const market = marketOf(book)
  const { rulebook, rulebookHash } = market
  const registers = (importWh: number, exportWh: number) => ({ version: 0, importWh, exportWh })
  const metered = { imported: WattHours.from(0n), exported: WattHours.from(290n) }
  const items = linesOf(rulebook, metered)
  const netMicros = items.reduce((sum, { amountMicros }) => sum + amountMicros, 0)
  const run = { run: 0, kind: 'provisional', atMs: startMs + 300_000 } as const
  const posting = { run: 0, account, amount: BigInt(netMicros), lines: items.map(postedOf) }
  const salt = keccak256(textToBytes('salt')).slice(0, 16)
  const postingTree = treeWith(postingLeaf(place, salt, posting), 2, 5)
  const readingTree = treeWith(
    energyLeaf(place, salt, { meter, ...metered, assurance: 'metered' }), 0, 3,
  )
  const sentSettlement = sentWith([readingTree.root, postingTree.root])
  const settlement = transaction('money of run 0', sentSettlement)
  const orders = book === 'sealed' ? sealedOrders() : openOrders()
  const status: PublicInterval['status'] = 'provisional'
  const head = { zone: 0, status, priceMicrosPerKwh: Number(price), rulebookHash, commitment }
  const answer: AccountInterval = {
    ...{ account, interval, startMs, endMs: startMs + 300_000, netMicros },
    ...{ worthMicros: netMicros, ledgerMicros: netMicros },
    ...{ outsideMicros: 0, billedMicros: 0, debtMicros: 0 },
    zones: [
      {
        ...head,
        ...orders.answer,
        spreadBasisPoints: rulebook.reconciliation.spreadBasisPoints,
        feeMicrosPerKwh: rulebook.feeMicrosPerKwh,
        tariff: { retailer: 5, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 },
        meters: [
          {
            ...{ meter, boughtWh: 0, soldWh: 300, importedWh: 0, exportedWh: 290 },
            ...{ tradeBoughtWh: 0, tradeSoldWh: 0 },
            ...{ opening: registers(100, 999_900), closing: registers(100, 1_000_190) },
            assurance: 'metered',
          },
        ],
        runs: [{ ...run, items, dues: [], netMicros, transactions: [settlement] }],
        ...{ trades: [], billed: [] },
        netMicros,
        sent: [sentCommitment, sentSettlement],
      },
    ],
  }
  const shown = {
    clearingRoot,
    ...{ ...head, interval, orderCount: orders.count, ordersRoot: orders.ordersRoot },
    ...{ fillsRoot: orders.fillsRoot, orderBook: rulebook.orderBook },
    proof: book === 'sealed'
      ? { state: 'proven', reference: hash('proof'), transaction: null }
      : { state: 'none', reference: null, transaction: null },
    runs: [
      {
        ...run,
        ...{ readingsRoot: readingTree.root, postingsRoot: postingTree.root },
        transactions: [settlement],
      },
    ],
  } as unknown as PublicInterval
  const zone = {
    shown,
    ...orders.proofs,
    postings: new Map([[0, postingTree]]),
    readings: new Map([[readingKey(0, meter), readingTree]]),
    contracts: noContracts,
    signed: new Map(),
  }
  const rulebooks = new Map([[rulebookHash, rulebook]])
  const known = { ...registry(), kept: orders.kept, rulebooks }
  return signedAgain({ answer, zones: new Map([[0, zone]]), known })
}

/** With the readings signed as the answer has them, where those were changed. */
export function signedAgain({ answer, zones, known }: Evidence): Evidence {
  const again = [...zones].map(([number, zone]) => {
    const [metered] = answer.zones.find((one) => one.zone === number)?.meters ?? []
    const ends = [[interval, metered?.opening], [interval + 1, metered?.closing]] as const
    const signed = ends.flatMap(([boundary, shown]) =>
      shown == null ? [] : [[signedKey(meter, boundary), signedReading(boundary, shown)] as const],
    )
    return [number, { ...zone, signed: new Map(signed) }] as const
  })
  return { answer, zones: new Map(again), known }
}

export const accountKey = new Uint8Array(32).fill(5)
const gatewaySecret = new Uint8Array(32).fill(6)
export const gatewayKey: GatewayKey = {
  ...{ gateway: 2, form: 'signed-batch/p256' },
  publicKey: bytesToHex(publicKeyOfP256(gatewaySecret)),
}

export function registry(): Pick<Known, 'participant' | 'gateways'> {
  const publicKey = publicKeyOf(accountKey)
  const participant = {
    ...{ account, name: 'sample', roles: ['prosumer' as const], status: 'active' as const },
    ...{ address: addressOf(publicKey), publicKey: bytesToHex(publicKey), passkeys: [] },
  }
  return { participant, gateways: new Map([[meter, gatewayKey]]) }
}

/** One reading among those of others, as the street's gateway signs them. */
function signedReading(
  boundary: number,
  shown: { readonly version: number; readonly importWh: number; readonly exportWh: number },
): SignedReading {
  const readings = [0, 1, 2, meter, 4].map((one) => ({
    ...{ meter: one, boundary, version: 0, importWh: 7 * one, exportWh: 0 },
    ...(one === meter ? shown : {}),
  }))
  const reading = readings[meter] ?? { meter, boundary, ...shown }
  const blind = hash(`blind ${boundary}`)
  const batch = { id: `0x${'03'.repeat(16)}`, gateway: gatewayKey.gateway, readings, blind }
  const { root, count, digest } = batchToSign(domain, batch)
  return {
    ...{ reading, sequence: 11, gateway: gatewayKey },
    batch: {
      ...{ id: batch.id, root, count, index: meter },
      signature: bytesToHex(signDigestP256(gatewaySecret, digest)),
      leafSalt: bytesToHex(readingSalt(blind, meter)),
      path: readingsTree(readings, blind).proof(meter).map((node) => bytesToHex(node)),
    },
  }
}

/** An order as its account signed it. */
const wordOf = (digest: Uint8Array, rest: Partial<OrderWord> = {}): OrderWord => ({
  ...{ id, account, zone: 0, interval, sequence: 9, digest: bytesToHex(digest) },
  ...{ signature: bytesToHex(signDigest(accountKey, digest)), isKeyReplaced: false },
  ...{ sealed: null, mandate: null, opening: null, ...rest },
})

const untraded = { tradeBought: WattHours.zero, tradeSold: WattHours.zero }

function linesOf(
  rulebook: Market['rulebook'],
  metered: { readonly imported: WattHours; readonly exported: WattHours },
): SettlementLine[] {
  const { items } = reconcile({
    price,
    meters: [
      {
        ...{ meter, account, kind: 'physical', retailer: 5, ...metered },
        ...{ bought: WattHours.zero, sold: WattHours.from(300n), ...untraded },
        tariff: { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(80_000n) },
      },
      {
        ...{ meter: 4, account: 8, kind: 'virtual', retailer: null, tariff: null },
        ...{ imported: WattHours.zero, exported: WattHours.zero },
        ...{ bought: WattHours.from(300n), sold: WattHours.zero, ...untraded },
      },
    ],
    balancingAuthority: 4,
    spreadBasisPoints: rulebook.reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: rulebook.reconciliation.overDeviationBasisPoints,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(rulebook.feeMicrosPerKwh)),
    isRetailBilled: false,
  })
  return items
    .filter((item) => item.account === account)
    .map(({ trade, reason, energy, price: at, amount }) => ({
      ...{ meter, trade, reason, energyWh: Number(energy) },
      ...{ priceMicrosPerKwh: Number(at), amountMicros: Number(amount) },
    }))
}

const postedOf = (line: SettlementLine) => ({
  ...{ meter, trade: line.trade, reason: line.reason, energy: BigInt(line.energyWh) },
  ...{ price: BigInt(line.priceMicrosPerKwh), amount: BigInt(line.amountMicros) },
})

/** The leaf among others, with the path that shows it. */
export function treeWith(leaf: Uint8Array, index: number, count: number): InclusionProof {
  const leaves = Array.from({ length: count }, (_, i) =>
    i === index ? leaf : textToBytes(`leaf ${i} of somebody else`),
  )
  const tree = new MerkleTree(leaves)
  return {
    root: bytesToHex(tree.root),
    leaf: bytesToHex(leafHash(leaf)),
    data: bytesToHex(leaf),
    ...{ index, count },
    path: tree.proof(index).map((node) => bytesToHex(node)),
    committedIn: null,
  }
}

type Orders = Pick<AccountInterval['zones'][number], 'orders' | 'sealedOrders'>

const order = { meter, side: 'sell', energyWh: 400, limitMicrosPerKwh: 90_000 } as const
const id = `0x${'1d'.repeat(16)}`

function sealedOrders() {
  const { rulebookHash } = marketOf('sealed')
  const context = contextOf({ chainId: 31_337, intervalLog, ...place, rulebookHash })
  const openings = [0, 1, 2].map((i) => {
    return { ...order, account: account + i, salt: hash(`salt ${i}`) }
  })
  const made = openings.map((opening) => commitmentOf(context, opening))
  const [own = ''] = made
  const [opening] = openings
  if (opening === undefined) throw new Error('one of them is the account’s own')
  const sorted = made.toSorted()
  const orders = new SetTree(sorted)
  const leaves = sorted.map((one, i) =>
    one === own ? fillLeafOf(context, opening, 300n) : bytesToHex(new Uint8Array(32).fill(i + 2)),
  )
  const fills = new SetTree(leaves)
  const position = sorted.indexOf(own as (typeof sorted)[number])
  const path = {
    ...{ commitment: own, context, ordersRoot: orders.root, order: pathOf(orders, position) },
    fillsRoot: fills.root,
    fill: { leaf: leaves[position] ?? '', ...pathOf(fills, position) },
    void: null,
  }
  const mine = { id, commitment: own, sequence: 9, outcome: 'filled', filledWh: 300 } as const
  const answer: Orders = { orders: [], sealedOrders: [{ ...mine, void: null }] }
  const sealed = { commitment: own, collateralMicros: 70_000, ciphertextHash: hash('sealed') }
  const message = { id, account, ...place, ...sealed }
  const word = wordOf(sealedOrderDigest(domain, message), { sealed, opening })
  return {
    ...{ count: 3, ordersRoot: orders.root, fillsRoot: fills.root, answer },
    kept: new Map([[own, { id, ...place, context, commitment: own, opening }]]),
    proofs: {
      ...{ orderPaths: new Map([[own, path]]), orderProofs: new Map() },
      words: new Map([[own, word]]),
    },
  }
}

function pathOf(tree: SetTree, position: number) {
  const { siblings, partRoots } = tree.path(position)
  return { position, siblings: siblings.map((row) => [...row]), partRoots: [...partRoots] }
}

function openOrders() {
  const signed = orderDigest(domain, { ...order, id, account, interval })
  const digest = bytesToHex(signed)
  const proof = treeWith(orderLeaf(place, digest), 1, 4)
  const answer: Orders = {
    orders: [{ ...order, id, digest, filledWh: 300, sequence: 9 }],
    sealedOrders: [],
  }
  return {
    ...{ count: 4, ordersRoot: proof.root, fillsRoot: null, answer, kept: new Map() },
    proofs: {
      ...{ orderPaths: new Map(), orderProofs: new Map([[digest, proof]]) },
      words: new Map([[digest, wordOf(signed)]]),
    },
  }
}
