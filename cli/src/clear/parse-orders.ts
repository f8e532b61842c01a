import { assert, Fault } from '@busbar/core/errors'
import { idLengthMax, type Order, ordersMax, type Side } from '@busbar/core/clearing'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import { readRows, shownField } from '../csv-rows.ts'

/** The columns of a file of orders; its first line names them, in any sequence. */
export const orderColumns = ['id', 'side', 'energy_wh', 'limit_micros_per_kwh'] as const

type OrderColumn = (typeof orderColumns)[number]

/** In which field of a row each column is. */
type Layout = Readonly<Record<OrderColumn, number>>

/**
 * The orders of a CSV text (RFC 4180, comma, header; LF or CRLF, byte order mark or none, spaces
 * around fields and empty lines ignored):
 *
 * ```text
 * id,side,energy_wh,limit_micros_per_kwh
 * alice,buy,400,30
 * bob,sell,300,-20
 * ```
 *
 * @throws Fault ORDERS_FILE_INVALID naming line, column and limit; CLEARING_ORDERS_TOO_MANY.
 */
export function parseOrders(text: string): readonly Order[] {
  const orders: Order[] = []
  const lineOfId = new Map<string, number>()
  let layout: Layout | undefined

  readRows(text, (fields, line) => {
    if (layout === undefined) {
      layout = parseHeader(fields, line)
      return
    }
    const order = parseOrder(fields, layout, line)
    const firstLine = lineOfId.get(order.id)
    if (firstLine !== undefined) {
      throw invalid(line, 'id', `once in a file, and line ${firstLine} has it`, order.id)
    }
    lineOfId.set(order.id, line)
    orders.push(order)
    if (orders.length > ordersMax) {
      const details = { field: 'orders', limit: `at most ${ordersMax}`, line }
      throw new Fault('CLEARING_ORDERS_TOO_MANY', details)
    }
  }, invalid)

  if (layout === undefined) throw invalid(1, 'header', orderColumns.join(','), '')
  return orders
}

function parseHeader(fields: readonly string[], line: number): Layout {
  const isExact =
    fields.length === orderColumns.length && orderColumns.every((name) => fields.includes(name))
  if (!isExact) throw invalid(line, 'header', orderColumns.join(','), fields.join(','))
  const at = (name: OrderColumn): number => fields.indexOf(name)
  return {
    id: at('id'),
    side: at('side'),
    energy_wh: at('energy_wh'),
    limit_micros_per_kwh: at('limit_micros_per_kwh'),
  }
}

function parseOrder(fields: readonly string[], layout: Layout, line: number): Order {
  if (fields.length !== orderColumns.length) {
    throw invalid(line, 'row', `${orderColumns.length} fields`, fields.join(','))
  }
  const field = (name: OrderColumn): string => {
    const value = fields[layout[name]]
    assert(value !== undefined, 'a row has as many fields as the header')
    return value
  }
  const id = field('id')
  if (id.length < 1 || id.length > idLengthMax || !id.isWellFormed()) {
    throw invalid(line, 'id', `1 to ${idLengthMax} characters of Unicode text`, id)
  }
  const energy = integer(field('energy_wh'), 'energy_wh', 1n, WattHours.max, line)
  const priceMax = MicrosPerKwh.max
  const limit = integer(
    field('limit_micros_per_kwh'), 'limit_micros_per_kwh', -priceMax, priceMax, line,
  )
  return {
    id,
    side: parseSide(field('side'), line),
    energy: WattHours.from(energy),
    limit: MicrosPerKwh.from(limit),
  }
}

function parseSide(text: string, line: number): Side {
  if (text !== 'buy' && text !== 'sell') throw invalid(line, 'side', 'buy or sell', text)
  return text
}

/** Sixteen digits hold every limit; a longer number is refused before it is computed with. */
const integerForm = /^-?\d{1,16}$/

function integer(
  text: string,
  column: OrderColumn,
  min: bigint,
  max: bigint,
  line: number,
): bigint {
  const value = integerForm.test(text) ? BigInt(text) : null
  if (value === null || value < min || value > max) {
    throw invalid(line, column, `a whole number from ${min} to ${max}`, text)
  }
  return value
}

const invalid = (line: number, column: string, limit: string, value: string): Fault =>
  new Fault('ORDERS_FILE_INVALID', { line, column, limit, value: shownField(value) })
