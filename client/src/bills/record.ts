import { inputInvalid } from './bills-fault.ts'

/** What a bill run leaves for the next one: `run.json` among the bills. */
export type BillRecord = {
  readonly market: string
  readonly retailer: number
  /** The days that were billed. */
  readonly from: string
  readonly through: string
  readonly untilMs: number
  /** Less than a cent, by account: for its next bill. */
  readonly carriedMicros: Readonly<Record<string, number>>
  /** Fines that stand on bills, by default, micros; and since when fines are billed at all. */
  readonly finesBilled: Readonly<Record<string, number>>
  readonly finesSinceMs: number
}

const format = 'busbar-bill-run-1'

/** What stands before the first bill of all. */
export const firstRecord = (market: string, retailer: number, startMs: number): BillRecord => ({
  ...{ market, retailer, from: '', through: '', untilMs: startMs, carriedMicros: {} },
  ...{ finesBilled: {}, finesSinceMs: startMs },
})

export const recordText = (record: BillRecord): string =>
  `${JSON.stringify({ format, ...record }, null, 2)}\n`

/** @throws Fault BILLS_INPUT_INVALID for text that is no record of a bill run */
export function parseRecord(text: string, file: string): BillRecord {
  let source: unknown
  try {
    source = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw inputInvalid(file, 'file', 'JSON')
  }
  const { format: found, ...record } = (source ?? {}) as BillRecord & { readonly format?: unknown }
  if (found !== format) throw inputInvalid(file, 'format', format, found)
  requireAmounts(file, 'carriedMicros', record.carriedMicros, 9_999)
  requireAmounts(file, 'finesBilled', record.finesBilled, 10 ** 12)
  for (const field of ['retailer', 'untilMs', 'finesSinceMs'] as const) {
    if (!Number.isSafeInteger(record[field])) throw inputInvalid(file, field, 'a whole number')
  }
  return record
}

function requireAmounts(file: string, field: string, amounts: unknown, most: number): void {
  const isAmount = (value: unknown): boolean =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most
  const isObject = typeof amounts === 'object' && amounts !== null
  if (!isObject || !Object.values(amounts).every(isAmount)) {
    throw inputInvalid(file, field, `whole numbers from 0 to ${most}`)
  }
}
