import { type CallOptions, type CustomerPage, pagesOf } from '@busbar/client'
import type { Customer } from '@busbar/protocols/api'
import { everyRow, type Gathered, rowsAtOnce } from '../lib/every-row.ts'

type Query = { readonly from?: number; readonly limit: number }

/**
 * Whose account number somebody typed, or in whose name it stands, upper and lower case alike.
 *
 * @param read a page of a retailer's customers, from an account on
 * @throws BusbarError as `read` does
 */
export async function findCustomers(
  read: (query: Query, options: CallOptions) => Promise<CustomerPage>,
  typed: string,
  signal: AbortSignal,
): Promise<Gathered<Customer>> {
  const wanted = typed.trim().toLowerCase()
  if (/^\d{1,9}$/.test(wanted)) {
    const account = Number(wanted)
    const { customers: [one] } = await read({ from: account, limit: 1 }, { signal })
    if (one?.account === account) return { rows: [one], isWhole: true }
  }
  const find = everyRow(
    (options) => pagesOf((page) => read({ ...page, limit: rowsAtOnce }, options)),
    ({ customers }) => customers.filter(({ name }) => name.toLowerCase().includes(wanted)),
  )
  return find({ signal, progress: () => undefined })
}
