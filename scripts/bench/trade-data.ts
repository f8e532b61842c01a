import type { MeteredTrades, TradeColumns } from '@busbar/core/metering'
import { WattHours } from '@busbar/core/units'

/** Columns as the objects that the state machine has. */
export function objectsOf(columns: TradeColumns): MeteredTrades {
  const energy = (energyWh: number): WattHours => WattHours.from(BigInt(energyWh))
  const meters = (energies: Float64Array): MeteredTrades['sellers'] =>
    Array.from(energies, (energyWh, meter) => ({ meter, energy: energy(energyWh) }))
  return {
    sellers: meters(columns.exported),
    buyers: meters(columns.imported),
    trades: Array.from(columns.obligation, (energyWh, row) => ({
      trade: row + 1,
      seller: columns.seller[row]!,
      buyer: columns.buyer[row]!,
      energy: energy(energyWh),
    })),
  }
}

/** SplitMix32: integers from 0 up to `end`, which is at most 2^32. */
export function drawer(seed: number): (end: number) => number {
  let state = seed >>> 0
  return (end) => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return Math.floor((((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32) * end)
  }
}
