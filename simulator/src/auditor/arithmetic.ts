/**
 * The auditor's own arithmetic. It shares no code with the exchange that it checks: a mistake there
 * must not be made here as well.
 */

/** `price × energy` in micros, towards minus infinity: what a payee receives. */
export function worthDown(price: bigint, energyWh: bigint): bigint {
  const thousandths = price * energyWh
  const rest = ((thousandths % 1_000n) + 1_000n) % 1_000n
  return (thousandths - rest) / 1_000n
}

/** `price × energy` in micros, towards plus infinity: what a payer pays. */
export function worthUp(price: bigint, energyWh: bigint): bigint {
  const down = worthDown(price, energyWh)
  return down * 1_000n === price * energyWh ? down : down + 1n
}

/** The price plus or minus n %, always against the one that deviated. Rounded away from zero. */
export function deviationPrices(
  price: bigint,
  spreadBasisPoints: number,
): { readonly short: bigint; readonly over: bigint } {
  const size = price < 0n ? -price : price
  const spread = (size * BigInt(spreadBasisPoints) + 9_999n) / 10_000n
  return { short: price + spread, over: price - spread }
}
