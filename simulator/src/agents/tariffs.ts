import type { District } from '../scenario/district.ts'
import type { Tariff } from './order-intent.ts'

/** A tariff and the index of the first interval it holds for. */
export type TariffChange = { readonly from: number; readonly tariff: Tariff }

/**
 * The simulator's tariff where the data has none: three times of day, micros/kWh. Chosen to look
 * like a European time-of-use tariff; override it with your own.
 */
const timeOfUse = [
  { fromHour: 0, retailMicrosPerKwh: 190_000 },
  { fromHour: 7, retailMicrosPerKwh: 250_000 },
  { fromHour: 16, retailMicrosPerKwh: 330_000 },
  { fromHour: 21, retailMicrosPerKwh: 250_000 },
  { fromHour: 23, retailMicrosPerKwh: 190_000 },
]

const feedInMicrosPerKwh = 60_000

/** Where the data holds the retail price, feeding in pays this part of it. */
const feedInShareOfRetail = 0.3

/** One tariff for the whole day, or one that changes with the hour. */
export type TariffForm = 'flat' | 'time-of-use'

/**
 * The retailer's tariff over the district's day, as the changes it announces beforehand. From the
 * data where its price column is a retail price, else the time-of-use tariff above.
 *
 * A flat tariff is the mean of the same day. All changes have to be announced before the first
 * meter is registered: later, an exchange takes them only for intervals beyond its horizon.
 */
export function tariffChanges(district: District, form: TariffForm): readonly TariffChange[] {
  const changes = timeOfUseChanges(district)
  if (form === 'time-of-use') return changes
  let retail = 0
  let feedIn = 0
  for (let k = 0; k < district.intervals; k += 1) {
    const { retailMicrosPerKwh, feedInMicrosPerKwh: paid } = tariffAt(changes, k)
    retail += retailMicrosPerKwh
    feedIn += paid
  }
  const mean = (sum: number): number => Math.round(sum / district.intervals / 10) * 10
  const tariff = { retailMicrosPerKwh: mean(retail), feedInMicrosPerKwh: mean(feedIn) }
  return [{ from: 0, tariff }]
}

function timeOfUseChanges(district: District): readonly TariffChange[] {
  const changes: TariffChange[] = []
  for (let k = 0; k < district.intervals; k += 1) {
    const tariff = tariffOf(district, k)
    const last = changes.at(-1)?.tariff
    const same =
      last?.retailMicrosPerKwh === tariff.retailMicrosPerKwh &&
      last.feedInMicrosPerKwh === tariff.feedInMicrosPerKwh
    if (!same) changes.push({ from: k, tariff })
  }
  return changes
}

function tariffOf(district: District, k: number): Tariff {
  if (district.priceKind === 'retail') {
    const retailMicrosPerKwh = district.series.priceMicrosPerKwh[k] ?? 0
    return {
      retailMicrosPerKwh,
      feedInMicrosPerKwh: Math.floor((retailMicrosPerKwh * feedInShareOfRetail) / 10) * 10,
    }
  }
  const hour = ((district.startMs + k * district.intervalMs) / 3_600_000) % 24
  const band = timeOfUse.findLast((candidate) => candidate.fromHour <= hour)
  return { retailMicrosPerKwh: band?.retailMicrosPerKwh ?? 0, feedInMicrosPerKwh }
}

/** The tariff in force for each interval. */
export function tariffAt(changes: readonly TariffChange[], k: number): Tariff {
  const found = changes.findLast((change) => change.from <= k)?.tariff
  if (found === undefined) throw new RangeError(`no tariff holds for interval index ${k}`)
  return found
}
