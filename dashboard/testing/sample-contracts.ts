/**
 * An interval of an account that sells by two contracts, one paid by the exchange and one by a rail
 * outside of it, and falls short of both: with all that shows it, made with the product's own trees
 * and rules.
 */
import { canonicalJson } from '@busbar/core/encoding'
import { bilateralZone } from '@busbar/core/exchange'
import { interRetailer, type Rail } from '@busbar/core/rulebook'
import { settleActuals } from '@busbar/core/settlement'
import { noContract } from '@busbar/core/trades'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type {
  AccountInterval,
  Market,
  OwnTrade,
  PublicInterval,
  SettlementLine,
} from '@busbar/protocols/api'
import { energyLeaf, orderLeaf, postingLeaf } from '@busbar/protocols/commitments'
import { addressOf, publicKeyOf, signDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import {
  answerTradedEnergy,
  meterSecret,
  TradedEnergyTree,
} from '@busbar/protocols/traded-energy'
import { contractIdentity } from '@busbar/protocols/trades'
import type { ContractEvidence } from '../src/why/contract-evidence.ts'
import { noContracts } from '../src/why/contract-evidence.ts'
import { type Evidence, readingKey } from '../src/why/evidence.ts'
import {
  account,
  domain,
  hash,
  interval,
  intervalLog,
  operatorKey,
  registry,
  sentWith,
  signedAgain,
  transaction,
  treeWith,
} from './sample-evidence.ts'

const meter = 3
const partner = { account: 8, meter: 4 }
const startMs = interval * 900_000
const obligedWh = 200
const deliveredWh = 145
const retailMicrosPerKwh = 300_000
const salt = keccak256(textToBytes('salt')).slice(0, 16)
const secret = keccak256(textToBytes('market'))
const fixedWith = interval - 3

const keyOf = (name: string): Uint8Array => keccak256(textToBytes(name))
const addressFor = (name: string): string => addressOf(publicKeyOf(keyOf(name)))
const signedBy = (name: string, digest: string): string =>
  bytesToHex(signDigest(keyOf(name), hexToBytes(digest)))

const rulebookHash = hash(canonicalJson(interRetailer))
const rulebooks = new Map([[rulebookHash, interRetailer]])

export const contractMarket = {
  ...{ market: 'sample', domain, rulebook: interRetailer, rulebookHash },
  contracts: { intervalLog },
  receiptSigner: addressOf(publicKeyOf(operatorKey)),
} as unknown as Market

const termsOf = (trade: number, rail: Rail): OwnTrade['terms'] => ({
  id: `0x${String(trade).padStart(32, '0')}`,
  ...{ seller: account, buyer: partner.account, sellerMeter: meter, buyerMeter: partner.meter },
  ...{ sellerRetailer: 5, buyerRetailer: 6, fromInterval: interval - 1, intervals: 4 },
  profile: { kind: 'per-interval', energyWh: obligedWh },
  ...{ priceMicrosPerKwh: 250_000, toleranceBasisPoints: 1_000, penaltyBasisPoints: 2_500 },
  ...{ buyerShort: 'actual', exitFeeMicros: null, rail, platform: null },
  ...{ platformFeeMicrosPerKwh: 0, expiresAt: startMs, replaces: noContract },
})

function tradeOf(trade: number, rail: Rail): OwnTrade {
  const terms = termsOf(trade, rail)
  const contract = contractIdentity(domain, terms)
  const tariff = { retailMicrosPerKwh, feedInMicrosPerKwh: 80_000 }
  const short = obligedWh - deliveredWh
  return {
    ...{ trade, side: 'sell', contract, terms, limit: null, payments: [] },
    ...{ contractedWh: obligedWh, obligedWh },
    sellerSignature: signedBy('seller', contract),
    buyerSignature: signedBy('buyer', contract),
    sellerAddress: addressFor('seller'),
    buyerAddress: addressFor('buyer'),
    delivery: {
      ...{ result: 'partial', deliveredWh, sellerShortWh: short, buyerShortWh: 0 },
      ...{ undeliveredBySellerWh: short, sellerTariff: tariff, buyerTariff: tariff },
      isEstimated: false,
    },
  }
}

const wattHours = (energyWh: number): WattHours => WattHours.from(BigInt(energyWh))
const rate = (micros: number): MicrosPerKwh => MicrosPerKwh.from(BigInt(micros))

/** The account's lines of one trade, as the exchange settles it with both meters known. */
function linesOf({ trade, terms }: OwnTrade): SettlementLine[] {
  const short = obligedWh - deliveredWh
  const tariff = { retail: rate(retailMicrosPerKwh), feedIn: rate(80_000) }
  const { items } = settleActuals({
    trade,
    ...{ seller: { account, meter }, buyer: partner, platform: null, limit: null },
    ...{ contracted: wattHours(obligedWh), delivered: wattHours(deliveredWh) },
    ...{ sellerShort: wattHours(short), buyerShort: WattHours.zero },
    sellerMeter: { shortage: wattHours(2 * short), obligations: wattHours(2 * obligedWh) },
    buyerMeter: { shortage: WattHours.zero, obligations: wattHours(2 * obligedWh) },
    price: rate(terms.priceMicrosPerKwh),
    ...{ sellerTariff: tariff, buyerTariff: tariff },
    terms: {
      toleranceBasisPoints: terms.toleranceBasisPoints,
      penaltyBasisPoints: terms.penaltyBasisPoints,
      buyerShortRule: terms.buyerShort,
      platformFeeMicrosPerKwh: MicrosPerKwh.zero,
    },
    tradeFeeMicrosPerKwh: rate(interRetailer.trades?.feeMicrosPerKwh ?? 0),
  })
  return items
    .filter((item) => item.account === account)
    .map(({ reason, energy, price, amount }) => ({
      ...{ meter, trade, reason, energyWh: Number(energy) },
      ...{ priceMicrosPerKwh: Number(price), amountMicros: Number(amount) },
    }))
}

const sumOf = (lines: readonly SettlementLine[]): number =>
  lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0)

const run = { run: 0, kind: 'provisional', atMs: startMs + 900_000 } as const
const head = { status: 'provisional', priceMicrosPerKwh: null, rulebookHash } as const
const places = {
  spreadBasisPoints: interRetailer.reconciliation.spreadBasisPoints,
  feeMicrosPerKwh: interRetailer.feeMicrosPerKwh,
  tariff: { retailer: 5, retailMicrosPerKwh, feedInMicrosPerKwh: 80_000 },
  ...{ orders: [], sealedOrders: [] },
}
const nothingAsked = {
  ...{ orderPaths: new Map(), orderProofs: new Map(), fillsRoot: null },
}
const proof = { state: 'none', reference: null, transaction: null }

/** The street where the meter is: what no contract had is on the retailer's bill. */
function street() {
  const importedWh = 40
  const metered = { imported: wattHours(importedWh), exported: wattHours(2 * deliveredWh) }
  const place = { zone: 0, interval }
  const leaf = energyLeaf(place, salt, { meter, ...metered, assurance: 'metered' })
  const readingTree = treeWith(leaf, 0, 3)
  const roots = { readingsRoot: readingTree.root, postingsRoot: hash('nothing of this account') }
  const clearingRoot = hash('result of the street')
  const sent = [sentWith([clearingRoot]), sentWith([roots.readingsRoot, roots.postingsRoot])]
  const [commitment, settlement] = sent.map((one) => transaction('roots of the street', one))
  const registers = (importWh: number, exportWh: number) => ({ version: 0, importWh, exportWh })
  const transactions = settlement === undefined ? [] : [settlement]
  const billed: SettlementLine = {
    ...{ meter, trade: 0, reason: 'retail_import', energyWh: importedWh },
    ...{ priceMicrosPerKwh: retailMicrosPerKwh, amountMicros: -12_000 },
  }
  const zone: AccountInterval['zones'][number] = {
    ...{ zone: 0, ...head, ...places, commitment: commitment ?? null, sent, trades: [] },
    meters: [
      {
        ...{ meter, boughtWh: 0, soldWh: 0, importedWh, exportedWh: 2 * deliveredWh },
        ...{ tradeBoughtWh: 0, tradeSoldWh: 2 * deliveredWh, assurance: 'metered' },
        ...{ opening: registers(100, 1_000), closing: registers(140, 1_290) },
      },
    ],
    runs: [{ ...run, items: [], dues: [], netMicros: 0, transactions }],
    ...{ billed: [billed], netMicros: 0 },
  }
  const shown = {
    ...{ zone: 0, ...head, interval, orderCount: 0, orderBook: 'open', proof, clearingRoot },
    ...{ ordersRoot: hash('no orders'), fillsRoot: null, commitment },
    runs: [{ ...run, ...roots, transactions }],
  } as unknown as PublicInterval
  const readings = new Map([[readingKey(0, meter), readingTree]])
  return { zone, evidence: { shown, ...nothingAsked, postings: new Map(), readings } }
}

function contractsShown(trades: readonly OwnTrade[], tree: TradedEnergyTree): {
  readonly evidence: ContractEvidence
} {
  const sets = trades.map(({ contract }, index) =>
    treeWith(orderLeaf({ zone: bilateralZone, interval: fixedWith + index }, contract), 1, 4),
  )
  const question = { zone: bilateralZone, meter, fromInterval: interval, count: 1, sequence: 77 }
  const known = meterSecret(secret, meter)
  const answer = answerTradedEnergy(domain, { ...question, secret: known }, [tree], (digest) =>
    signDigest(operatorKey, digest),
  )
  return {
    evidence: {
      proofs: new Map(
        trades.map(({ trade, contract }, index) => [
          trade,
          { contract, fixedWith: fixedWith + index, proof: sets[index] ?? null },
        ]),
      ),
      gates: new Map(sets.map(({ root }, index) => [fixedWith + index, { ordersRoot: root }])),
      keys: new Map([
        [account, { name: 'seller', address: addressFor('seller'), passkeys: [] }],
        [partner.account, { name: 'buyer', address: addressFor('buyer'), passkeys: [] }],
      ]),
      traded: new Map([
        [meter, { ...answer, proofs: [...answer.proofs], secret: bytesToHex(known) }],
      ]),
    },
  }
}

/** Two contracts of 200 Wh each, of which the seller's meter gave out 290 Wh in all. */
export function contractEvidence(): Evidence {
  const trades = [tradeOf(11, 'clearing-house'), tradeOf(12, 'prepaid')]
  const [items = [], dues = []] = trades.map(linesOf)
  const netMicros = sumOf(items)
  const place = { zone: bilateralZone, interval }
  const tree = new TradedEnergyTree({ ...place, run: 0 }, secret, [
    { meter, soldWh: wattHours(2 * deliveredWh), boughtWh: WattHours.zero },
  ])
  const posting = { run: 0, account, amount: BigInt(netMicros), lines: items.map(postedOf) }
  const postingTree = treeWith(postingLeaf(place, salt, posting), 2, 5)
  const clearingRoot = hash('what contracts owe')
  const sent = [sentWith([clearingRoot]), sentWith([tree.root, postingTree.root])]
  const [commitment, settlement] = sent.map((one) => transaction('roots of contracts', one))
  const transactions = settlement === undefined ? [] : [settlement]
  const zone: AccountInterval['zones'][number] = {
    ...{ zone: bilateralZone, ...head, ...places, commitment: commitment ?? null, sent, trades },
    ...{ meters: [], billed: [], netMicros },
    runs: [{ ...run, items, dues, netMicros, transactions }],
  }
  const shown = {
    ...{ zone: bilateralZone, ...head, interval, orderCount: 0, orderBook: 'open', proof },
    ...{ ordersRoot: hash('contracts'), fillsRoot: null, commitment, clearingRoot },
    runs: [{ ...run, readingsRoot: tree.root, postingsRoot: postingTree.root, transactions }],
  } as unknown as PublicInterval
  const { zone: streetZone, evidence: streetEvidence } = street()
  const [outsideMicros, billedMicros] = [sumOf(dues), sumOf(streetZone.billed)]
  const answer: AccountInterval = {
    ...{ account, interval, startMs, endMs: startMs + 900_000, zones: [streetZone, zone] },
    ...{ netMicros, ledgerMicros: netMicros, outsideMicros, billedMicros, debtMicros: 0 },
    worthMicros: netMicros + outsideMicros + billedMicros,
  }
  const { evidence: contracts } = contractsShown(trades, tree)
  const readings = new Map()
  const postings = new Map([[0, postingTree]])
  const nothing = { words: new Map(), signed: new Map() }
  return signedAgain({
    answer,
    zones: new Map([
      [0, { ...streetEvidence, contracts: noContracts, ...nothing }],
      [bilateralZone, { shown, ...nothingAsked, postings, readings, contracts, ...nothing }],
    ]),
    known: { ...registry(), kept: new Map(), rulebooks },
  })
}

const postedOf = (line: SettlementLine) => ({
  ...{ meter, trade: line.trade, reason: line.reason, energy: BigInt(line.energyWh) },
  ...{ price: BigInt(line.priceMicrosPerKwh), amount: BigInt(line.amountMicros) },
})
