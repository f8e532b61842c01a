/** Figures as people read them. Only for showing: nothing is computed from these. */
export const count = (value: number): string => value.toLocaleString('en')

export const energy = (wattHours: number): string =>
  Math.abs(wattHours) >= 1_000_000
    ? `${(wattHours / 1_000_000).toLocaleString('en', { maximumFractionDigits: 2 })} MWh`
    : `${(wattHours / 1_000).toLocaleString('en', { maximumFractionDigits: 3 })} kWh`

export const money = (micros: number): string =>
  (micros / 1_000_000).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** To the last micro: for explaining a single posting. */
export const exactMoney = (micros: number): string =>
  (micros / 1_000_000).toLocaleString('en', { minimumFractionDigits: 6, maximumFractionDigits: 6 })

export const price = (microsPerKwh: number): string =>
  `${(microsPerKwh / 1_000_000).toFixed(5)} per kWh`

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Rows of label and value, the values under one another. */
export function rows(pairs: readonly (readonly [label: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([label]) => label.length))
  return pairs.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n')
}

/** One character a value, lowest to highest: the shape of a day in a line. */
export function sparkline(values: readonly number[]): string {
  const blocks = '▁▂▃▄▅▆▇█'
  const low = Math.min(...values)
  const high = Math.max(...values)
  if (values.length === 0) return ''
  return values
    .map((value) => blocks[high === low ? 0 : Math.round(((value - low) / (high - low)) * 7)] ?? '')
    .join('')
}
