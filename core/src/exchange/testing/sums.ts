/** What an account owes to those who covered it: `debtor:creditor`. */
export type Arrears = Map<string, bigint>

export const sumOf = (lines: Iterable<{ readonly amount: bigint }>): bigint => {
  let sum = 0n
  for (const { amount } of lines) sum += amount
  return sum
}

/** Each account's sum. */
export function sumsBy(
  lines: Iterable<{ readonly account: number; readonly amount: bigint }>,
): Map<number, bigint> {
  const sums = new Map<number, bigint>()
  for (const { account, amount } of lines) sums.set(account, (sums.get(account) ?? 0n) + amount)
  return sums
}
