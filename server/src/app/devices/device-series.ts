import { type DeviceOfSeries, deviceLimits, type DeviceSeries } from '@busbar/protocols/api'
import type { DeviceKey, StoredDeviceReading } from '../ports/devices.ts'

/** All that an account can have. */
export const devicesOf = (account: number): readonly DeviceKey[] =>
  Array.from({ length: deviceLimits.devices }, (_, device) => ({ account, device }))

/**
 * What devices did in intervals from `from` on: the difference of two registers, where both are
 * known and the later one is not below the earlier.
 *
 * @param kept readings at the boundaries `from` through `from + intervals`
 * @param newest of each device, of all that is kept
 */
export function deviceSeries(
  account: number,
  span: { readonly from: number; readonly intervals: number },
  kept: readonly StoredDeviceReading[],
  newest: readonly StoredDeviceReading[],
): DeviceSeries {
  const byPlace = new Map(kept.map((one) => [placeOf(one.device, one.boundary), one]))
  const told = new Set(kept.map(({ boundary }) => boundary - 1))
  const interval = Array.from({ length: span.intervals }, (_, n) => span.from + n).filter((n) =>
    told.has(n),
  )
  const devices = newest.toSorted((a, b) => a.device - b.device).map((last): DeviceOfSeries => {
    const ends = interval.map((n) => ({
      before: byPlace.get(placeOf(last.device, n)),
      after: byPlace.get(placeOf(last.device, n + 1)),
    }))
    return {
      device: last.device,
      kind: last.kind,
      lastBoundary: last.boundary,
      lastChargeBasisPoints: last.chargeBasisPoints,
      isPluggedIn: last.isPluggedIn,
      inWh: ends.map(({ before, after }) => difference(before?.inWh, after?.inWh)),
      outWh: ends.map(({ before, after }) => difference(before?.outWh, after?.outWh)),
      chargeBasisPoints: ends.map(({ after }) => after?.chargeBasisPoints ?? null),
    }
  })
  return { account, interval, devices }
}

const placeOf = (device: number, boundary: number): string => `${device}/${boundary}`

/** A register that is lower than before began again: how much it counted nobody knows. */
function difference(before: number | undefined, after: number | undefined): number | null {
  if (before === undefined || after === undefined) return null
  return after < before ? null : after - before
}
