import { Micros } from '../units/index.ts'
import type { RefundPart } from './refunds.ts'

/**
 * As `splitRefund`, micro by micro: each goes through the payment of the one before while that has
 * something left; then through the newest that could take all the others as well, else the newest.
 * Only for small amounts; tests hold the two together.
 */
export function splitRefundNaive(
  from: readonly { readonly payment: number; readonly left: bigint }[],
  amount: bigint,
): RefundPart[] {
  const left = new Map(from.map((one) => [one.payment, one.left]))
  const newestFirst = from.map(({ payment }) => payment).reverse()
  const sums = new Map<number | null, bigint>()
  let through: number | null = null
  for (let open = amount; open > 0n; open -= 1n) {
    const has = (payment: number): bigint => left.get(payment) ?? 0n
    if (through === null || has(through) === 0n) {
      through =
        newestFirst.find((payment) => has(payment) >= open) ??
        newestFirst.find((payment) => has(payment) > 0n) ??
        null
    }
    if (through !== null) left.set(through, has(through) - 1n)
    sums.set(through, (sums.get(through) ?? 0n) + 1n)
  }
  return [...sums].map(([refundOf, sum]) => ({ refundOf, amount: Micros.from(sum) }))
}
