import { floorDivide } from '../units/index.ts'
import { type Placement, placeInTurn } from './placement.ts'

/**
 * Sharing what meters have among those who want it, by cumulative rounding. Of each meter three
 * numbers side by side, as they are read together: what is shared, what is wanted, and the
 * remainder that is carried from one trade to the next.
 */
export type Sharing = Float64Array

export const emptySharing = (meters: number): Sharing => new Float64Array(meters * width)

const width = 3

export function want(sharing: Sharing, meter: number, energyWh: number): void {
  sharing[meter * width + 1]! += energyWh
}

/** All that is wanted of the meter, if it has it. */
export function has(sharing: Sharing, meter: number, energyWh: number): void {
  sharing[meter * width] = Math.min(energyWh, sharing[meter * width + 1]!)
}

/**
 * The share of the next trade of `meter`, which wants `energyWh`. Trades come by ascending number;
 * the k-th gets `⌊R·C(k) / Q⌋ − ⌊R·C(k−1) / Q⌋`, where `R` is shared, `Q` wanted, and `C(k)` what
 * the trades up to the k-th want. The shares add up to `R`, and each is within one watt-hour of its
 * exact part.
 *
 * Carrying the remainder of the division gives the same shares from far smaller products.
 */
export function nextShare(sharing: Sharing, meter: number, energyWh: number): number {
  const at = meter * width
  const shared = sharing[at]!
  const wanted = sharing[at + 1]!
  if (shared === wanted) return energyWh
  const dividend = shared * energyWh + sharing[at + 2]!
  // Below 2^53 the double is the exact product, and its quotient rounds down to the exact one.
  if (dividend > Number.MAX_SAFE_INTEGER) return nextWideShare(sharing, at, energyWh)
  const share = Math.floor(dividend / wanted)
  sharing[at + 2] = dividend - share * wanted
  return share
}

function nextWideShare(sharing: Sharing, at: number, energyWh: number): number {
  const wanted = BigInt(sharing[at + 1]!)
  const dividend = BigInt(sharing[at]!) * BigInt(energyWh) + BigInt(sharing[at + 2]!)
  sharing[at + 2] = Number(dividend % wanted)
  return Number(floorDivide(dividend, wanted))
}

/** Each side shares its meters; a trade gets the smaller of its two shares. */
export function placeProRata(placement: Placement): void {
  const rows = allRows(placement)
  shareOnce(placement, rows, placement.columns.obligation, placement.columns.obligation)
}

/**
 * How often the sharing is repeated at most. Each time most of what is left finds its place, so
 * that this is seldom reached, and next to nothing is left then to be placed in turn.
 */
export const repetitionsMax = 8

/**
 * `placeProRata`, repeated on what is left of trades and meters until it finds no place for
 * anything; the rest in turn.
 *
 * When it is repeated, a trade wants of each meter what it lacks, but no more than its other meter
 * has left. So what one buyer could not take is shared by the others, and a large trade that can
 * hardly go on holds nothing back from them.
 */
export function placeProportionally(placement: Placement): void {
  const { obligation } = placement.columns
  let rows = allRows(placement)
  const wanted = { ofSeller: new Float64Array(rows.length), ofBuyer: new Float64Array(rows.length) }
  shareOnce(placement, rows, obligation, obligation)
  for (let repetition = 0; repetition < repetitionsMax; repetition += 1) {
    rows = openRows(placement, rows, wanted.ofSeller, wanted.ofBuyer)
    if (rows.length === 0) return
    if (!shareOnce(placement, rows, wanted.ofSeller, wanted.ofBuyer)) break
  }
  placeInTurn(placement)
}

function allRows({ delivered }: Placement): Uint32Array {
  const rows = new Uint32Array(delivered.length)
  for (let row = 0; row < rows.length; row += 1) rows[row] = row
  return rows
}

/**
 * Shares what is left among `rows`, which ascend, in proportion to what the `i`-th of them wants of
 * its seller and of its buyer.
 *
 * @returns whether anything was placed
 */
function shareOnce(
  { columns, delivered, left }: Placement,
  rows: Uint32Array,
  ofSeller: Float64Array,
  ofBuyer: Float64Array,
): boolean {
  const { seller, buyer, exported } = columns
  const sellers = exported.length
  const sharing = emptySharing(left.length)
  for (let i = 0; i < rows.length; i += 1) {
    want(sharing, seller[rows[i]!]!, ofSeller[i]!)
    want(sharing, sellers + buyer[rows[i]!]!, ofBuyer[i]!)
  }
  for (let node = 0; node < left.length; node += 1) has(sharing, node, left[node]!)
  let most = 0
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i]!
    const from = seller[row]!
    const to = sellers + buyer[row]!
    const sold = nextShare(sharing, from, ofSeller[i]!)
    const bought = nextShare(sharing, to, ofBuyer[i]!)
    const share = Math.min(sold, bought)
    delivered[row]! += share
    // What is shared was taken down before, and stays as it is.
    left[from]! -= share
    left[to]! -= share
    most = Math.max(most, share)
  }
  return most > 0
}

/** Those of `rows` that lack energy, between meters that have some left, and what they want. */
function openRows(
  { columns, delivered, left }: Placement,
  rows: Uint32Array,
  ofSeller: Float64Array,
  ofBuyer: Float64Array,
): Uint32Array {
  const { seller, buyer, obligation, exported } = columns
  const sellers = exported.length
  let count = 0
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i]!
    const lacking = obligation[row]! - delivered[row]!
    const sellerLeft = left[seller[row]!]!
    const buyerLeft = left[sellers + buyer[row]!]!
    if (lacking === 0 || sellerLeft === 0 || buyerLeft === 0) continue
    // In the memory of those that are closed.
    rows[count] = row
    ofSeller[count] = Math.min(lacking, buyerLeft)
    ofBuyer[count] = Math.min(lacking, sellerLeft)
    count += 1
  }
  return rows.subarray(0, count)
}
