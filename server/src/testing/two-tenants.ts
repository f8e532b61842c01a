/**
 * Two pairs of homes that trade, each with retailers, a utility and a platform of its own, in one
 * market on a real server: what is the one's is none of the other's business.
 */
import { GatewaySigner, withPrivateKey } from '@busbar/client'
import type { ContractTerms } from '@busbar/core/trades'
import { publicKeyOfP256, signDigestP256 } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { buyerOf, first, type Pair, RailMarket, sellerOf } from './rail-market.ts'

const farSecret = keccak256(textToBytes('rails: a gateway far away'))

export const pair: Pair = { rail: 'clearing-house', name: 'first' }

/** What somebody is to a trade. */
export type Part =
  | 'seller' | 'buyer' | 'sellerRetailer' | 'buyerRetailer' | 'utility' | 'platform'

export type Tenant = {
  readonly name: string
  readonly who: Readonly<Record<Part, string>>
  /** Of the seller and the buyer. */
  readonly meters: readonly [number, number]
  readonly gateway: number
  readonly zone: number
  /** Numbers of trades are given in order; the one after the next is the tenant's as well. */
  readonly trade: number
}

export const near: Tenant = {
  name: 'near',
  who: {
    ...{ seller: sellerOf(pair), buyer: buyerOf(pair), platform: 'platform' },
    ...{ sellerRetailer: 'north', buyerRetailer: 'south', utility: 'grid' },
  },
  ...{ meters: [0, 1], gateway: 0, zone: 0, trade: 1 },
}

export const far: Tenant = {
  name: 'far',
  who: {
    ...{ seller: 'far-seller', buyer: 'far-buyer', platform: 'agent' },
    ...{ sellerRetailer: 'east', buyerRetailer: 'west', utility: 'wires' },
  },
  ...{ meters: [2, 3], gateway: 1, zone: 1, trade: 2 },
}

/** Of the market as a whole. */
export const offices = [
  'operator', 'authority', 'auditor', 'prover', 'bank', 'balance',
] as const

/** The far tenant, the offices that a market of rails does not have, and a trade of each. */
export async function settle(market: RailMarket): Promise<void> {
  await market.admit('auditor', ['auditor'], null)
  await market.admit('prover', ['prover'], null)
  await market.admit('authority', ['authority'], null)
  for (const retailer of ['east', 'west']) {
    await market.admit(retailer, ['retailer'], null)
    const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
    await market.instruct(retailer, 'set_tariff', tariff)
  }
  await market.instruct('operator', 'record_agreement', {
    retailers: [market.accountOf('east'), market.accountOf('west')],
    ...{ basis: 'regulatory', documentHash: `0x${'78'.repeat(32)}` },
    ...{ fromInterval: 0, untilInterval: null },
  })
  await market.admit('wires', ['distribution-utility'], null)
  await market.admit('agent', ['aggregator'], null)
  await market.admit('far-seller', ['prosumer'], 'east')
  await market.admit('far-buyer', ['prosumer'], 'west')
  await market.instruct('operator', 'register_zone', { name: 'lane', parent: 0, bridgeWatts: 0 })
  const utility = market.accountOf('wires')
  await market.instruct('operator', 'assign_utility', { zone: 1, utility })
  const publicKey = bytesToHex(publicKeyOfP256(farSecret))
  const gateway = { name: 'far', curve: 'p256', owner: utility, publicKey } as const
  await market.instruct('operator', 'register_gateway', gateway)
  for (const name of ['far-seller', 'far-buyer']) {
    await market.instruct('wires', 'register_meter', {
      ...{ name, kind: 'physical', account: market.accountOf(name), zone: 1, gateway: 1 },
      ...{ importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
    })
    await market.instruct(name, 'consent_to_enforcement', { textHash: `0x${'11'.repeat(32)}` })
  }
  const deposits = ['far-seller', 'far-buyer'].map((name) => ({
    ...{ account: market.accountOf(name), amountMicros: 60_000_000 },
  }))
  await market.instruct('bank', 'fund_accounts', { deposits })
  await funded(market, 'far-buyer')
  for (const tenant of [near, far]) await agree(market, tenant, termsOf(market, tenant))
  for (const tenant of [near, far]) {
    await topUp(market, tenant)
    await agree(market, tenant, prepaidTermsOf(market, tenant))
  }
}

/** What a tenant's retailers hold for their customers. */
async function topUp(market: RailMarket, { who }: Tenant): Promise<void> {
  const sides = [[who.sellerRetailer, who.seller], [who.buyerRetailer, who.buyer]] as const
  for (const [retailer, name] of sides) {
    const money = { amountMicros: 60_000_000, reference: `top-up ${name}` }
    await market.instruct(retailer, 'top_up_prepaid', { account: market.accountOf(name), ...money })
  }
}

async function funded(market: RailMarket, name: string): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    await market.client.setClock((await market.client.market()).clock.nowMs)
    if ((await market.balance(name)) > 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the deposits did not come')
}

export function termsOf(market: RailMarket, { who, meters, trade }: Tenant): ContractTerms {
  const account = (part: Part): number => market.accountOf(who[part])
  return market.termsOf(pair, {
    id: `0x${String(trade).padStart(32, '0')}`,
    ...{ seller: account('seller'), buyer: account('buyer'), platform: account('platform') },
    ...{ sellerMeter: meters[0], buyerMeter: meters[1] },
    sellerRetailer: account('sellerRetailer'),
    buyerRetailer: account('buyerRetailer'),
  })
}

/** A second one between the same two, for which their retailers pay each other. */
export const prepaidTermsOf = (market: RailMarket, tenant: Tenant): ContractTerms => ({
  ...termsOf(market, tenant),
  ...{ id: `0x${String(tenant.trade + 2).padStart(32, '0')}`, rail: 'prepaid' },
})

async function agree(market: RailMarket, tenant: Tenant, terms: ContractTerms): Promise<void> {
  const { trades } = market.client
  await trades.propose(await (await market.signerOf(tenant.who.seller)).proposal(terms))
  await trades.accept(await (await market.signerOf(tenant.who.buyer)).acceptance(terms))
}

/** What the far tenant's meters show at a boundary counted from the first interval. */
export async function readFar(market: RailMarket, boundary: number): Promise<void> {
  const sign = withPrivateKey(farSecret, signDigestP256)
  const domain = await market.client.domain()
  const gateway = new GatewaySigner({ domain, gateway: far.gateway, sign })
  const [seller, buyer] = far.meters
  const [at, energy] = [{ boundary: first + boundary, version: 0 }, boundary * 600]
  await market.client.sendReadings(
    await gateway.readings([
      { meter: seller, ...at, importWh: 0, exportWh: energy },
      { meter: buyer, ...at, importWh: energy, exportWh: 0 },
    ]),
  )
}

/** An order in the auction of the first interval, known by its digest. */
export async function order(market: RailMarket, { who, meters }: Tenant): Promise<string> {
  const signed = await (await market.signerOf(who.seller)).order({
    ...{ meter: meters[0], interval: first, side: 'sell', energyWh: 100 },
    limitMicrosPerKwh: 100_000,
  })
  return (await market.client.placeOrder(signed)).digest
}
