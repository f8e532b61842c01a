/**
 * Goal: a person reads from order to chain why an account got or paid what it did.
 * Method: one interval with everything in it, as a golden text; then what is said where nothing is.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { test } from 'node:test'
import type {
  AccountInterval,
  AccountIntervalZone,
  Market,
  OwnSealedOrder,
  OwnTrade,
} from '@busbar/protocols/api'
import { explanation } from './explanation.ts'

const hash = (digit: string): string => `0x${digit.repeat(64)}`
const startMs = Date.UTC(2026, 5, 1, 10)

const market = {
  zones: [{ zone: 0, name: 'street', parent: null, bridgeWatts: 0 }],
} as unknown as Market

const item = (
  reason: AccountIntervalZone['runs'][number]['items'][number]['reason'],
  energyWh: number,
  priceMicrosPerKwh: number,
  amountMicros: number,
  trade = 0,
) => ({ meter: 4, trade, reason, energyWh, priceMicrosPerKwh, amountMicros })

const transaction = {
  description: 'settle run 0 of interval 5934456 in zone 0',
  status: 'final' as const,
  txHash: hash('b'),
  blockNumber: 12,
  gasUsed: 60_000,
}

const zone: AccountIntervalZone = {
  zone: 0,
  status: 'provisional',
  priceMicrosPerKwh: 100_000,
  rulebookHash: hash('c'),
  spreadBasisPoints: 1_000,
  feeMicrosPerKwh: 500,
  tariff: { retailer: 5, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 },
  orders: [
    {
      ...{ id: '0x01', digest: hash('1'), meter: 4, side: 'sell', sequence: 20 },
      ...{ energyWh: 800, limitMicrosPerKwh: 100_000, filledWh: 600 },
    },
    {
      ...{ id: '0x02', digest: hash('2'), meter: 4, side: 'buy', sequence: 21 },
      ...{ energyWh: 50, limitMicrosPerKwh: 90_000, filledWh: 0 },
    },
    {
      ...{ id: '0x03', digest: hash('3'), meter: 4, side: 'sell', sequence: 22 },
      ...{ energyWh: 10, limitMicrosPerKwh: 50_000, filledWh: 10 },
    },
  ],
  sealedOrders: [],
  meters: [
    {
      ...{ meter: 4, boughtWh: 0, soldWh: 610, importedWh: 0, exportedWh: 700 },
      ...{ tradeBoughtWh: 0, tradeSoldWh: 0 },
      opening: { version: 0, importWh: 5, exportWh: 1_000 },
      closing: { version: 0, importWh: 5, exportWh: 1_700 },
      assurance: 'metered',
    },
  ],
  runs: [
    {
      ...{ run: 0, kind: 'provisional', atMs: startMs + 300_000 },
      items: [
        item('auction_sell', 610, 100_000, 61_000),
        item('exchange_fee', 610, 500, -305),
        item('over_production', 90, 90_000, 8_100),
        item('trade_sell', 100, 250_000, 25_000, 12),
      ],
      dues: [],
      netMicros: 93_795,
      transactions: [transaction],
    },
    {
      ...{ run: 1, kind: 'resettled', atMs: startMs + 900_000 },
      items: [item('over_production', -90, 90_000, -8_100)],
      dues: [],
      netMicros: -8_100,
      transactions: [{ ...transaction, status: 'queued', txHash: null, blockNumber: null }],
    },
  ],
  ...{ trades: [], billed: [] },
  netMicros: 85_695,
  commitment: { ...transaction, description: 'commit interval 5934456', txHash: hash('a') },
  sent: [],
}

const found: AccountInterval = {
  account: 9,
  interval: 5_934_456,
  startMs,
  endMs: startMs + 300_000,
  zones: [zone],
  ...{ netMicros: 85_695, worthMicros: 85_695, ledgerMicros: 85_695 },
  ...{ outsideMicros: 0, billedMicros: 0, debtMicros: 0 },
}

const over = 'delivered more than sold: taken by the balancing authority'

test('the whole story of an interval', () => {
  equal(
    explanation(found, market, 'alice'),
    `alice (account 9), 2026-06-01T10:00 to 10:05 UTC, interval 5934456
All in all: received 0.085695.

Zone street: the price was 0.10000 per kWh (provisional).
  Order to sell 800 Wh for at least 0.10000 per kWh: got 600 Wh of it.
  Order to buy 50 Wh for at most 0.09000 per kWh: got nothing.
  Order to sell 10 Wh for at least 0.05000 per kWh: got all of it.
  Meter 4: 0 Wh in, 700 Wh out (read by the meter; import 5 → 5 Wh, export 1000 → 1700 Wh).
  Run 0, provisional run of 2026-06-01T10:05:00: 0.093795
            0.061000  sold in the auction, 610 Wh × 0.10000 per kWh
           -0.000305  fee of the exchange, 610 Wh × 0.00050 per kWh
            0.008100  ${over}, 90 Wh × 0.09000 per kWh
            0.025000  sold by contract (trade 12), 100 Wh × 0.25000 per kWh
  Run 1, correction of 2026-06-01T10:15:00: -0.008100
           -0.008100  ${over}, -90 Wh × 0.09000 per kWh
  Chain: commit interval 5934456, final in block 12, ${hash('a')}
  Chain: settle run 0 of interval 5934456 in zone 0, final in block 12, ${hash('b')}
  Chain: settle run 0 of interval 5934456 in zone 0, queued`,
  )
})

test('where nothing was asked, traded, read or posted, that is what is said', () => {
  const nothing: AccountIntervalZone = {
    ...zone,
    ...{ zone: 7, status: 'open', priceMicrosPerKwh: null, netMicros: 0, commitment: null },
    ...{ orders: [], meters: [], runs: [] },
  }
  const text = explanation({ ...found, zones: [nothing], worthMicros: null }, market, 'bob')
  equal(
    text,
    `bob (account 9), 2026-06-01T10:00 to 10:05 UTC, interval 5934456
All in all: received 0.000000.

Zone 7: nothing was traded (open).
  No orders.
  Not on the chain yet.`,
  )
})

const terms: OwnTrade['terms'] = {
  id: `0x${'0c'.repeat(16)}`,
  ...{ seller: 9, buyer: 8, sellerMeter: 4, buyerMeter: 5, sellerRetailer: 3, buyerRetailer: 2 },
  ...{ fromInterval: 5_934_456, intervals: 4, priceMicrosPerKwh: 250_000 },
  profile: { kind: 'per-interval', energyWh: 120 },
  ...{ toleranceBasisPoints: 1_000, penaltyBasisPoints: 500, buyerShort: 'actual' },
  ...{ exitFeeMicros: null, rail: 'prepaid', platform: null, platformFeeMicrosPerKwh: 0 },
  ...{ expiresAt: startMs, replaces: hash('0') },
}

const trade: OwnTrade = {
  ...{ trade: 12, side: 'sell', contract: hash('d'), terms, contractedWh: 120, obligedWh: 120 },
  ...{ sellerAddress: null, buyerAddress: null },
  ...{ sellerSignature: '0x', buyerSignature: '0x', limit: null, payments: [] },
  delivery: {
    ...{ result: 'partial', deliveredWh: 100, sellerShortWh: 20, buyerShortWh: 0 },
    ...{ undeliveredBySellerWh: 20, sellerTariff: null, buyerTariff: null, isEstimated: false },
  },
}

test('what is paid outside of the ledger is told with its contract, its rail and the bill', () => {
  const [run] = zone.runs
  if (run === undefined) throw new Error('there is a run')
  const contracts: AccountIntervalZone = {
    ...zone,
    ...{ zone: 4_294_967_294, priceMicrosPerKwh: null, orders: [], meters: [], commitment: null },
    ...{ trades: [trade], netMicros: 0 },
    runs: [
      {
        ...{ ...run, items: [], netMicros: 0, transactions: [] },
        dues: [item('trade_sell', 100, 250_000, 25_000, 12)],
      },
    ],
  }
  const street: AccountIntervalZone = {
    ...zone,
    ...{ priceMicrosPerKwh: null, orders: [], meters: [], commitment: null, netMicros: 0 },
    runs: [{ ...run, items: [], netMicros: 0, transactions: [] }],
    billed: [item('retail_export', 600, 80_000, 48_000)],
  }
  const sums = { netMicros: -5, worthMicros: 73_000, ledgerMicros: 0, debtMicros: -5 }
  const places = { outsideMicros: 25_000, billedMicros: 48_000 }
  const zones = [street, contracts]
  equal(
    explanation({ ...found, zones, ...sums, ...places }, market, 'alice'),
    `alice (account 9), 2026-06-01T10:00 to 10:05 UTC, interval 5934456
All in all: received 0.073000.
Of that on the exchange’s ledger 0.000000, by rails outside of it 0.025000, \
on the retailer’s bill 0.048000.
Debts that moved on the ledger besides: -0.000005.

Zone street: nothing was traded (provisional).
  No orders.
  Run 0, provisional run of 2026-06-01T10:05:00: 0.000000
  On the retailer’s bill: 0.048000
            0.048000  fed in without a contract: the retailer’s tariff, 600 Wh × 0.08000 per kWh
  Not on the chain yet.

Contracts with named parties (provisional).
  Trade 12, sell to account 8: 120 Wh at 0.25000 per kWh, paid out of the prepaid balance; \
100 Wh delivered.
  Run 0, provisional run of 2026-06-01T10:05:00: 0.000000
    Outside of the ledger:
            0.025000  sold by contract (trade 12), 100 Wh × 0.25000 per kWh
  Not on the chain yet.`,
  )
})

test('an account that pays is told so, and what was estimated is marked', () => {
  const [metered] = zone.meters
  if (metered === undefined) throw new Error('there is a meter')
  const estimated = { ...metered, opening: null, closing: null, assurance: 'absent' as const }
  const zones = [{ ...zone, meters: [estimated] }]
  const text = explanation({ ...found, zones, worthMicros: -12 }, market, 'bob')
  match(text, /^All in all: paid 0\.000012\.$/m)
  match(text, /^ {2}Meter 4: 0 Wh in, 700 Wh out \(never read, counted as nothing\)\.$/m)
})

test('sealed orders are told by their commitment, and by what they said to who may know', () => {
  const order = (digit: string, fields: Partial<OwnSealedOrder>): OwnSealedOrder => ({
    ...{ id: '0x01', commitment: hash(digit), sequence: 20, outcome: 'filled', filledWh: 600 },
    void: null,
    ...fields,
  })
  const sealedOrders = [
    order('1', {}),
    order('2', { outcome: 'unfilled', filledWh: 0 }),
    order('3', { outcome: 'void', filledWh: 0, void: 'collateral_short' }),
    order('4', { outcome: 'sealed', filledWh: 0 }),
  ]
  const zones = [{ ...zone, orders: [], sealedOrders, meters: [], runs: [], commitment: null }]
  const opening = {
    ...{ account: 9, meter: 4, side: 'sell' as const, energyWh: 800 },
    ...{ limitMicrosPerKwh: 100_000, salt: hash('f') },
  } as const
  const beside = {
    openings: new Map([
      [hash('1'), opening],
      [hash('2'), opening],
    ]),
    proofs: new Map([[0, 'proven']]),
  }
  const [, , , , ...lines] = explanation({ ...found, zones }, market, 'bob', beside).split('\n')
  deepEqual(lines, [
    '  Sealed order 0x11111111… to sell 800 Wh for at least 0.10000 per kWh: got 600 Wh of it.',
    '  Sealed order 0x22222222… to sell 800 Wh for at least 0.10000 per kWh: got nothing.',
    '  Sealed order 0x33333333…: void, collateral_short.',
    '  Sealed order 0x44444444…: not opened yet.',
    '  The clearing: a proof on the chain shows that price and fills follow from all orders.',
    '  Not on the chain yet.',
  ])
  const own = explanation({ ...found, zones }, market, 'bob')
  match(own, /^ {2}Sealed order 0x11111111…: got 600 Wh\.$/m)
  match(own, /^ {2}Sealed order 0x22222222…: got nothing\.$/m)
})
