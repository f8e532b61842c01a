/**
 * Goal: each watt-hour of an interval has one owner and one price, and only who deviated pays for
 * it.
 * Method: a table that a market operator can read and add to; both reconciliations must give
 * exactly its lines. Money in micros, prices in micros per kWh, energy in watt-hours.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import {
  deviationsOf,
  type MeterPosition,
  reconcile,
  reconcileNaive,
  type ReconciliationInput,
  shortagePrice,
  surplusPrice,
} from './index.ts'

const accounts = { rounding: 0, fees: 1, retailer: 4, balance: 5, alice: 6, bob: 7, shop: 8 }
type Name = keyof typeof accounts

/**
 * First the interval, then one line per meter: what it traded and metered. `shop` is a virtual
 * meter. Below the line what everybody is paid: name, reason, energy @ price, money (− is paid).
 * The retailer takes 300,000 and gives 60,000 per kWh.
 */
const cases: Readonly<Record<string, string>> = {
  'everybody delivers what was traded': `
    price 200000 spread 1000 fee 0
    alice sold 500 exported 500
    bob bought 500 imported 500
    --
    alice auction_sell 500 @ 200000  100000
    bob   auction_buy  500 @ 200000 -100000
  `,
  'over-production is bought by the balancing authority at the price less 10 %': `
    price 200000 spread 1000 fee 0
    alice sold 500 exported 800
    shop bought 500
    --
    alice   auction_sell       500 @ 200000  100000
    shop    auction_buy        500 @ 200000 -100000
    alice   over_production    300 @ 180000   54000
    balance balancing_purchase 300 @ 180000  -54000
  `,
  'under-production is bought from it at the price plus 10 %, and the buyer is made whole': `
    price 200000 spread 1000 fee 0
    alice sold 500 exported 200
    bob bought 500 imported 500
    --
    alice   auction_sell     500 @ 200000  100000
    bob     auction_buy      500 @ 200000 -100000
    alice   under_production 300 @ 220000  -66000
    balance balancing_sale   300 @ 220000   66000
  `,
  'over-consumption is bought from it at the price plus 10 %': `
    price 200000 spread 1000 fee 0
    shop sold 500
    bob bought 500 imported 900
    --
    shop    auction_sell     500 @ 200000  100000
    bob     auction_buy      500 @ 200000 -100000
    bob     over_consumption 400 @ 220000  -88000
    balance balancing_sale   400 @ 220000   88000
  `,
  'under-consumption is sold to it at the price less 10 %': `
    price 200000 spread 1000 fee 0
    shop sold 500
    bob bought 500 imported 100
    --
    shop    auction_sell       500 @ 200000  100000
    bob     auction_buy        500 @ 200000 -100000
    bob     under_consumption  400 @ 180000   72000
    balance balancing_purchase 400 @ 180000  -72000
  `,
  'a seller that takes energy pays for all it promised, and its retailer for what it took': `
    price 200000 spread 1000 fee 0
    alice sold 500 imported 100
    shop bought 500
    --
    alice    auction_sell     500 @ 200000  100000
    shop     auction_buy      500 @ 200000 -100000
    alice    under_production 500 @ 220000 -110000
    balance  balancing_sale   500 @ 220000  110000
    alice    retail_import    100 @ 300000  -30000
    retailer retail_supply    100 @ 300000   30000
  `,
  'a buyer that feeds in sells all it bought, and to its retailer what it fed in': `
    price 200000 spread 1000 fee 0
    shop sold 500
    bob bought 500 exported 100
    --
    shop     auction_sell       500 @ 200000  100000
    bob      auction_buy        500 @ 200000 -100000
    bob      under_consumption  500 @ 180000   90000
    balance  balancing_purchase 500 @ 180000  -90000
    bob      retail_export      100 @ 60000     6000
    retailer retail_intake      100 @ 60000    -6000
  `,
  'what was never traded is the retailer\'s at its tariff': `
    price 200000 spread 1000 fee 0
    alice exported 400
    bob imported 700
    --
    alice    retail_export 400 @ 60000    24000
    retailer retail_intake 400 @ 60000   -24000
    bob      retail_import 700 @ 300000 -210000
    retailer retail_supply 700 @ 300000  210000
  `,
  'without a clearing price everything is the retailer\'s': `
    price none spread 1000 fee 500
    alice exported 400
    bob imported 700
    shop
    --
    alice    retail_export 400 @ 60000    24000
    retailer retail_intake 400 @ 60000   -24000
    bob      retail_import 700 @ 300000 -210000
    retailer retail_supply 700 @ 300000  210000
  `,
  'of both directions within an interval only the difference counts': `
    price 200000 spread 1000 fee 0
    alice exported 400 imported 150
    --
    alice    retail_export 250 @ 60000  15000
    retailer retail_intake 250 @ 60000 -15000
  `,
  'a meter that bought and sold is measured against the difference': `
    price 200000 spread 1000 fee 0
    alice sold 500 bought 200 exported 400
    shop sold 200 bought 500
    --
    alice   auction_sell       500 @ 200000  100000
    alice   auction_buy        200 @ 200000  -40000
    shop    auction_sell       200 @ 200000   40000
    shop    auction_buy        500 @ 200000 -100000
    alice   over_production    100 @ 180000   18000
    balance balancing_purchase 100 @ 180000  -18000
  `,
  'at a negative price the 10 % still go against who deviated: too little is paid less': `
    price -100000 spread 1000 fee 0
    alice sold 500 exported 200
    shop bought 500
    --
    alice   auction_sell     500 @ -100000 -50000
    shop    auction_buy      500 @ -100000  50000
    alice   under_production 300 @ -90000   27000
    balance balancing_sale   300 @ -90000  -27000
  `,
  'at a negative price the 10 % still go against who deviated: too much pays more': `
    price -100000 spread 1000 fee 0
    alice sold 500 exported 600
    shop bought 500
    --
    alice   auction_sell       500 @ -100000 -50000
    shop    auction_buy        500 @ -100000  50000
    alice   over_production    100 @ -110000 -11000
    balance balancing_purchase 100 @ -110000  11000
  `,
  'at a negative price who takes less than it bought pays it back with 10 %': `
    price -100000 spread 1000 fee 0
    shop sold 500
    bob bought 500 imported 300
    --
    shop    auction_sell       500 @ -100000 -50000
    bob     auction_buy        500 @ -100000  50000
    bob     under_consumption  200 @ -110000 -22000
    balance balancing_purchase 200 @ -110000  22000
  `,
  'at a price of zero a deviation is worth nothing either way': `
    price 0 spread 1000 fee 0
    alice sold 500 exported 200
    bob bought 500 imported 900
    --
    alice   auction_sell     500 @ 0 0
    bob     auction_buy      500 @ 0 0
    alice   under_production 300 @ 0 0
    bob     over_consumption 400 @ 0 0
    balance balancing_sale   700 @ 0 0
  `,
  'a virtual meter delivers what it trades, whatever that is': `
    price 200000 spread 1000 fee 0
    shop sold 700 bought 200
    alice bought 500 imported 500
    --
    shop  auction_sell 700 @ 200000  140000
    shop  auction_buy  200 @ 200000  -40000
    alice auction_buy  500 @ 200000 -100000
  `,
  'both sides of a trade pay the fee': `
    price 200000 spread 1000 fee 500
    alice sold 500 exported 500
    bob bought 500 imported 500
    --
    alice auction_sell  500 @ 200000  100000
    bob   auction_buy   500 @ 200000 -100000
    alice exchange_fee  500 @ 500       -250
    bob   exchange_fee  500 @ 500       -250
    fees  fee_income   1000 @ 500        500
  `,
  'who pays pays the ceiling, who receives gets the floor, the rest goes to rounding': `
    price 333 spread 1000 fee 1
    alice sold 5 exported 3
    bob bought 5 imported 5
    --
    alice    auction_sell     5 @ 333  1
    bob      auction_buy      5 @ 333 -2
    alice    exchange_fee     5 @ 1   -1
    bob      exchange_fee     5 @ 1   -1
    fees     fee_income      10 @ 1    2
    alice    under_production 2 @ 367 -1
    balance  balancing_sale   2 @ 367  0
    rounding rounding         0 @ 0    2
  `,
  'what contracts got of a meter is not there for the auction, nor for the retailer': `
    price 200000 spread 1000 fee 0
    alice sold 300 exported 700 trade-sold 600
    bob bought 300 imported 900 trade-bought 600
    --
    alice   auction_sell     300 @ 200000  60000
    bob     auction_buy      300 @ 200000 -60000
    alice   under_production 200 @ 220000 -44000
    balance balancing_sale   200 @ 220000  44000
  `,
  'what is left over beside contracts is billed by the retailer: the market posts nothing': `
    price none spread 1000 fee 0 billed
    alice exported 700 trade-sold 600
    bob imported 900 trade-bought 600
    --
  `,
}

for (const [name, text] of Object.entries(cases)) {
  test(name, () => {
    const { input, expected } = parse(text)
    for (const engine of [reconcile, reconcileNaive]) {
      const { items, energy } = engine(input)
      const lines = items.map(
        (item) => `${item.account} ${item.reason} ${item.energy} @ ${item.price} ${item.amount}`,
      )
      deepEqual(lines.sort(), expected, engine.name)
      equal(items.reduce((sum, item) => sum + item.amount, 0n), 0n)
      equal(energy.unexplained, 0n)
    }
  })
}

function parse(text: string): { input: ReconciliationInput; expected: string[] } {
  const [above = '', below = ''] = text.split('--')
  const words = (line: string): string[] => line.trim().split(/\s+/)
  const linesOf = (part: string): string[][] => part.trim().split('\n').map(words)
  const [first = [], ...meters] = linesOf(above)
  const setting = (name: string): string => first[first.indexOf(name) + 1] ?? ''
  const input: ReconciliationInput = {
    price: setting('price') === 'none' ? null : MicrosPerKwh.from(BigInt(setting('price'))),
    spreadBasisPoints: Number(setting('spread')),
    overDeviationBasisPoints: first.includes('band') ? Number(setting('band')) : 1_000_000_000,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(setting('fee'))),
    balancingAuthority: accounts.balance,
    isRetailBilled: first.includes('billed'),
    meters: meters.map(position),
  }
  const expected = linesOf(below).map(([name = '', ...rest]) =>
    [accounts[name as Name], ...rest].join(' '),
  ).filter((line) => line !== '')
  return { input, expected: expected.sort() }
}

function position([name = '', ...words]: string[], meter: number): MeterPosition {
  const energy = (what: string): WattHours => {
    const at = words.indexOf(what)
    return WattHours.from(at < 0 ? 0n : BigInt(words[at + 1] ?? ''))
  }
  const physical = name !== 'shop'
  return {
    meter,
    account: accounts[name as Name],
    kind: physical ? 'physical' : 'virtual',
    bought: energy('bought'),
    sold: energy('sold'),
    tradeBought: energy('trade-bought'),
    tradeSold: energy('trade-sold'),
    imported: energy('imported'),
    exported: energy('exported'),
    retailer: physical ? accounts.retailer : null,
    tariff: physical
      ? { retail: MicrosPerKwh.from(300_000n), feedIn: MicrosPerKwh.from(60_000n) }
      : null,
  }
}

describe('the price of a deviation', () => {
  // price, basis points → who is short pays, who has over receives
  const prices: readonly (readonly [bigint, number, bigint, bigint])[] = [
    [200_000n, 1_000, 220_000n, 180_000n],
    [-200_000n, 1_000, -180_000n, -220_000n],
    [0n, 1_000, 0n, 0n],
    [1n, 1_000, 2n, 0n],
    [-1n, 1_000, 0n, -2n],
    [15n, 1_000, 17n, 13n],
    [200_000n, 0, 200_000n, 200_000n],
    [-10n, 100_000, 90n, -110n],
  ]
  for (const [price, spread, short, over] of prices) {
    test(`${price} with ${spread / 100} % is ${short} or ${over}`, () => {
      equal(shortagePrice(MicrosPerKwh.from(price), spread), short)
      equal(surplusPrice(MicrosPerKwh.from(price), spread), over)
    })
  }
})

describe('the split of a deviation', () => {
  // scheduled, metered (out is +) → over and under production, over and under consumption, retail
  // import and export, and by how many per cent the contract may be exceeded
  const splits: readonly (readonly [bigint, bigint, string, number?])[] = [
    [5n, 5n, '0 0 0 0 0 0'],
    [5n, 8n, '3 0 0 0 0 0'],
    [5n, 2n, '0 3 0 0 0 0'],
    [5n, 0n, '0 5 0 0 0 0'],
    [5n, -2n, '0 5 0 0 2 0'],
    [-5n, -5n, '0 0 0 0 0 0'],
    [-5n, -8n, '0 0 3 0 0 0'],
    [-5n, -1n, '0 0 0 4 0 0'],
    [-5n, 0n, '0 0 0 5 0 0'],
    [-5n, 2n, '0 0 0 5 0 2'],
    [0n, -4n, '0 0 0 0 4 0'],
    [0n, 4n, '0 0 0 0 0 4'],
    [0n, 0n, '0 0 0 0 0 0'],
    [5n, 8n, '1 0 0 0 0 2', 20],
    [5n, 6n, '1 0 0 0 0 0', 20],
    [-5n, -8n, '0 0 1 0 2 0', 20],
    [-9n, -19n, '0 0 9 0 1 0', 100],
    [4n, 9n, '0 0 0 0 0 5', 20],
    [-5n, -8n, '0 0 0 0 3 0', 0],
    [5n, -2n, '0 5 0 0 2 0', 0],
  ]
  for (const [scheduled, metered, expected, band] of splits) {
    const within = band === undefined ? '' : `, at most ${band} % more`
    test(`scheduled ${scheduled}, metered ${metered}${within}`, () => {
      const split = deviationsOf(scheduled, metered, (band ?? 1_000_000) * 100)
      const shown = [
        split.overProduction, split.underProduction, split.overConsumption,
        split.underConsumption, split.retailImport, split.retailExport,
      ]
      equal(shown.join(' '), expected)
    })
  }
})
