/** Decimal text to a whole number of `10^-decimals`, or undefined where it is none. */
export function decimal(text: string, decimals: number): number | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', part = ''] = match
  if (part.length > decimals) return undefined
  const value = BigInt(`${sign}${whole}${part.padEnd(decimals, '0')}`)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : undefined
}
