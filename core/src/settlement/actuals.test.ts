/**
 * Goal: a bilateral trade is settled on what was delivered, who kept it is never worse off, and
 * only who fell short pays.
 * Method: a table that a market operator can read and add to, and both implementations must give;
 * the lines of two cases; and inputs that cannot be, which must stop the lane.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import {
  type ActualsInput,
  type ActualsOutcome,
  settleActuals,
  settleActualsNaive,
  type SettlementItem,
} from './index.ts'

const accounts = { rounding: 0, fees: 1, platform: 3, p1: 6, p7: 7 }

const wh = (value: bigint): WattHours => WattHours.from(value)
const perKwh = (value: bigint): MicrosPerKwh => MicrosPerKwh.from(value)
const smaller = (...values: readonly bigint[]): WattHours =>
  wh(values.reduce((least, value) => (value < least ? value : least)))
const positive = (value: bigint): WattHours => wh(value > 0n ? value : 0n)

/**
 * P1 of retailer A, which takes energy in at 2.00 per kWh, sells 5 kWh at a price to P7 of retailer
 * B, which supplies at 8.00. Band 10 %, penalty 10 %. Each side pays the exchange 0.01 per kWh, P1
 * the platform 0.05. First the price, the rule for a buyer that takes less, what the utility lets
 * flow and what the meters showed, in Wh; then what everybody gets of the trade (− is paid).
 */
const table = `
  case                      | price rule       limit  out   in |       P1        P7    fees   plat.
  all of it                 |  5.00 actual         - 5000 5000 |    24.70    -25.05    0.10    0.25
  P1 delivers more          |  5.00 actual         - 6000 5000 |    24.70    -25.05    0.10    0.25
  P7 takes more             |  5.00 actual         - 5000 6000 |    24.70    -25.05    0.10    0.25
  P1 delivers 92 %: loss    |  5.00 actual         - 4600 5000 |   21.524   -21.846   0.092    0.23
  P1 delivers 60 %: penalty |  5.00 actual         - 3000 5000 |     8.07     -8.28    0.06    0.15
  P1 delivers nothing       |  5.00 actual         -    0 5000 |   -17.25     17.25       0       0
  P7 takes 92 %             |  5.00 actual         - 5000 4600 |   23.924   -24.246   0.092    0.23
  P7 takes 60 %             |  5.00 actual         - 5000 3000 |    21.57    -21.78    0.06    0.15
  P7 takes nothing          |  5.00 actual         - 5000    0 |    17.25    -17.25       0       0
  P7 takes 92 %, pays all   |  5.00 contracted     - 5000 4600 |   24.724   -25.046   0.092    0.23
  P7 takes 60 %, pays all   |  5.00 contracted     - 5000 3000 |    24.82    -25.03    0.06    0.15
  P7 takes none, pays all   |  5.00 contracted     - 5000    0 |    25.00    -25.00       0       0
  P1 short under that rule  |  5.00 contracted     - 3000 5000 |     8.07     -8.28    0.06    0.15
  both short of 2           |  5.00 actual         - 3000 3000 |    14.82    -15.03    0.06    0.15
  P1 short of 2, P7 of 1    |  5.00 actual         - 3000 4000 |   12.322   -12.532    0.06    0.15
  limited by the utility    |  5.00 actual      3000 3000 5000 |    14.82    -15.03    0.06    0.15
  limited, delivers more    |  5.00 actual      3000 5000 5000 |    14.82    -15.03    0.06    0.15
  limit beyond contract     |  5.00 actual      9000 5000 5000 |    24.70    -25.05    0.10    0.25
  limited, 60 % of that     |  5.00 actual      3000 1800 3000 |    4.842    -4.968   0.036    0.09
  rejected by the utility   |  5.00 actual         0    0 5000 |        0         0       0       0
  the band: 1 Wh inside     |  5.00 actual         - 4501 5000 | 20.73794 -21.05301 0.09002 0.22505
  the band: its edge        |  5.00 actual         - 4500 5000 |    20.73   -21.045    0.09   0.225
  the band: 1 Wh beyond     |  5.00 actual         - 4499 5000 | 20.72156 -21.03649 0.08998 0.22495
  above supply, P1 short    |  9.00 actual         - 3000 5000 |    25.47    -25.68    0.06    0.15
  above supply, P7 short    |  9.00 actual         - 5000 3000 |    42.17    -42.38    0.06    0.15
  below feed-in, P1 short   |  1.00 actual         - 3000 5000 |   -11.33     11.12    0.06    0.15
  below feed-in, P7 short   |  1.00 actual         - 5000 3000 |     2.97     -3.18    0.06    0.15
  P1 pays to be rid of it   | -1.00 actual         - 5000 5000 |    -5.30      4.95    0.10    0.25
  negative, P1 short        | -1.00 actual         - 3000 5000 |   -21.33     21.12    0.06    0.15
  negative, P7 short        | -1.00 actual         - 5000 3000 |    -3.03      2.82    0.06    0.15
  negative, P7 short, pays  | -1.00 contracted     - 5000 3000 |    -3.18      2.97    0.06    0.15
  for nothing, P1 short     |  0.00 actual         - 3000 5000 |   -16.18     15.97    0.06    0.15
`

describe('P1 sells 5 kWh to P7', () => {
  for (const line of table.trim().split('\n').slice(1)) {
    const [name = '', given = '', wanted = ''] = line.split('|').map((part) => part.trim())
    test(`${name}, at ${given}`, () => {
      const input = inputOf(given.split(/\s+/))
      const money = wanted.split(/\s+/).map(microsOf)
      for (const settle of [settleActuals, settleActualsNaive]) {
        const { items } = settle(input)
        const { p1, p7, fees, platform } = accounts
        deepEqual([p1, p7, fees, platform].map((account) => paidTo(items, account)), money)
        equal(sumOf(items), 0n)
      }
    })
  }
})

/** One trade on each meter, so what the meters are short of is the trade's. */
function inputOf([price = '', rule, limit, exported = '', imported = '']: string[]): ActualsInput {
  const contracted = wh(5_000n)
  const limited = limit === '-' ? null : wh(BigInt(limit ?? ''))
  const owed = limited === null ? contracted : smaller(contracted, limited)
  const [out, into] = [BigInt(exported), BigInt(imported)]
  const [sellerShort, buyerShort] = [positive(owed - out), positive(owed - into)]
  return {
    trade: 12,
    seller: { account: accounts.p1, meter: 1 },
    buyer: { account: accounts.p7, meter: 7 },
    platform: accounts.platform,
    contracted,
    limit: limited,
    delivered: smaller(owed, out, into),
    sellerShort,
    buyerShort,
    sellerMeter: { shortage: sellerShort, obligations: owed },
    buyerMeter: { shortage: buyerShort, obligations: owed },
    price: perKwh(microsOf(price)),
    sellerTariff: tariff('7.00', '2.00'),
    buyerTariff: tariff('8.00', '3.00'),
    terms: {
      toleranceBasisPoints: 1_000,
      penaltyBasisPoints: 1_000,
      buyerShortRule: rule === 'contracted' ? 'contracted' : 'actual',
      platformFeeMicrosPerKwh: perKwh(microsOf('0.05')),
    },
    tradeFeeMicrosPerKwh: perKwh(microsOf('0.01')),
  }
}

const tariff = (retail: string, feedIn: string) => ({
  retail: perKwh(microsOf(retail)),
  feedIn: perKwh(microsOf(feedIn)),
})

function microsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(6, '0'))
  return text.startsWith('-') ? -size : size
}

const sumOf = (items: readonly SettlementItem[]): bigint =>
  items.reduce((sum, item) => sum + item.amount, 0n)

const paidTo = (items: readonly SettlementItem[], account: number): bigint =>
  sumOf(items.filter((item) => item.account === account))

describe('the outcome', () => {
  const settled = (exported: string, imported = '5000', limit = '-', rule = 'actual') =>
    settleActuals(inputOf(['5.00', rule, limit, exported, imported]))

  test('names its trade on every line, and each line says what it is for', () => {
    const { items } = settled('2999')
    ok(items.every(({ trade }) => trade === 12))
    const shown = items.map(
      ({ account, meter, reason, energy, price, amount }) =>
        `${account} ${meter} ${reason} ${energy} @ ${price} ${amount}`,
    )
    deepEqual(shown, [
      '7 7 trade_buy 2999 @ 5000000 -14995000',
      '6 1 trade_sell 2999 @ 5000000 14995000',
      '6 1 trade_loss_paid 2001 @ 3000000 -6003000',
      '7 7 trade_loss_received 2001 @ 3000000 6003000',
      '6 1 trade_penalty_paid 1501 @ 500000 -750500',
      '7 7 trade_penalty_received 1501 @ 500000 750500',
      '6 1 exchange_fee 2999 @ 10000 -29990',
      '7 7 exchange_fee 2999 @ 10000 -29990',
      '1 -1 fee_income 5998 @ 10000 59980',
      '6 1 platform_fee 2999 @ 50000 -149950',
      '3 -1 platform_income 2999 @ 50000 149950',
    ])
  })

  test('has ceilings for who pays and floors for who receives, and the rest is rounding', () => {
    const { items } = settleActuals({
      ...inputOf(['0.000333', 'actual', '-', '3', '5']),
      ...{ contracted: wh(5n), delivered: wh(3n), sellerShort: wh(2n), buyerShort: wh(0n) },
      ...{ buyerTariff: { retail: perKwh(434n), feedIn: perKwh(0n) } },
      sellerMeter: { shortage: wh(2n), obligations: wh(5n) },
      buyerMeter: { shortage: wh(0n), obligations: wh(5n) },
      tradeFeeMicrosPerKwh: perKwh(1n),
      terms: {
        ...{ toleranceBasisPoints: 0, penaltyBasisPoints: 1_000, buyerShortRule: 'actual' },
        platformFeeMicrosPerKwh: perKwh(7n),
      },
    })
    deepEqual(
      items.map(({ reason, energy, price, amount }) => `${reason} ${energy} @ ${price} ${amount}`),
      [
        'trade_buy 3 @ 333 -1', 'trade_sell 3 @ 333 0',
        'trade_loss_paid 2 @ 101 -1', 'trade_loss_received 2 @ 101 0',
        'trade_penalty_paid 2 @ 34 -1', 'trade_penalty_received 2 @ 34 0',
        'exchange_fee 3 @ 1 -1', 'exchange_fee 3 @ 1 -1', 'fee_income 6 @ 1 2',
        'platform_fee 3 @ 7 -1', 'platform_income 3 @ 7 0',
        'rounding 0 @ 0 4',
      ],
    )
  })

  test('is complete, partial or failed, against what the utility lets flow', () => {
    equal(settled('5000').result, 'complete')
    equal(settled('4999').result, 'partial')
    equal(settled('1').result, 'partial')
    equal(settled('0').result, 'failed')
    equal(settled('3000', '5000', '3000').result, 'complete')
    equal(settled('0', '5000', '0').result, 'complete')
    equal(settled('5000', '0').result, 'failed')
  })

  test('says by whom energy is missing and how much is beyond the band', () => {
    deepEqual(settled('3000', '4000').parts, {
      undeliveredBySeller: 1_333n,
      undeliveredByBuyer: 667n,
      penalisedOfSeller: 1_500n,
      penalisedOfBuyer: 500n,
    })
    equal(settled('3000', '4000', '-', 'contracted').parts.penalisedOfBuyer, 0n)
    equal(settled('4500').parts.penalisedOfSeller, 0n)
    equal(settled('4499').parts.penalisedOfSeller, 1n)
  })

  test('shows no loss without a tariff, but pays by contract under that rule', () => {
    const input = inputOf(['5.00', 'actual', '-', '3000', '4000'])
    const without = { ...input, sellerTariff: null, buyerTariff: null }
    const contracted = { ...input.terms, buyerShortRule: 'contracted' as const }
    for (const settle of [settleActuals, settleActualsNaive]) {
      equal(amountOf(settle(without), 'trade_loss_paid'), 0n)
      const outcome = settle({ ...without, terms: contracted })
      equal(amountOf(outcome, 'trade_loss_paid'), -3_335_000n)
    }
  })
})

const amountOf = ({ items }: ActualsOutcome, reason: SettlementItem['reason']): bigint =>
  sumOf(items.filter((item) => item.reason === reason))

describe('what cannot be is a broken invariant', () => {
  const input = inputOf(['5.00', 'actual', '-', '3000', '5000'])
  const meter = (shortage: bigint, obligations: bigint) => ({
    shortage: wh(shortage), obligations: wh(obligations),
  })
  const broken: readonly (readonly [RegExp, Partial<ActualsInput>])[] = [
    [/numbered from 1/, { trade: 0 }],
    [/no more is delivered/, { delivered: wh(5_001n) }],
    [/no more is delivered/, { limit: wh(2_999n) }],
    [/a trade is short/, { sellerShort: wh(5_001n), sellerMeter: meter(6_000n, 6_000n) }],
    [/a trade is short/, { buyerShort: wh(5_001n), buyerMeter: meter(6_000n, 6_000n) }],
    [/a meter is short of/, { sellerMeter: meter(5_001n, 5_000n) }],
    [/among what its meter owes/, { buyerMeter: meter(0n, 4_999n) }],
    [/a share of a shortage/, { sellerMeter: meter(1_999n, 5_000n) }],
    [/a share of a shortage/, { buyerShort: wh(1n) }],
    [/where energy is missing/, { sellerShort: wh(0n), sellerMeter: meter(0n, 5_000n) }],
  ]
  for (const [invariant, change] of broken) {
    test(`${invariant.source}: ${Object.keys(change).join()}`, () => {
      throws(() => settleActuals({ ...input, ...change }), invariant)
    })
  }
})
