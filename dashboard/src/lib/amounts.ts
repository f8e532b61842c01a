/**
 * What somebody wrote as money, in micros: `12.50` or `12,50`, six digits after the point at most.
 * Undefined for what is no amount, is below zero or is more than a number holds exactly.
 */
export const microsOf = (text: string): number | undefined => scaled(text, 6)

/** What somebody wrote as kilowatt-hours, in watt-hours: three digits after the point at most. */
export const wattHoursOf = (kilowattHours: string): number | undefined => scaled(kilowattHours, 3)

function scaled(text: string, digits: number): number | undefined {
  const [, whole, part = ''] = /^\s*(\d{1,12})(?:[.,](\d{1,6}))?\s*$/.exec(text) ?? []
  if (whole === undefined || part.length > digits) return undefined
  const value = Number(`${whole}${part.padEnd(digits, '0')}`)
  return Number.isSafeInteger(value) ? value : undefined
}
