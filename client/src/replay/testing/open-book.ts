/** An interval of an open book of two orders, made by hand with the commitments' functions. */
import { openDerToCash } from '@busbar/core/rulebook'
import { noTrade, reconcile } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { AuditReplay } from '@busbar/protocols/api'
import {
  clearingLeaf,
  energyLeaf,
  fillLeaf,
  orderLeaf,
  postingLeaf,
  rulebookHash,
} from '@busbar/protocols/commitments'
import { createDomain, orderDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import { operatorAddress, operatorTransaction } from '../../testing/operator-transaction.ts'
import type { ReplayMaterial } from '../material.ts'

const place = { zone: 0, interval: 5_900_000 }
const salt = `0x${'5a'.repeat(16)}`
const saltBytes = hexToBytes(salt, 16, 'salt')
const verifyingContract = `0x${'c1'.repeat(20)}`
const domain = createDomain({ market: 'a-market', chainId: 31_337, verifyingContract })
const [authority, retailer, seller, buyer] = [3, 4, 5, 6]
const price = 110_000

const rules = rulebookHash(openDerToCash)

const rootOf = (leaves: readonly Uint8Array[]): string => bytesToHex(merkleRoot(leaves))

const order = (account: number, meter: number, side: 'buy' | 'sell', limit: number) => {
  const fields = {
    ...{ id: `0x${'1d'.repeat(15)}0${meter}`, account, meter, side, energyWh: 100 },
    limitMicrosPerKwh: limit,
  }
  const digest = bytesToHex(orderDigest(domain, { ...fields, interval: place.interval }))
  return { ...fields, digest }
}

const orders = [order(seller, 0, 'sell', 100_000), order(buyer, 1, 'buy', 120_000)].sort(
  (a, b) => (a.digest < b.digest ? -1 : 1),
)

const tariff = { retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 60_000 }
const meters = ([[0, seller], [1, buyer]] as const).map(([meter, account]) => ({
  ...{ meter, account, kind: 'physical' as const, tradeBoughtWh: 0, tradeSoldWh: 0 },
  ...{ retailer, tariff },
}))

/** The seller gave 130 Wh, the buyer took 90. */
const readings = [
  { meter: 0, importedWh: 0, exportedWh: 130, assurance: 'metered' as const, salt },
  { meter: 1, importedWh: 90, exportedWh: 0, assurance: 'metered' as const, salt },
]

const lines = reconcile({
  price: MicrosPerKwh.from(BigInt(price)),
  meters: meters.map(({ meter, account }, i) => ({
    ...{ meter, account, kind: 'physical', retailer },
    bought: WattHours.from(i === 1 ? 100n : 0n),
    sold: WattHours.from(i === 0 ? 100n : 0n),
    imported: WattHours.from(BigInt(readings[i]?.importedWh ?? 0)),
    exported: WattHours.from(BigInt(readings[i]?.exportedWh ?? 0)),
    ...{ tradeBought: WattHours.zero, tradeSold: WattHours.zero },
    tariff: { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(60_000n) },
  })),
  balancingAuthority: authority,
  spreadBasisPoints: openDerToCash.reconciliation.spreadBasisPoints,
  overDeviationBasisPoints: openDerToCash.reconciliation.overDeviationBasisPoints,
  feeMicrosPerKwh: MicrosPerKwh.from(BigInt(openDerToCash.feeMicrosPerKwh)),
  isRetailBilled: openDerToCash.reconciliation.policy === 'retailer-bill',
}).items

const postings: AuditReplay['runs'][number]['postings'] = [
  ...Map.groupBy(lines, ({ account }) => account),
]
  .sort(([a], [b]) => a - b)
  .map(([account, own]) => ({
    ...{ account, salt },
    lines: own.map(({ meter, reason, energy, price: at, amount }) => ({
      ...{ meter: meter < 0 ? null : meter, trade: noTrade, reason, energyWh: Number(energy) },
      ...{ priceMicrosPerKwh: Number(at), amountMicros: Number(amount) },
    })),
  }))

const netOf = (own: readonly { readonly amountMicros: number }[]): number =>
  own.reduce((sum, { amountMicros }) => sum + amountMicros, 0)

/** As it has to be, in every byte. */
export function honest(): ReplayMaterial {
  const readingLeaves = readings.map((one) =>
    energyLeaf(place, saltBytes, {
      ...{ meter: one.meter, assurance: one.assurance },
      ...{ imported: BigInt(one.importedWh), exported: BigInt(one.exportedWh) },
    }))
  const postingLeaves = postings.map(({ account, lines: own }) =>
    postingLeaf(place, saltBytes, {
      ...{ run: 0, account, amount: BigInt(netOf(own)) },
      lines: own.map((line) => ({
        ...{ meter: line.meter ?? -1, trade: line.trade, reason: line.reason },
        ...{ energy: BigInt(line.energyWh), price: BigInt(line.priceMicrosPerKwh) },
        amount: BigInt(line.amountMicros),
      })),
    }))
  const clearing = { price: BigInt(price), energy: 100n }
  const result = [
    clearingLeaf(place, clearing),
    ...orders.map(({ digest }) => fillLeaf(place, digest, 100n)),
  ]
  const roots = { clearing: rootOf(result), readings: rootOf(readingLeaves) }
  const postingsRoot = rootOf(postingLeaves)
  const [commitment, ofRun] = [
    operatorTransaction(domain.chainId, verifyingContract, [roots.clearing]),
    operatorTransaction(domain.chainId, verifyingContract, [roots.readings, postingsRoot], 2),
  ]
  const shown = {
    ...place,
    ...{ status: 'provisional', orderBook: 'open', priceMicrosPerKwh: price, energyWh: 100 },
    curves: { buy: null, sell: null },
    ...{ rulebookHash: rules, fillsRoot: null, clearingRoot: roots.clearing },
    ordersRoot: rootOf(orders.map(({ digest }) => orderLeaf(place, digest))),
    commitment: { txHash: commitment.txHash },
    runs: [{
      ...{ run: 0, readingsRoot: roots.readings, postingsRoot },
      transactions: [{ txHash: ofRun.txHash }],
    }],
  }
  const audit = {
    ...place,
    ...{ priceMicrosPerKwh: price, energyWh: 100 },
    fills: orders.map(({ digest }) => ({ digest, energyWh: 100 })),
    nets: postings.map(({ account, lines: own }) => ({ account, amountMicros: netOf(own) })),
  }
  const replay: AuditReplay = {
    ...place,
    ...{ orders, meters, contracts: null, balancingAuthority: authority },
    runs: [{ run: 0, readings, postings, dues: [], traded: [] }],
    sent: [commitment, ofRun],
  }
  const market = {
    market: 'a-market',
    domain: { name: '', version: '1', chainId: 31_337, verifyingContract },
    ...{ contracts: { intervalLog: verifyingContract }, receiptSigner: operatorAddress },
    ...{ committees: [], rulebook: openDerToCash, rulebookHash: rules },
  }
  // As JSON has it: nothing is shared, so that a change is of one place alone.
  return JSON.parse(
    JSON.stringify({
      ...{ shown, audit, replay, market },
      ...{ openings: null, traded: null, metered: [], parties: [] },
    }),
  ) as ReplayMaterial
}
