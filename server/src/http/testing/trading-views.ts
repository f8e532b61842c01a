import type { ContractTerms, OfferContent } from '@busbar/core/trades'
import { Micros } from '@busbar/core/units'
import type { SpanPage } from '../../app/ports/customer-views.ts'
import type { OrderedPage, Reader } from '../../app/ports/exchange-service.ts'
import type { OwnTradeView, TradeView, TradingViews } from '../../app/ports/trading-views.ts'

/* Fixed views of trades with every field filled: what the routes must carry over. */

const hash = (byte: string): string => `0x${byte.repeat(32)}`
const signature = `0x${'51'.repeat(65)}`

/** Alice, account 4, sells to bob, account 5. */
export const terms: ContractTerms = {
  id: `0x${'0c'.repeat(16)}`,
  ...{ seller: 4, buyer: 5, sellerMeter: 0, buyerMeter: 1, sellerRetailer: 3, buyerRetailer: 3 },
  ...{ fromInterval: 120, intervals: 4, priceMicrosPerKwh: 250_000 },
  profile: { kind: 'total', energyWh: 4_000, weights: [1, 2, 2, 1] },
  ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 500, buyerShort: 'actual' },
  ...{ exitFeeMicros: 5, rail: 'bill-platform', platform: 6, platformFeeMicrosPerKwh: 7 },
  ...{ expiresAt: 36_000_000, replaces: hash('00') },
}

const device = {
  ...{ publicKey: `0x02${'9a'.repeat(32)}`, host: 'busbar.example', label: 'phone' },
  ...{ signsFromMs: 36_000_000, registeredBy: 4, registeredAtMs: 36_000_000 },
  askedBy: null,
}

const offer: OfferContent = {
  ...{ meter: 0, side: 'sell', source: 'solar', fromInterval: 120, intervals: 4 },
  energyWhPerInterval: 400,
  ladder: [{ with: 'zone', number: 0, source: 'any', priceMicrosPerKwh: 250_000 }],
  rails: ['clearing-house'],
  ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 500, expiresAt: 36_000_000 },
}

const inclusion = {
  ...{ owner: -1, root: hash('0e'), leaf: hash('0f'), data: `0x${'dd'.repeat(44)}`, index: 1 },
  ...{ count: 2, path: [hash('0d')], committedIn: hash('77') },
}

const common = { trade: 1, status: 'agreed', reason: '' } as const
const window = { fromInterval: 120, intervals: 4, endsAt: 124, contractedWh: 4_000n } as const

const party: TradeView = {
  relation: 'party',
  ...common,
  proposal: {
    ...{ contract: hash('c2'), terms: { ...terms, replaces: hash('c1') }, proposer: 5 },
    ...{ requester: 5, sellerSignature: null, buyerSignature: signature, sequence: 31 },
  },
  versions: [
    {
      ...{ contract: hash('c1'), terms, sellerSignature: signature, buyerSignature: signature },
      ...{ sequence: 30, atMs: 33_000_000 },
    },
  ],
  endsAt: 124,
  totals: {
    ...{ contractedWh: 4_000n, obligedWh: 4_000n, deliveredWh: 3_600n },
    ...{ complete: 3, partial: 1, failed: 0, settled: 4, final: 0 },
    ...{ sellerMicros: 900_000n, buyerMicros: -900_000n },
  },
}

const payment: OwnTradeView['payments'][number] = {
  ...{ payment: 1, trade: 1, rail: 'bill-platform', payer: 5, payee: 4 },
  ...{ reservedMicros: Micros.zero, amountMicros: Micros.from(9n), state: 'capturing' },
  ...{ reference: 'b-1', expiresAtMs: null, dueAtMs: 36_000_000, postponements: 1 },
  reason: '',
}

/** The first of the contract's intervals, of which a part was delivered. */
export const ownTrade: OwnTradeView = {
  ...{ trade: 1, side: 'sell', contract: hash('c1'), terms },
  ...{ sellerSignature: signature, buyerSignature: signature, contractedWh: 666n },
  ...{ sellerAddress: `0x${'a1'.repeat(20)}`, buyerAddress: null },
  limit: { utility: 7, energyWh: 600n, reason: 'maintenance', sequence: 32 },
  obligedWh: 600n,
  delivery: {
    ...{ result: 'partial', deliveredWh: 500n, sellerShortWh: 100n, buyerShortWh: 0n },
    undeliveredBySellerWh: 100n,
    sellerTariff: { retailMicrosPerKwh: 300_000n, feedInMicrosPerKwh: 80_000n },
    ...{ buyerTariff: null, isEstimated: false },
  },
  payments: [payment],
}

/** To alice's retailer its customer's side, to utilities their wires, to others nothing. */
function tradeOf({ account, roles }: Reader): TradeView | undefined {
  if (account === 4 || account === 5) return party
  if (roles.includes('retailer')) {
    const side = { side: 'sell', account: 4, meter: 0, rail: 'bill-platform' } as const
    return { relation: 'retailer', ...common, ...window, ...side, deliveredWh: 3_600n }
  }
  if (roles.includes('distribution-utility')) {
    const zones = { sellerZone: 0, buyerZone: null, sellerMeter: 0, buyerMeter: null }
    return { relation: 'utility', ...common, ...window, ...zones }
  }
  const seesAll = roles.includes('operator') || roles.includes('auditor')
  return seesAll ? party : undefined
}

/** Intervals that were settled, as far as a page of them reaches. */
const settled = ({ from: first, until = 102 }: SpanPage): number[] =>
  from([100, 101], first, (interval) => interval).filter((interval) => interval < until)

const from = <Item>(
  items: readonly Item[],
  first: number | undefined,
  of: (item: Item) => number,
): Item[] => items.filter((item) => of(item) >= (first ?? 0))

const pageOf = <Item>(
  items: readonly Item[],
  { from: first, order, limit }: OrderedPage,
  of: (item: Item) => number,
): Item[] =>
  (order === 'asc'
    ? from(items, first, of)
    : items.filter((item) => of(item) <= (first ?? Infinity)).reverse()
  ).slice(0, limit)

export const trading: TradingViews = {
  offers: ({ side }, page) =>
    pageOf([1, 2], page, (number) => number)
      .filter(() => side !== 'buy')
      .map((number) => ({
        ...{ offer: number, account: 4, retailer: 3, zone: 0, status: 'open', content: offer },
      })),
  ownOffers: (account, page) =>
    pageOf([1, 2], page, (number) => number).map((number) => ({
      ...{ offer: number, account, retailer: 3, zone: 0, status: 'matched', content: offer },
    })),
  trades: (reader, page, relation) => {
    const one = tradeOf(reader)
    const isWanted = one !== undefined && (relation ?? one.relation) === one.relation
    return pageOf(isWanted ? [one, { ...one, trade: 2 }] : [], page, ({ trade }) => trade)
  },
  trade: (reader, trade) => (trade === 1 ? tradeOf(reader) : undefined),
  deliveries: (reader, trade, page) => {
    const one = trade === 1 ? tradeOf(reader) : undefined
    if (one === undefined) return undefined
    const isParty = one.relation === 'party'
    const shown = from([120, 121], page.from, (interval) => interval).slice(0, page.limit)
    return shown.map((interval) => ({
      interval,
      contractedWh: 1_000n,
      limit: { utility: 6, energyWh: 900n, reason: 'fault', sequence: 29 },
      ...{ obligedWh: 900n, result: 'partial', deliveredWh: 800n, sellerShortWh: 100n },
      buyerShortWh: isParty ? 0n : null,
      sellerMicros: isParty ? 200_000n : null,
      buyerMicros: isParty ? -200_000n : null,
      isFinal: false,
    }))
  },
  contractProofs: async (reader) =>
    tradeOf(reader) && [
      { contract: hash('c0'), proof: { interval: 100, inclusion } },
      { contract: hash('c1'), proof: null },
    ],
  payments: (account) => ({
    account,
    payments: [payment],
    ...{ duesMicros: Micros.from(-9n), prepaidMicros: Micros.zero },
  }),
  defaults: (_reader, account) => [
    {
      ...{ default: 1, account, creditor: null, trade: 1, payment: 1, cause: 'payment_overdue' },
      ...{ amountMicros: Micros.from(9n), recoveredMicros: Micros.zero, status: 'open' },
      steps: [
        {
          ...{ step: 'warning', atMs: 34_000_000, deadlineMs: 36_000_000 },
          ...{ fineMicros: Micros.zero, evidence: '', consent: hash('0d') },
        },
      ],
      ...{ grounds: '', atMs: 34_000_000 },
    },
  ],
  customers: (_retailer, page) =>
    from([4, 5], page.from, (account) => account).map((account) => ({
      ...{ account, name: `customer-${account}`, status: 'active', hasConsented: true },
      meters: [{ meter: 0, name: 'm0', zone: 0, gateway: 0 }],
      devices: [device],
      ...{ isDisputed: false, prepaidMicros: 5_000_000n, duesMicros: -7n, openDefaults: 1 },
    })),
  tariffs: () => [{ fromInterval: 90, retailMicrosPerKwh: 290_000n, feedInMicrosPerKwh: 80_000n }],
  declarations: (_retailer, page) =>
    settled(page).map((interval) => ({
      ...{ interval, account: 4, meter: 0, soldWh: 1n, boughtWh: 2n, exportedWh: 3n },
      ...{ importedWh: 4n, auctionSoldWh: 5n, auctionBoughtWh: 6n, wheelingMicrosPerKwh: 7n },
      ...{ imbalanceBoughtWh: 8n, imbalanceSoldWh: 9n, utility: 6 },
      wheelingMicros: Micros.from(1n),
      ...{ runKind: 'provisional', isEstimated: true },
    })),
  meteredEnergy: (_retailer, page) =>
    settled(page).map((interval) => ({
      ...{ interval, account: 4, meter: 0, zone: 0, importedWh: 4n, exportedWh: 3n },
      ...{ assurance: 'repeated', runKind: 'provisional' },
    })),
  customerEnergy: () => [
    {
      ...{ account: 4, importedWh: 4n, exportedWh: 3n, soldWh: 1n, boughtWh: 2n, auctionWh: -1n },
      ...{ leftImportWh: 1n, leftExportWh: 0n, wheelingMicros: 1n },
      ...{ intervals: 2, estimated: 1, open: 1 },
    },
  ],
  meterDataRequests: () => [
    {
      ...{ meter: 0, gateway: 0, fromBoundary: 100, throughBoundary: 104 },
      ...{ missing: [103, 104], dueAtMs: 34_000_000 },
    },
  ],
  tradedEnergy: (_reader, { meter, fromInterval, count }) =>
    meter === 0
      ? {
          ...{ meter, fromInterval, sequence: 30, signature, secret: hash('5e') },
          proofs: Array.from({ length: count }, () => '0x00'),
        }
      : undefined,
  wheeling: (_utility, page) => ({
    rates: [{ fromInterval: 90, microsPerKwh: 11_000n }],
    lines: from([100, 101], page.from, (interval) => interval).map((interval) => ({
      ...{ interval, zone: 0, meter: 0, retailer: 3, soldWh: 80n, boughtWh: 0n },
      ...{ microsPerKwh: 11_000n, amountMicros: 880n, runKind: 'final' },
    })),
  }),
  zonesOf: () => [0],
  schedule: (_utility, page) =>
    from([120, 121], page.from, (interval) => interval).map((interval) => ({
      ...{ interval, zone: 0, injectedWh: 1_000n, withdrawnWh: 0n, trades: 1, limited: 1 },
    })),
  agreements: (_reader, page) =>
    from([1, 2], page.from, (number) => number).map((agreement) => ({
      ...{ agreement, retailers: [3, 8], basis: 'bilateral', documentHash: hash('0a') },
      ...{ fromInterval: 100, untilInterval: agreement === 1 ? 200 : null },
    })),
  nettings: (_reader, page) =>
    from([1, 2], page.from, (number) => number).map((netting) => ({
      ...{ netting, batch: 30, debtor: 8, creditor: 3, amountMicros: Micros.from(120_000n) },
      ...{ state: 'paid', reference: 'R-1', orderedAtMs: 33_000_000 },
    })),
  owed: () => [{ debtor: 3, creditor: 8, amountMicros: Micros.from(9n) }],
  accountSeries: (account, { from: first }) => ({
    account,
    ...{ interval: [first], status: ['provisional'], isEstimated: [true], correctionCount: [1] },
    ...{ priceMicrosPerKwh: [-120_000n], importedWh: [300n], exportedWh: [null] },
    ...{ boughtWh: [200n], soldWh: [0n], tradeBoughtWh: [50n], tradeSoldWh: [0n] },
    ...{ bookedMicros: [-9n], worthMicros: [-11n], tariffMicros: [null] },
    deliveries: [
      {
        ...{ trade: 1, interval: first, side: 'buy', partner: 5, energyWh: 50n },
        ...{ priceMicrosPerKwh: 250_000, amountMicros: -12_500n },
      },
    ],
  }),
  standing: (account) => ({
    account,
    ...{ awaited: { intervals: 2 }, provisional: { intervals: 3, worthMicros: -5n } },
    ...{ final: { intervals: 4, worthMicros: 7n }, correctionCount: 1, correctedMicros: -1n },
    ...{ mayRiseMicros: 8n, mayFallMicros: 9n, untilMs: 36_000_000, estimatedIntervals: 1 },
  }),
}
