import { assert } from '../errors/index.ts'
import { floorDivide } from '../units/index.ts'

/**
 * Shares `leftWh` among the orders at the price: of those in ascending id the k-th gets
 * `⌊left·C(k) / wanted⌋ − ⌊left·C(k−1) / wanted⌋`, where `C(k)` adds their energy up to the k-th.
 *
 * That product can need 100 bits. So the remainder of the division is carried from order to order
 * instead, which gives the same shares from the far smaller `left·energy + remainder`:
 *
 * ```text
 *   left 29, orders of 10, 10 and 16 (wanted 36)
 *   29·10 +  0 = 290 =  8·36 +  2    gets  8
 *   29·10 +  2 = 292 =  8·36 +  4    gets  8
 *   29·16 +  4 = 468 = 13·36 +  0    gets 13, and 8 + 8 + 13 = 29
 * ```
 *
 * @param marginal indices of the orders at the price on one side, by ascending id
 */
export function ration(
  energy: Float64Array,
  marginal: Uint32Array,
  leftWh: number,
  wantedWh: number,
  fills: Float64Array,
): void {
  assert(leftWh >= 0, 'better limits fill whole')
  assert(leftWh <= wantedWh, 'what is left is wanted at the price')
  let remainder = 0
  for (const order of marginal) {
    const dividend = leftWh * energy[order]! + remainder
    // Below 2^53 the double is the exact product, and its quotient rounds down to the exact one.
    if (dividend <= Number.MAX_SAFE_INTEGER) {
      const fillWh = Math.floor(dividend / wantedWh)
      remainder = dividend - fillWh * wantedWh
      fills[order] = fillWh
    } else {
      const exact = BigInt(leftWh) * BigInt(energy[order]!) + BigInt(remainder)
      fills[order] = Number(floorDivide(exact, BigInt(wantedWh)))
      remainder = Number(exact % BigInt(wantedWh))
    }
  }
  assert(remainder === 0, 'cumulative rounding leaves no remainder')
}
