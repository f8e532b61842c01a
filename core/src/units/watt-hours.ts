import { Fault } from '../errors/index.ts'

declare const wattHours: unique symbol

/** Energy over one interval, in whole watt-hours. Never negative: direction is a field. */
export type WattHours = bigint & { readonly [wattHours]: true }

/** 1 PWh: more than any country uses in an interval. */
const max = 10n ** 15n

export const WattHours = {
  zero: 0n as WattHours,
  max: max as WattHours,

  /** Brands `value` after checking it: the only place where a bare bigint becomes energy. */
  from(value: bigint): WattHours {
    if (value < 0n || value > max) throw new Fault('UNIT_OUT_OF_RANGE', { unit: 'Wh', value })
    return value as WattHours
  },

  add: (a: WattHours, b: WattHours): WattHours => WattHours.from(a + b),
  subtract: (a: WattHours, b: WattHours): WattHours => WattHours.from(a - b),
  min: (a: WattHours, b: WattHours): WattHours => (a < b ? a : b),
}
