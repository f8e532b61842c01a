import type { Columns } from '../lib/csv.ts'
import type { BehindMeter } from './devices.ts'

export type HomeColumn =
  | 'generated' | 'used' | 'own' | 'charged' | 'discharged' | 'carCharged'

/** Those of which anything is known. */
export function homeColumns(
  behind: BehindMeter | undefined,
): readonly (readonly [HomeColumn, readonly (number | null)[]])[] {
  if (behind === undefined) return []
  const all: readonly (readonly [HomeColumn, readonly (number | null)[]])[] = [
    ['generated', behind.generatedWh],
    ['used', behind.usedWh],
    ['own', behind.ownWh],
    ['carCharged', behind.carInWh],
    ['charged', behind.batteryInWh],
    ['discharged', behind.batteryOutWh],
  ]
  return all.filter(([, values]) => values.some((value) => value !== null))
}

/** As columns of a file; none where no device says anything. */
export const savedOf = (behind: BehindMeter | undefined): Columns =>
  behind === undefined ? {} : {
    generated_wh: behind.generatedWh,
    used_wh: behind.usedWh,
    used_of_own_wh: behind.ownWh,
    battery_charged_wh: behind.batteryInWh,
    battery_discharged_wh: behind.batteryOutWh,
    battery_charge_basis_points: behind.batteryBasisPoints,
    car_charged_wh: behind.carInWh,
    heat_pump_wh: behind.heatPumpWh,
    contradicts_meter: behind.usedWh.map((used, i) =>
      used === null ? null : Number(behind.contradicted.includes(behind.intervals[i] ?? -1)),
    ),
  }
