import { assert } from '@busbar/core/errors'
import { clear, type Clearing, type Order } from '@busbar/core/clearing'
import { curvePicture } from './curve-picture.ts'
import { decimal, grouped } from './numbers.ts'
import { parseOrders } from './parse-orders.ts'

/** What `busbar clear` found, to be shown as JSON or as text. */
export type ClearResult = {
  readonly orders: readonly Order[]
  readonly clearing: Clearing
}

/** The machine-readable form; its numbers are exact, being less than 2^53. */
export type ClearJson = {
  readonly price_micros_per_kwh: number | null
  readonly energy_wh: number
  /** By ascending id (UTF-8 bytes); who got nothing is not among them. */
  readonly fills: readonly { readonly id: string; readonly energy_wh: number }[]
}

/**
 * Clears the orders of a CSV text, offline: no market, no rulebook, no clock.
 *
 * @throws Fault as `parseOrders`, and CLEARING_ENERGY_TOO_LARGE.
 */
export function runClear(text: string): ClearResult {
  const orders = parseOrders(text)
  return { orders, clearing: clear(orders) }
}

export function clearToJson({ clearing }: ClearResult): ClearJson {
  const { price, energy, fills } = clearing
  return {
    price_micros_per_kwh: price === null ? null : Number(price),
    energy_wh: Number(energy),
    fills: fills.map((fill) => ({ id: fill.orderId, energy_wh: Number(fill.energy) })),
  }
}

/** One line of JSON, without its end of line. */
export const formatClearJson = (result: ClearResult): string => JSON.stringify(clearToJson(result))

/** More rows than this nobody reads; the JSON form has all. */
const shownFillsMax = 20

/** Lines for a person: price, energy, a picture of both curves, and who got what. */
export function formatClearText(result: ClearResult): string {
  const { orders, clearing } = result
  const buyCount = orders.filter((order) => order.side === 'buy').length
  const counts = `${grouped(buyCount)} to buy, ${grouped(orders.length - buyCount)} to sell`
  const head =
    clearing.price === null
      ? ['price    none: no buyer meets a seller']
      : [`price    ${grouped(clearing.price)} micros/kWh (${decimal(clearing.price, 6)} per kWh)`]
  return [
    ...head,
    `energy   ${grouped(clearing.energy)} Wh`,
    `orders   ${grouped(orders.length)}: ${counts}; ${grouped(clearing.fills.length)} filled`,
    ...section('', curvePicture(orders, clearing.price)),
    ...fillTables(result),
  ].join('\n')
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines]

/** Those filled in part first: they are at the price, and what one asks about. */
function fillTables({ orders, clearing }: ClearResult): readonly string[] {
  const orderOf = new Map(orders.map((order) => [order.id, order]))
  const rows = clearing.fills.map((fill) => {
    const order = orderOf.get(fill.orderId)
    assert(order !== undefined, 'a fill is of an order')
    return { order, filled: fill.energy }
  })
  const partial = rows.filter(({ order, filled }) => filled < order.energy)
  const whole = rows.filter(({ order, filled }) => filled === order.energy)
  return [
    ...section('\nfilled in part, at the price', fillTable(partial)),
    ...section('\nfilled whole', fillTable(whole)),
  ]
}

function fillTable(fills: readonly { order: Order; filled: bigint }[]): readonly string[] {
  if (fills.length === 0) return []
  const rows = fills.slice(0, shownFillsMax).map(({ order, filled }) => {
    return [printable(order.id), order.side, ...[filled, order.energy, order.limit].map(grouped)]
  })
  const header = ['id', 'side', 'filled Wh', 'of Wh', 'limit micros/kWh']
  const hidden = fills.length - rows.length
  const more = hidden === 0 ? [] : [`… and ${grouped(hidden)} more; --json shows all`]
  return [...alignColumns([header, ...rows]), ...more]
}

/** Texts to the left, numbers (from the third column on) to the right. */
function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows.map((row) =>
    row
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

const idShownMax = 66

/** An id is anybody's text: no control character of it may reach a terminal. */
function printable(id: string): string {
  const safe = id.replace(/\p{C}/gu, '\ufffd')
  return safe.length > idShownMax ? `${safe.slice(0, idShownMax)}…` : safe
}
