import type {
  ChainTransaction,
  ProvingQueue,
  Series,
  SettlementLine,
  StatementLine,
} from '@busbar/protocols/api'
import type { Columns } from './csv.ts'

/*
 * What tables of the pages are saved as: every field that they show, in the units of the interface.
 */

const moment = (atMs: number): string => new Date(atMs).toISOString()

/** Rows to columns: `names` says how each field is called in the file. */
export function columnsOf<Row extends object>(
  rows: readonly Row[],
  names: Partial<Readonly<Record<keyof Row, string>>>,
): Columns {
  return Object.fromEntries(
    Object.entries(names).map(([key, name]) => [
      String(name),
      rows.map((row) => row[key as keyof Row] as string | number | null),
    ]),
  )
}

/** Those of `indexes`, in their order. */
export function intervalColumns(
  series: Series,
  indexes: readonly number[],
  intervalMs: number,
): Columns {
  const at = <Value>(column: readonly Value[]): Value[] =>
    indexes.flatMap((index) => column.slice(index, index + 1))
  return {
    interval: at(series.interval),
    start: at(series.interval).map((interval) => moment(interval * intervalMs)),
    state: at(series.status),
    price_micros_per_kwh: at(series.priceMicrosPerKwh),
    traded_wh: at(series.tradedWh),
    orders: at(series.orderCount),
    voids: at(series.voidCount),
    proof: at(series.proof),
  }
}

export const transactionColumns = (transactions: readonly ChainTransaction[]): Columns =>
  columnsOf(transactions, {
    ...{ description: 'what', status: 'state', txHash: 'hash', blockNumber: 'block' },
    gasUsed: 'gas',
  })

export const statementColumns = (lines: readonly StatementLine[]): Columns => ({
  at: lines.map(({ atMs }) => moment(atMs)),
  ...columnsOf(lines, {
    ...{ sequence: 'sequence', kind: 'what', zone: 'zone', interval: 'interval', run: 'run' },
    ...{ runKind: 'run_kind', amountMicros: 'amount_micros', balanceMicros: 'balance_micros' },
  }),
})

export const lineColumns = (lines: readonly SettlementLine[]): Columns =>
  columnsOf(lines, {
    ...{ meter: 'meter', trade: 'trade', reason: 'reason', energyWh: 'energy_wh' },
    ...{ priceMicrosPerKwh: 'price_micros_per_kwh', amountMicros: 'amount_micros' },
  })

export const batchColumns = (batches: ProvingQueue['batches']): Columns => ({
  ...columnsOf(batches, {
    ...{ zone: 'zone', interval: 'interval', status: 'state', orderCount: 'orders' },
    attempts: 'attempts',
  }),
  since: batches.map(({ sinceMs }) => moment(sinceMs)),
})
