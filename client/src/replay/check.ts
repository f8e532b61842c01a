import { energyLeaf, type Place } from '@busbar/protocols/commitments'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { merkleRoot } from '@busbar/protocols/merkle'
import { tradedEnergyRoot } from '@busbar/protocols/traded-energy'
import type { MeteredZone, ReplayMaterial, TradedByContract } from './material.ts'

/**
 * What is worked out again of a zone's interval, in the order in which it happened; `byContract`
 * where there are contracts.
 */
export const zoneChecks = [
  ...(['rules', 'orders', 'clearing', 'fills', 'readings', 'byContract'] as const),
  ...(['postings', 'money', 'nets', 'signed'] as const),
] as const

/** The same of an interval of the contracts of all zones. */
export const contractChecks = [
  ...(['rules', 'contracts', 'signatures', 'owed', 'readings', 'allocation', 'traded'] as const),
  ...(['postings', 'settled', 'nets', 'signed'] as const),
] as const

export type ReplayCheckName = (typeof zoneChecks)[number] | (typeof contractChecks)[number]

/** `open`: cannot be worked out yet, or by these rules. */
export type ReplayCheck = {
  readonly name: ReplayCheckName
  readonly state: 'holds' | 'fails' | 'open'
  /** How many orders, readings, lines it was worked out from. */
  readonly count: number
}

export type Told = Omit<ReplayCheck, 'name'>

export const told = (holds: boolean, count: number): Told => ({
  state: holds ? 'holds' : 'fails',
  count,
})

export const open = (count = 0): Told => ({ state: 'open', count })

export const rootOf = (leaves: readonly Uint8Array[]): string => bytesToHex(merkleRoot(leaves))

export const placeOf = ({ shown: { zone, interval } }: ReplayMaterial): Place => ({
  zone,
  interval,
})

/** The root of what a run of a zone has read. */
export const readingsRootOf = (place: Place, readings: MeteredZone['readings']): string =>
  rootOf(
    readings.map((one) =>
      energyLeaf(place, hexToBytes(one.salt, 16, 'salt'), {
        ...{ meter: one.meter, assurance: one.assurance },
        ...{ imported: BigInt(one.importedWh), exported: BigInt(one.exportedWh) },
      }),
    ),
  )

/** The root of what contracts got of meters in a run. */
export const tradedRootOf = (place: Place, traded: TradedByContract['meters']): string =>
  tradedEnergyRoot(
    place,
    traded.map((one) => ({
      ...{ key: hexToBytes(one.key, 32, 'key'), salt: hexToBytes(one.salt, 16, 'salt') },
      ...{ meter: one.meter, soldWh: BigInt(one.soldWh), boughtWh: BigInt(one.boughtWh) },
    })),
  )

/** Whether it has a result, or will not get another. */
export const isCleared = ({ shown }: ReplayMaterial): boolean =>
  shown.status !== 'open' && shown.status !== 'fixed'

/** Of other rules than those at hand only the hash is known. */
export const isByRules = ({ shown, market }: ReplayMaterial): boolean =>
  market.rulebookHash === shown.rulebookHash

/** The lines of money that all runs posted on the ledger. */
export const linesOf = ({ replay }: ReplayMaterial) =>
  replay.runs.flatMap(({ postings }) => postings.flatMap(({ lines }) => lines))
