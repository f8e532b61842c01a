import type { Order } from '@busbar/core/clearing'
import { grouped } from './numbers.ts'

const rowCount = 15n
const width = 56n

/**
 * Demand and supply as market operators draw them: prices upwards, energy to the right. `D` is what
 * buyers want at a price or above, `S` what sellers offer at it or below, `X` where both are alike.
 *
 * Rows are equally spaced from the lowest limit to the highest; the price has a row of its own.
 */
export function curvePicture(orders: readonly Order[], price: bigint | null): readonly string[] {
  if (orders.length === 0) return []
  const curves = cumulated(orders)
  const lowest = curves.limits[0] ?? 0n
  const highest = curves.limits.at(-1) ?? 0n
  const prices = new Set(price === null ? [] : [price])
  for (let row = 0n; row < rowCount; row += 1n) {
    prices.add(lowest + ((highest - lowest) * row) / (rowCount - 1n))
  }
  const rows = [...prices].sort((a, b) => (a > b ? -1 : 1))
  const scale = larger(curves.demandAt(lowest), curves.supplyAt(highest))

  const labels = rows.map(grouped)
  const labelWidth = Math.max(...labels.map((label) => label.length), 'micros/kWh'.length)
  const lines = rows.map((at, i) => {
    const line = drawRow(curves.demandAt(at), curves.supplyAt(at), scale)
    const mark = at === price ? '  < price' : ''
    return `${(labels[i] ?? '').padStart(labelWidth)} |${line}${mark}`.trimEnd()
  })
  const axis = `${' '.repeat(labelWidth)} +${'-'.repeat(Number(width))}> ${grouped(scale)} Wh`
  return ['micros/kWh'.padStart(labelWidth), ...lines, axis, `D demand  S supply  X both`]
}

function drawRow(demand: bigint, supply: bigint, scale: bigint): string {
  const demandColumn = Number((demand * (width - 1n)) / scale)
  const supplyColumn = Number((supply * (width - 1n)) / scale)
  const cells = Array<string>(Number(width)).fill(' ')
  cells[demandColumn] = 'D'
  cells[supplyColumn] = demandColumn === supplyColumn ? 'X' : 'S'
  return cells.join('')
}

/** Both curves as sums over ascending limits, so that each row is one search. */
function cumulated(orders: readonly Order[]) {
  const energyAt = new Map<bigint, { buy: bigint; sell: bigint }>()
  for (const { side, energy, limit } of orders) {
    const level = energyAt.get(limit) ?? { buy: 0n, sell: 0n }
    level[side] += energy
    energyAt.set(limit, level)
  }
  const limits = [...energyAt.keys()].sort((a, b) => (a < b ? -1 : 1))
  /** What buyers and sellers below `limits[i]` want and offer. */
  const buysBelow = [0n]
  const sellsBelow = [0n]
  for (const [i, limit] of limits.entries()) {
    const level = energyAt.get(limit)
    buysBelow.push((buysBelow[i] ?? 0n) + (level?.buy ?? 0n))
    sellsBelow.push((sellsBelow[i] ?? 0n) + (level?.sell ?? 0n))
  }
  const demand = buysBelow.at(-1) ?? 0n
  return {
    limits,
    demandAt: (price: bigint): bigint => demand - (buysBelow[countBelow(limits, price)] ?? 0n),
    supplyAt: (price: bigint): bigint => sellsBelow[countBelow(limits, price + 1n)] ?? 0n,
  }
}

/** How many of the ascending `limits` are below `price`. */
function countBelow(limits: readonly bigint[], price: bigint): number {
  let low = 0
  let high = limits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((limits[middle] ?? price) < price) low = middle + 1
    else high = middle
  }
  return low
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
