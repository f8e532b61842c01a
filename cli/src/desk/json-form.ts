/**
 * An answer of the interface in the names of `--json`: `energyWh` is `energy_wh`. Names that are
 * data, such as those of participants, stand in values and stay.
 */
export function jsonForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonForm)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [snake(name), jsonForm(content)]),
  )
}

const snake = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
