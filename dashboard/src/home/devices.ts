import type { AccountSeries, DeviceOfSeries, DeviceSeries } from '@busbar/protocols/api'
import { type DayRange, isInRange } from './day.ts'

/** What a home's devices say of a day, or why that is not known. */
export type Told =
  | { readonly state: 'asked' | 'failed' }
  | { readonly state: 'known'; readonly series: DeviceSeries }

/** What stood behind the meter in the intervals of a day, a column each; null where unknown. */
export type BehindMeter = {
  /** Of the meter's day. */
  readonly intervals: readonly number[]
  readonly generatedWh: readonly (number | null)[]
  /** What was used at home, the car included; what goes into a battery comes out again. */
  readonly usedWh: readonly (number | null)[]
  /** Of it what the house used, its car left out. */
  readonly houseWh: readonly (number | null)[]
  /** Of what was used, what did not come through the meter. */
  readonly ownWh: readonly (number | null)[]
  readonly batteryInWh: readonly (number | null)[]
  readonly batteryOutWh: readonly (number | null)[]
  readonly carInWh: readonly (number | null)[]
  readonly heatPumpWh: readonly (number | null)[]
  /** Of the first battery, at the end of each interval. */
  readonly batteryBasisPoints: readonly (number | null)[]
  /** Intervals in which devices and meter cannot both be right. */
  readonly contradicted: readonly number[]
}

/**
 * How far devices and meter may be apart: they count whole watt-hours at moments that differ by
 * seconds, and devices measure to two per cent of what flows, where meters measure to one.
 */
export const toleranceWh = (flowingWh: number): number =>
  Math.max(10, Math.ceil(flowingWh * 0.02))

export type KindOfDevice = DeviceOfSeries['kind']

/** Of devices of one kind in one interval, both ways; null where one of them is not known. */
type Sum = { readonly inWh: number; readonly outWh: number }

function sumAt(devices: readonly DeviceOfSeries[], at: number): Sum | null {
  const sum = { inWh: 0, outWh: 0 }
  for (const device of devices) {
    const [inWh, outWh] = [device.inWh[at] ?? null, device.outWh[at] ?? null]
    if (inWh === null || outWh === null) return null
    sum.inWh += inWh
    sum.outWh += outWh
  }
  return sum
}

const nothing: Sum = { inWh: 0, outWh: 0 }

/** What was used, where everything is known: what came in and was given, less what left. */
function usedOf(
  meter: { readonly importedWh: number; readonly exportedWh: number },
  sums: Readonly<Record<KindOfDevice, Sum>>,
): { readonly usedWh: number; readonly houseWh: number; readonly isContradicted: boolean } {
  const { solar, battery, car_charger: car, heat_pump: pump } = sums
  const cameWh = meter.importedWh + solar.outWh + battery.outWh + car.outWh + pump.outWh
  const leftWh = meter.exportedWh + solar.inWh + battery.inWh
  const houseWh = cameWh - leftWh - car.inWh
  const lacksWh = pump.inWh - houseWh
  return {
    usedWh: Math.max(0, cameWh - leftWh),
    houseWh: Math.max(0, houseWh),
    isContradicted: lacksWh > toleranceWh(cameWh),
  }
}

/** A day of devices beside a day of the meter, for each interval of the latter. */
export function behindMeter(series: AccountSeries, told: DeviceSeries): BehindMeter {
  const places = new Map(told.interval.map((interval, at) => [interval, at]))
  const of = (kind: KindOfDevice): readonly DeviceOfSeries[] =>
    told.devices.filter((device) => device.kind === kind)
  const byKind = (at: number) => ({
    solar: sumAt(of('solar'), at),
    battery: sumAt(of('battery'), at),
    car_charger: sumAt(of('car_charger'), at),
    heat_pump: sumAt(of('heat_pump'), at),
  })
  const rows = series.interval.map((interval, i) => {
    const at = places.get(interval)
    const sums = at === undefined ? undefined : byKind(at)
    const [importedWh, exportedWh] = [series.importedWh[i] ?? null, series.exportedWh[i] ?? null]
    // What a meter is taken to have read tells nothing of what was used behind it.
    const isKnown =
      sums !== undefined && importedWh !== null && exportedWh !== null &&
      series.isEstimated[i] !== true &&
      Object.values(sums).every((sum) => sum !== null)
    const used = isKnown
      ? usedOf({ importedWh, exportedWh }, {
          solar: sums.solar ?? nothing,
          battery: sums.battery ?? nothing,
          car_charger: sums.car_charger ?? nothing,
          heat_pump: sums.heat_pump ?? nothing,
        })
      : undefined
    const charge = at === undefined ? null : of('battery')[0]?.chargeBasisPoints[at]
    return { interval, sums, used, importedWh: importedWh ?? 0, charge: charge ?? null }
  })
  type Row = (typeof rows)[number]
  const column = (value: (row: Row) => number | undefined | null) =>
    rows.map((row) => value(row) ?? null)
  const kept = (kind: KindOfDevice, way: keyof Sum) =>
    of(kind).length === 0 ? rows.map(() => null) : column(({ sums }) => sums?.[kind]?.[way])
  return {
    intervals: series.interval,
    generatedWh: kept('solar', 'outWh'),
    usedWh: column(({ used }) => used?.usedWh),
    houseWh: column(({ used }) => used?.houseWh),
    ownWh: column(({ used, importedWh }) => used && Math.max(0, used.usedWh - importedWh)),
    batteryInWh: kept('battery', 'inWh'),
    batteryOutWh: kept('battery', 'outWh'),
    carInWh: kept('car_charger', 'inWh'),
    heatPumpWh: kept('heat_pump', 'inWh'),
    batteryBasisPoints: column(({ charge }) => charge),
    contradicted: rows.flatMap(({ interval, used }) =>
      used?.isContradicted === true ? [interval] : [],
    ),
  }
}

/** Power of one kind of device, in watts; what it gives is above zero. */
export type DevicePower = { readonly kind: KindOfDevice; readonly watts: number }

/** In one interval: none where it is not known. */
export function powersAt(
  told: DeviceSeries,
  interval: number,
  intervalSeconds: number,
): readonly DevicePower[] {
  const at = told.interval.indexOf(interval)
  const watts = (energyWh: number): number => Math.round((energyWh * 3_600) / intervalSeconds)
  if (at < 0) return []
  return (['solar', 'battery', 'car_charger', 'heat_pump'] as const).flatMap((kind) => {
    const devices = told.devices.filter((device) => device.kind === kind)
    const sum = devices.length === 0 ? null : sumAt(devices, at)
    return sum === null ? [] : [{ kind, watts: watts(sum.outWh - sum.inWh) }]
  })
}

/** The newest place of a day whose meter and devices are both known; −1 where there is none. */
export const newestKnown = ({ usedWh }: BehindMeter): number =>
  usedWh.findLastIndex((energy) => energy !== null)

/** What was asked for again, of these intervals; undefined where other devices are told of now. */
export function withDeviceIntervals(
  series: DeviceSeries,
  fresh: DeviceSeries,
  asked: DayRange,
): DeviceSeries | undefined {
  const namesOf = ({ devices }: DeviceSeries): string =>
    devices.map(({ device, kind }) => `${device} ${kind}`).join()
  if (namesOf(series) !== namesOf(fresh)) return undefined
  const places = [
    ...series.interval.map((number, index) => ({ number, index, isFresh: false })),
    ...fresh.interval.map((number, index) => ({ number, index, isFresh: true })),
  ]
    .filter(({ number, isFresh }) => isFresh || !isInRange(asked, number))
    .sort((a, b) => a.number - b.number)
  const devices = fresh.devices.map((newer, place): DeviceOfSeries => {
    const pick = (column: 'inWh' | 'outWh' | 'chargeBasisPoints') =>
      places.map(({ index, isFresh }) =>
        (isFresh ? newer : series.devices[place])?.[column][index] ?? null,
      )
    const columns = { inWh: pick('inWh'), outWh: pick('outWh') }
    return { ...newer, ...columns, chargeBasisPoints: pick('chargeBasisPoints') }
  })
  return { ...fresh, interval: places.map(({ number }) => number), devices }
}

/** Whether a device has said nothing for so long that what it said last is no longer the case. */
export const isSilent = (
  { lastBoundary }: DeviceOfSeries,
  nowMs: number,
  intervalMs: number,
): boolean =>
  lastBoundary === null || nowMs - lastBoundary * intervalMs > silentIntervals * intervalMs

const silentIntervals = 6

export const sumOf = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0)

/** What a kind of device is called, and which of several it is. */
export const placeAmong = (
  devices: readonly DeviceOfSeries[],
  one: DeviceOfSeries,
): number | undefined => {
  const alike = devices.filter(({ kind }) => kind === one.kind)
  return alike.length < 2 ? undefined : alike.indexOf(one) + 1
}
