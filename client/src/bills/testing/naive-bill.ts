/**
 * Bills once more, watt-hour by watt-hour and with nothing of the code that makes them: what the
 * tests hold it to.
 */

export type PlainInterval = {
  readonly meter: number
  readonly startMs: number
  readonly imported: bigint
  readonly exported: bigint
  readonly sold: bigint
  readonly bought: bigint
  readonly auctionSold: bigint
  readonly auctionBought: bigint
  /** Micros per kWh of the meter's utility; zero for none. */
  readonly wheeling: bigint
}

export type PlainTariff = {
  readonly timeZone: string
  readonly import: readonly PlainBand[]
  readonly export: readonly PlainBand[]
  readonly fees: readonly { readonly micros: number; readonly per: string }[]
}

/** Whole hours of the clock on the wall, where they are limited. */
export type PlainBand = {
  readonly name: string
  readonly from?: string
  readonly until?: string
  readonly microsPerKwh: number
}

export type Owners = {
  readonly billedImport: bigint
  readonly billedExport: bigint
  readonly imbalanceSold: bigint
  readonly imbalanceBought: bigint
}

/**
 * Who owns each watt-hour by which a meter differs from its auction: walks from what was scheduled
 * to what was left after the contracts, one watt-hour at a time.
 */
export function ownersOf(one: PlainInterval, overDeviationBasisPoints: bigint): Owners {
  const scheduled = one.auctionSold - one.auctionBought
  const left = one.exported - one.sold - (one.imported - one.bought)
  const size = scheduled < 0n ? -scheduled : scheduled
  let allowed = (size * overDeviationBasisPoints) / 10_000n
  const owners = { billedImport: 0n, billedExport: 0n, imbalanceSold: 0n, imbalanceBought: 0n }
  for (let at = scheduled; at < left; at += 1n) {
    if (at < 0n && scheduled < 0n) owners.imbalanceSold += 1n
    else if (scheduled > 0n && allowed > 0n) {
      allowed -= 1n
      owners.imbalanceSold += 1n
    } else owners.billedExport += 1n
  }
  for (let at = scheduled; at > left; at -= 1n) {
    if (at > 0n && scheduled > 0n) owners.imbalanceBought += 1n
    else if (scheduled < 0n && allowed > 0n) {
      allowed -= 1n
      owners.imbalanceBought += 1n
    } else owners.billedImport += 1n
  }
  return owners
}

/** `2026-03-29 03:15:00`, as the runtime writes it. */
const shown = (ms: number, timeZone: string): string =>
  new Date(ms).toLocaleString('sv-SE', { timeZone })

function bandOf(bands: readonly PlainBand[], clock: string): PlainBand {
  for (const band of bands) {
    const { from, until } = band
    if (from === undefined || until === undefined) return band
    const time = clock.slice(11, 16)
    if (from < until ? time >= from && time < until : time >= from || time < until) return band
  }
  throw new Error('no band')
}

const upToMicro = (thousandths: bigint): bigint => {
  let micros = thousandths / 1_000n
  while (micros * 1_000n < thousandths) micros += 1n
  return micros
}

/** What the lines of a bill come to, by kind, in micros. */
export function naiveSums(
  intervals: readonly PlainInterval[],
  tariff: PlainTariff,
  overDeviationBasisPoints: bigint,
): Readonly<Record<string, bigint>> {
  const perBand = new Map<string, bigint>()
  let [wheeling, fees] = [0n, 0n]
  const days = new Set<string>()
  for (const one of intervals) {
    const clock = shown(one.startMs, tariff.timeZone)
    days.add(`${one.meter} ${clock.slice(0, 10)}`)
    const { billedImport, billedExport } = ownersOf(one, overDeviationBasisPoints)
    for (const [kind, bands, energy] of [
      ['energy_import', tariff.import, billedImport],
      ['energy_export', tariff.export, -billedExport],
    ] as const) {
      const band = bandOf(bands, clock)
      const key = `${kind} ${one.meter} ${band.name}`
      perBand.set(key, (perBand.get(key) ?? 0n) + energy * BigInt(band.microsPerKwh))
    }
    wheeling += upToMicro((one.sold + one.bought) * one.wheeling)
  }
  const meters = new Set(intervals.map(({ meter }) => meter))
  for (const { micros, per } of tariff.fees) {
    const times = per === 'bill' ? 1 : per === 'meter' ? meters.size : days.size
    fees += BigInt(micros * times)
  }
  const sums: Record<string, bigint> = { energy_import: 0n, energy_export: 0n, wheeling, fees }
  for (const [key, thousandths] of perBand) {
    const kind = key.split(' ')[0] ?? ''
    sums[kind] = (sums[kind] ?? 0n) + upToMicro(thousandths)
  }
  return sums
}
