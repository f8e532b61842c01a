import { Fault } from '@busbar/core/errors'
import { writePlace, type Place, placeLength } from '../commitments/index.ts'
import { bytesToHex, type Hex, type Integer, writeHex, writeUint64 } from '../hash/index.ts'

/** The longest period of one answer: a month of quarters of an hour. */
export const tradedEnergyIntervalsMax = 3_000

/**
 * What an answer says of one interval: under this root of the chain the meter traded so much, or
 * nothing (null). No root: nothing is settled of the interval, and nothing is said.
 */
export type EnergyStatement = {
  readonly root: Hex | null
  readonly energy: { readonly soldWh: Integer; readonly boughtWh: Integer } | null
}

/**
 * A statement as a leaf of the signed answer: place, root (zeros for none), a byte that says
 * whether energy was traded, and how much.
 *
 * @throws Fault UNIT_OUT_OF_RANGE or HEX_MALFORMED; TRADED_ENERGY_INVALID for energy without a root
 */
export function statementLeaf(place: Place, { root, energy }: EnergyStatement): Uint8Array {
  if (root === null && energy !== null) {
    throw new Fault('TRADED_ENERGY_INVALID', { field: 'root', limit: 'there where energy is' })
  }
  const bytes = new Uint8Array(placeLength + 32 + 17)
  const view = new DataView(bytes.buffer)
  writePlace(view, 0, place)
  if (root !== null) writeHex(bytes, placeLength, root, 32, 'root')
  const at = placeLength + 32
  bytes[at] = energy === null ? 0 : 1
  writeUint64(view, at + 1, energy?.soldWh ?? 0n, 'soldWh')
  writeUint64(view, at + 9, energy?.boughtWh ?? 0n, 'boughtWh')
  return bytes
}

/** One leaf for each interval, in their order. */
export const statementLeaves = (
  zone: number,
  fromInterval: number,
  statements: readonly EnergyStatement[],
): readonly Uint8Array[] =>
  statements.map((statement, i) => statementLeaf({ zone, interval: fromInterval + i }, statement))

/** The bytes of a statement that say which root, and those that say which energy. */
export function statementParts(
  place: Place,
  statement: EnergyStatement,
): { readonly root: Hex; readonly energy: Hex } {
  const leaf = statementLeaf(place, statement)
  const at = placeLength + 32
  return { root: bytesToHex(leaf.subarray(placeLength, at)), energy: bytesToHex(leaf.subarray(at)) }
}
