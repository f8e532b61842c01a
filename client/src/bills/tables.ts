import { csvField } from '../csv.ts'
import type { Bill, BilledInterval } from './bill.ts'
import { microsPerCent } from './bill.ts'
import type { BillRun } from './reckoning.ts'

type Cell = string | number | bigint | null

/** RFC 4180, with line feeds. */
const table = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(',')}\n`).join('')

function cellText(cell: Cell): string {
  if (cell === null) return ''
  return typeof cell === 'string' ? csvField(cell) : String(cell)
}

const lineColumns = [
  'kind', 'text', 'meter', 'utility', 'energy_wh', 'micros_per_kwh', 'amount_micros',
] as const

/** The lines of a bill, then what was carried and what is to be paid: they add up. */
function rowsOf(bill: Bill): readonly (readonly Cell[])[] {
  const { lines, carriedIn, carriedOut, payableCents } = bill
  const sum = (kind: string, text: string, amount: bigint): readonly Cell[] => [
    kind, text, null, null, null, null, amount,
  ]
  return [
    ...lines.map(({ kind, text, meter, utility, energy, price, amount }) => [
      kind, text, meter, utility, energy, price, amount,
    ]),
    sum('carried_in', 'Less than a cent, from the bill before', carriedIn),
    sum('carried_out', 'Less than a cent, for the next bill', -carriedOut),
    sum('payable', 'To be paid', payableCents * microsPerCent),
  ]
}

/** One bill as a table. */
export const billTable = (bill: Bill): string => table([lineColumns, ...rowsOf(bill)])

const energyColumns = [
  'imported', 'exported', 'sold', 'bought', 'auctionSold', 'auctionBought', 'imbalanceSold',
  'imbalanceBought',
] as const satisfies readonly (keyof BilledInterval)[]

/** Where each watt-hour of the customer's meters went. */
export function intervalTable({ intervals }: Bill, { intervalSeconds, clock }: BillRun): string {
  const snake = (name: string): string =>
    `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_wh`
  const head = [
    'meter', 'start', 'local_start', ...energyColumns.map(snake), 'billed_import_wh',
    'billed_export_wh', 'assurance',
  ]
  const rows = intervals.map((one) => {
    const startMs = one.interval * intervalSeconds * 1_000
    const { date, minute } = clock.at(startMs)
    const [hour, rest] = [Math.floor(minute / 60), minute % 60]
    const two = (value: number): string => String(value).padStart(2, '0')
    return [
      one.meter,
      `${new Date(startMs).toISOString().slice(0, 19)}Z`,
      `${date}T${two(hour)}:${two(rest)}`,
      ...energyColumns.map((name) => one[name]),
      one.billed.imported,
      one.billed.exported,
      one.assurance,
    ]
  })
  return table([head, ...rows])
}

/** One line for each bill of a run. */
export const runTable = ({ bills, tariff }: BillRun): string =>
  table([
    [
      'account', 'name', 'plan', 'currency', 'lines_micros', 'carried_in_micros',
      'carried_out_micros', 'payable_cents',
    ],
    ...bills.map(({ account, name, plan, sum, carriedIn, carriedOut, payableCents }) => [
      account, name, plan.name, tariff.currency, sum, carriedIn, carriedOut, payableCents,
    ]),
  ])

/** The lines of all bills of a run, each with whose it is. */
export const linesTable = ({ bills }: BillRun): string =>
  table([
    ['account', 'name', ...lineColumns],
    ...bills.flatMap((bill) =>
      rowsOf(bill).map((row): readonly Cell[] => [bill.account, bill.name, ...row])),
  ])
