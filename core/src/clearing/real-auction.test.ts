/**
 * Goal: the rule gives the price and energy that a power exchange published for the same orders.
 * Method: the Iberian day-ahead auction of 2009-01-02, hour 1: all 1,241 simple orders. Source:
 * OMIE/OMEL. Its complex conditions withdrew some offers; with what was left of them the published
 * result must come out exactly, without that another one.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { MicrosPerKwh, WattHours } from '../units/index.ts'
import { clear, clearNaive, type Order } from './index.ts'

const file = new URL(
  '../../../../shared/data/auction_omie_20090102_h01_orders.csv',
  import.meta.url,
)
const skip = existsSync(file) ? false : 'the auction file is not on this machine'

/** One tenth of a MWh is the smallest the file holds. */
const wattHoursPerMwh = 1_000_000n

/** 1 EUR/MWh is 1,000,000 micros for 1,000 kWh. */
const microsPerKwhPerEuroPerMwh = 1_000n

describe('the Iberian auction of 2009-01-02, hour 1', { skip }, () => {
  test('units of the file convert exactly', () => {
    equal(scaled('0.1', wattHoursPerMwh), 100_000n)
    equal(scaled('53.69', microsPerKwhPerEuroPerMwh), 53_690n)
    equal(scaled('180.3', microsPerKwhPerEuroPerMwh), 180_300n)
  })

  for (const [engine, run] of Object.entries({ clear, clearNaive })) {
    test(`${engine}: the effective offers clear as published`, () => {
      const orders = readOrders('effective_mwh')
      const { price, energy, fills } = run(orders)
      equal(price, 53_690n)
      equal(energy, scaled('25312.1', wattHoursPerMwh))

      const energyOf = new Map(orders.map((order) => [order.id, order.energy]))
      const partial = fills.filter((fill) => fill.energy !== energyOf.get(fill.orderId))
      const shown = partial.map((fill) => [fill.energy, energyOf.get(fill.orderId)])
      deepEqual(shown, [[scaled('29.7', wattHoursPerMwh), scaled('36.2', wattHoursPerMwh)]])
    })

    test(`${engine}: every order gets what was published`, () => {
      const { fills } = run(readOrders('effective_mwh'))
      const published = readOrders('accepted_mwh').map(({ id, energy }) => [id, energy])
      deepEqual(fills.map((fill) => [fill.orderId, fill.energy]), published.sort())
    })

    test(`${engine}: without the complex conditions the offers clear lower`, () => {
      const { price, energy } = run(readOrders('offered_mwh'))
      equal(price, 49_940n)
      equal(energy, scaled('25347.1', wattHoursPerMwh))
    })
  }
})

/** The orders with energy in `energyColumn`; an offer withdrawn in full is no order. */
function readOrders(energyColumn: string): readonly Order[] {
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n')
  const columns = header.trim().split(',')
  return rows
    .map((row) => row.trim().split(','))
    .map((fields) => Object.fromEntries(columns.map((name, i) => [name, fields[i] ?? ''])))
    .map((row): Order => {
      const { order_id: id = '', side, price_eur_mwh: price = '' } = row
      ok(side === 'buy' || side === 'sell')
      const limit = MicrosPerKwh.from(scaled(price, microsPerKwhPerEuroPerMwh))
      const energy = WattHours.from(scaled(row[energyColumn] ?? '', wattHoursPerMwh))
      return { id, side, limit, energy }
    })
    .filter((order) => order.energy > 0n)
}

/** `text × factor` from the decimal digits, without floating point; refuses what does not fit. */
function scaled(text: string, factor: bigint): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  ok(match, `${text} is a decimal number`)
  const [, sign, whole = '', fraction = ''] = match
  const digits = BigInt(whole + fraction) * factor
  const unit = 10n ** BigInt(fraction.length)
  equal(digits % unit, 0n, `${text} is whole in the smaller unit`)
  return (digits / unit) * (sign === '-' ? -1n : 1n)
}
