import { decimal } from '@busbar/client'
import { UsageError } from '../cli-error.ts'

/*
 * Quantities as people write them, to the whole numbers of the interface. Nothing is rounded: what
 * has more digits than the unit is refused.
 */

/** Money or a price: a decimal number of the currency, in micros. @throws UsageError */
export function micros(text: string, what: string): number {
  const value = decimal(text, 6)
  if (value !== undefined) return value
  throw new UsageError(`${what} is ${text}; it takes money such as 0.28, to six digits at most`)
}

const energyUnits = { Wh: 0, kWh: 3, MWh: 6 } as const

/** Energy with its unit, in watt-hours. @throws UsageError */
export function wattHours(text: string, what: string): number {
  const [, number = '', unit = ''] = /^([\d.]+) ?(Wh|kWh|MWh)$/.exec(text) ?? []
  const digits = energyUnits[unit as keyof typeof energyUnits] as number | undefined
  const value = digits === undefined ? undefined : decimal(number, digits)
  if (value !== undefined) return value
  const takes = 'it takes energy with its unit, such as 500Wh or 0.5kWh, to the watt-hour'
  throw new UsageError(`${what} is ${text}; ${takes}`)
}

/** A part of a whole, in basis points. @throws UsageError */
export function basisPoints(text: string, what: string): number {
  const value = text.endsWith('%') ? decimal(text.slice(0, -1).trim(), 2) : undefined
  if (value !== undefined && value >= 0) return value
  throw new UsageError(`${what} is ${text}; it takes a part such as 10% or 2.5%, to two digits`)
}

/** Which of a few words. @throws UsageError naming them */
export function oneOf<Word extends string>(
  text: string,
  words: readonly Word[],
  what: string,
): Word {
  const found = words.find((word) => word === text)
  if (found !== undefined) return found
  throw new UsageError(`${what} is ${text}; it takes ${words.join(', ')}`)
}

/** A number of the interface, such as that of a trade. @throws UsageError */
export function number(text: string | undefined, what: string): number {
  if (text === undefined) throw new UsageError(`${what} is missing`)
  const value = Number(text)
  if (/^\d{1,15}$/.test(text)) return value
  throw new UsageError(`${what} is ${text}; it takes a whole number`)
}
