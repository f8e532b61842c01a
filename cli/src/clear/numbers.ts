/** A whole number with a comma between each three digits: `-1,234,567`. */
export const grouped = (value: bigint | number): string =>
  value.toString().replace(/\B(?=(\d{3})+$)/g, ',')

/** `value / 10^places`, exactly: `decimal(53690n, 6)` is `0.053690`. */
export function decimal(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}
