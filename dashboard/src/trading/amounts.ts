import { decimal } from '@busbar/client'

/** What a person wrote as energy, `500`, `500 Wh` or `0.5 kWh`, in watt-hours; else undefined. */
export function wattHoursOf(text: string): number | undefined {
  const [, number = '', unit = 'wh'] = /^([\d.,]+)\s*(kwh|wh)?$/i.exec(text.trim()) ?? []
  const value = decimal(number.replace(',', '.'), unit.toLowerCase() === 'kwh' ? 3 : 0)
  return value === undefined || value < 1 ? undefined : value
}

/** A price for a kilowatt-hour, `0.28` or `0,28`, in micros; else undefined. */
export const microsOf = (text: string): number | undefined =>
  decimal(text.trim().replace(',', '.'), 6)

/** Micros as a person writes them, without the currency. */
export const written = (micros: number): string => String(micros / 1_000_000)
