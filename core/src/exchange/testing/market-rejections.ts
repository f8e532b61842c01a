import type { Command, Rejection } from '../index.ts'
import { firstInterval, hex, type Market, testRulebook } from './market.ts'
import {
  byChain,
  type Case,
  closeCommand,
  openCommand,
  order,
  settleCommand,
} from './rejection-case.ts'

/** Alice sells 10 Wh to the retailer at 200,000, and feeds in 900 Wh instead. */
function overProduce(market: Market): void {
  market.order('alice', 'sell', 10, 200_000, 0)
  market.order('retailer', 'buy', 10, 200_000, 0)
  market.toGate(0).closeGate(0)
  market.toStart(1)
  const at = (boundary: number, exported: number) =>
    market.readings([
      ['alice', boundary, 0, exported], ['bob', boundary, 0, 0], ['carol', boundary, 0, 0],
    ])
  market.must(at(0, 0))
  market.must(at(1, 900))
}

const paidByChain = (amountMicros: number): Command =>
  byChain({ kind: 'record_chain_withdrawal', amountMicros })

/** What trading, measuring, settling and paying refuse. */
export const marketRejections = {
  market_not_open: [
    { name: 'an order', options: {}, ask: order },
    { name: 'a gate', ask: () => closeCommand(0) },
    { name: 'a deposit', ask: (market) => market.deposit('alice', 1) },
  ],
  market_exists: [{ name: 'opened twice', ask: () => openCommand() }],
  id_exists: [
    {
      name: 'the id of an order, for another',
      ask: (market) => {
        const id = market.order('alice', 'buy', 100, 200_000, 0)
        return market.orderOf('alice', 'buy', 101, 200_000, 0, id)
      },
      field: 'id',
    },
    {
      name: 'the id of an order, for a withdrawal',
      ask: (market) =>
        market.withdrawal('alice', 1, market.order('alice', 'buy', 100, 200_000, 0)),
      field: 'id',
    },
  ],
  interval_beyond_horizon: [
    {
      name: 'one too far',
      ask: (m) => m.orderOf('alice', 'buy', 100, 200_000, testRulebook.horizonIntervals + 1),
      field: 'interval',
    },
  ],
  gate_closed: [
    {
      name: 'an order at the moment of the gate',
      arrange: (m) => void m.toGate(0),
      ask: order,
      field: 'interval',
    },
    {
      name: 'an order for the past',
      ask: (m) => m.orderOf('alice', 'buy', 100, 200_000, -2),
      field: 'interval',
    },
    {
      name: 'a cancellation at the moment of the gate',
      arrange: (m) => {
        m.must(m.orderOf('alice', 'buy', 100, 200_000, 0, hex(77, 32)))
        m.toGate(0)
      },
      ask: (m) => m.cancellation('alice', hex(77, 32)),
      field: 'order',
    },
  ],
  gate_open: [{ name: 'closed too early', ask: () => closeCommand(0), field: 'interval' }],
  gate_already_closed: [
    {
      name: 'closed twice',
      arrange: (m) => void m.toGate(0).closeGate(0),
      ask: () => closeCommand(0),
      field: 'interval',
    },
  ],
  energy_exceeded: [
    { name: 'a watt-hour too many', ask: (m) => order(m, { energyWh: 5_001 }), field: 'energyWh' },
  ],
  capacity_exceeded: [
    { name: 'in one order', ask: (m) => order(m, { energyWh: 1_001 }), field: 'energyWh' },
    {
      name: 'in two orders of one side',
      arrange: (m) => {
        m.order('alice', 'sell', 1_000, 200_000, 0)
        m.order('alice', 'buy', 901, 200_000, 0)
      },
      ask: order,
      field: 'energyWh',
    },
  ],
  price_out_of_bounds: [
    {
      name: 'above', ask: (m) => order(m, { limitMicrosPerKwh: 1_000_010 }),
      field: 'limitMicrosPerKwh',
    },
    {
      name: 'below', ask: (m) => order(m, { limitMicrosPerKwh: -500_010 }),
      field: 'limitMicrosPerKwh',
    },
  ],
  price_off_tick: [
    {
      name: 'between ticks', ask: (m) => order(m, { limitMicrosPerKwh: 200_001 }),
      field: 'limitMicrosPerKwh',
    },
    {
      name: 'below zero', ask: (m) => order(m, { limitMicrosPerKwh: -200_001 }),
      field: 'limitMicrosPerKwh',
    },
  ],
  orders_exceeded: [
    {
      name: 'one too many',
      arrange: (m) => {
        for (let i = 0; i < testRulebook.ordersPerAccountMax; i += 1) {
          m.order('alice', 'buy', 10, 200_000, 0)
        }
      },
      ask: order,
      field: 'account',
    },
  ],
  order_unknown: [
    { name: 'never placed', ask: (m) => m.cancellation('alice', hex(99, 32)), field: 'order' },
    {
      name: 'placed by another',
      ask: (m) => m.cancellation('alice', m.order('bob', 'buy', 100, 200_000, 0)),
      field: 'order',
    },
    {
      name: 'taken back before',
      ask: (m) => {
        const id = m.order('alice', 'buy', 100, 200_000, 0)
        m.must(m.cancellation('alice', id))
        return m.cancellation('alice', id)
      },
      field: 'order',
    },
  ],
  readings_empty: [
    { name: 'none', ask: (m) => m.readings([]), field: 'readings' },
    {
      name: 'too many',
      ask: (m) => m.readings(Array.from({ length: 10_001 }, () => ['alice', 0, 0, 0])),
      field: 'readings',
    },
  ],
  deposit_exists: [
    {
      name: 'another amount',
      arrange: (m) => void m.must(m.deposit('alice', 5, '0xab:1')),
      ask: (m) => m.deposit('alice', 6, '0xab:1'),
      field: 'reference',
    },
    {
      name: 'another account',
      arrange: (m) => void m.must(m.deposit('alice', 5, '0xab:1')),
      ask: (m) => m.deposit('bob', 5, '0xab:1'),
      field: 'reference',
    },
  ],
  withdrawal_exists: [
    {
      name: 'another amount',
      arrange: (m) => void m.must(paidByChain(5)),
      ask: () => paidByChain(6),
      field: 'reference',
    },
    {
      name: 'a request that was a payment',
      arrange: (m) => void m.must(paidByChain(5)),
      ask: () => ({ ...paidByChain(5), kind: 'record_withdrawal_request' }) as Command,
      field: 'reference',
    },
  ],
  address_foreign: [
    {
      name: 'to another',
      ask: (m) => ({ ...m.withdrawal('alice', 1), to: hex(99, 40) }),
      field: 'to',
    },
  ],
  funds_insufficient: [
    {
      name: 'an order that may cost more than there is',
      options: { deposits: { alice: 100_000 } },
      ask: order,
      field: 'account',
    },
    {
      name: 'a withdrawal of more than there is',
      ask: (m) => m.withdrawal('alice', 100_000_001),
      field: 'amountMicros',
    },
    {
      name: 'more paid by the chain than the ledger has',
      ask: () => paidByChain(100_000_001),
      field: 'amountMicros',
    },
    {
      name: 'a withdrawal of what is set aside for an order',
      arrange: (m) => void m.order('alice', 'buy', 100, 200_000, 0),
      ask: (m) => m.withdrawal('alice', 100_000_000),
      field: 'amountMicros',
    },
  ],
  interval_not_cleared: [
    { name: 'before its gate', ask: () => settleCommand(0), field: 'interval' },
    {
      name: 'of another zone',
      arrange: (m) => void m.toGate(0).closeGate(0),
      ask: () => ({ kind: 'settle_interval', zone: 7, interval: firstInterval }),
      field: 'interval',
    },
  ],
  readings_awaited: [
    {
      name: 'during delivery',
      arrange: (m) => {
        m.toGate(0).closeGate(0)
        m.toStart(0, 299)
      },
      ask: () => settleCommand(0),
      field: 'interval',
    },
    {
      name: 'before the deadline',
      arrange: (m) => {
        m.toGate(0).closeGate(0)
        m.toStart(1, testRulebook.readingDeadlineSeconds - 1)
      },
      ask: () => settleCommand(0),
      field: 'interval',
    },
  ],
  nothing_to_settle: [
    {
      name: 'settled before',
      arrange: (m) => {
        m.toGate(0).closeGate(0)
        m.toStart(1, testRulebook.readingDeadlineSeconds).settle(0)
      },
      ask: () => settleCommand(0),
      field: 'interval',
    },
  ],
  guarantee_exhausted: [
    {
      name: 'the balancing authority cannot pay, nor can the guarantee',
      options: { deposits: { balance: 0, guarantee: 0 } },
      arrange: overProduce,
      ask: () => settleCommand(0),
      field: 'interval',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
