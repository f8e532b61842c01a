/**
 * Goal: what is saved of a table is what the table shows, in whole numbers, row by row.
 * Method: small tables, written as the file has them.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProvingQueue, Series, SettlementLine, StatementLine } from '@busbar/protocols/api'
import { csvOf } from './csv.ts'
import {
  batchColumns,
  intervalColumns,
  lineColumns,
  statementColumns,
  transactionColumns,
} from './tables.ts'

const rowsOf = (...columns: Parameters<typeof csvOf>): readonly string[] =>
  csvOf(...columns).trimEnd().split('\r\n')

describe('saved tables', () => {
  test('of intervals have those that are shown, in their order', () => {
    const series = {
      ...{ interval: [5, 6, 7], status: ['final', 'cleared', 'fixed'], tradedWh: [1, 2, 3] },
      ...{ priceMicrosPerKwh: [-9, null, null], orderCount: [4, 5, 6], voidCount: [0, 1, 2] },
      proof: ['proven', 'awaited', 'none'],
    } as unknown as Series
    deepEqual(rowsOf(intervalColumns(series, [2, 0], 300_000)), [
      'interval,start,state,price_micros_per_kwh,traded_wh,orders,voids,proof',
      '7,1970-01-01T00:35:00.000Z,fixed,,3,6,2,none',
      '5,1970-01-01T00:25:00.000Z,final,-9,1,4,0,proven',
    ])
  })

  test('of transactions', () => {
    const one = { description: 'money', status: 'queued', txHash: null } as const
    const rows = rowsOf(transactionColumns([{ ...one, blockNumber: null, gasUsed: null }]))
    deepEqual(rows, ['what,state,hash,block,gas', 'money,queued,,,'])
  })

  test('of a statement and its lines', () => {
    const line = { sequence: 3, atMs: 0, kind: 'run', zone: 0, interval: 7, run: 1 } as const
    const sums = { amountMicros: -5, balanceMicros: 10 }
    const moved = { runKind: 'final', transaction: null, ...sums } as const
    equal(
      rowsOf(statementColumns([{ ...line, ...moved } satisfies StatementLine]))[1],
      '1970-01-01T00:00:00.000Z,3,run,0,7,1,final,-5,10',
    )
    const item = { meter: null, trade: 0, reason: 'exchange_fee', energyWh: 4 } as const
    const priced = { priceMicrosPerKwh: 500, amountMicros: -2 }
    const lines = [{ ...item, ...priced } as unknown as SettlementLine]
    equal(rowsOf(lineColumns(lines))[1], ',0,exchange_fee,4,500,-2')
  })

  test('of batches without a proof', () => {
    const batch = { zone: 0, interval: 7, status: 'waiting', overdue: false, orderCount: 3 }
    const batches = [{ ...batch, attempts: 1, sinceMs: 0 }] as unknown as ProvingQueue['batches']
    equal(rowsOf(batchColumns(batches))[1], '0,7,waiting,3,1,1970-01-01T00:00:00.000Z')
  })
})
