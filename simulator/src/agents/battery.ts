/** A battery's nameplate. What it loses, it loses on the way in. */
export type Battery = {
  readonly capacityWh: number
  readonly powerW: number
  /** What comes out of what went in, in hundredths of a per cent. */
  readonly efficiencyBasisPoints: number
}

/** What one interval does to a battery, in whole watt-hours at its terminals. */
export type BatteryFlow = {
  readonly chargedWh: number
  readonly dischargedWh: number
  readonly storedWh: number
  readonly lostWh: number
}

export const basisPoints = 10_000

/** The most that can go in or out in one interval, rounded down. */
export function powerLimitWh(battery: Battery, intervalMs: number): number {
  return Math.floor((battery.powerW * intervalMs) / 3_600_000)
}

/** The most that may be charged so that what arrives inside still fits. */
export function chargeLimitWh(battery: Battery, storedWh: number, intervalMs: number): number {
  const room = battery.capacityWh - storedWh
  const fits = Math.floor((room * basisPoints) / battery.efficiencyBasisPoints)
  return Math.max(0, Math.min(fits, powerLimitWh(battery, intervalMs)))
}

export function dischargeLimitWh(battery: Battery, storedWh: number, intervalMs: number): number {
  return Math.max(0, Math.min(storedWh, powerLimitWh(battery, intervalMs)))
}

/**
 * Runs a battery for one interval at `setpointWh` (positive charges), as far as power, room and
 * content allow. What is charged and not stored is lost: rounding is the battery's own loss.
 */
export function runBattery(
  battery: Battery,
  storedWh: number,
  setpointWh: number,
  intervalMs: number,
): BatteryFlow {
  if (setpointWh >= 0) {
    const wanted = Math.floor(setpointWh)
    const chargedWh = Math.min(wanted, chargeLimitWh(battery, storedWh, intervalMs))
    const kept = Math.floor((chargedWh * battery.efficiencyBasisPoints) / basisPoints)
    return { chargedWh, dischargedWh: 0, storedWh: storedWh + kept, lostWh: chargedWh - kept }
  }
  const wanted = Math.floor(-setpointWh)
  const dischargedWh = Math.min(wanted, dischargeLimitWh(battery, storedWh, intervalMs))
  return { chargedWh: 0, dischargedWh, storedWh: storedWh - dischargedWh, lostWh: 0 }
}
