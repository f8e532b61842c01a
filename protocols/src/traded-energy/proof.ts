import { WattHours } from '@busbar/core/units'
import type { Place } from '../commitments/index.ts'
import { bytesToHex, type Hex, writeUint32, writeUint64 } from '../hash/index.ts'
import {
  energyKey,
  type EnergyProof,
  energySaltLength,
  energyValue,
  type TradedEnergy,
} from './energy.ts'
import { findingOf } from './sorted-tree.ts'

/*
 * A proof as bytes. Integers are big-endian; the path has no length of its own, because position
 * and count say how long it is.
 *
 *   traded    0x01 ‖ position 4 ‖ count 4 ‖ salt 16 ‖ sold 8 ‖ bought 8 ‖ path     41 + 32 n
 *   none      0x02 ‖ position 4 ‖ count 4 ‖ left 64 ‖ right 64 ‖ path             137 + 32 n
 *
 * A leaf is key and value. Among 100,000 meters n is 17, rarely more: see `npm run bench`.
 */
const kinds = { traded: 1, none: 2 } as const
const headLength = 9
const tradedLength = headLength + energySaltLength + 16
const noneLength = headLength + 4 * 32

export function encodeProof(proof: EnergyProof): Uint8Array {
  const start = proof.kind === 'traded' ? tradedLength : noneLength
  const bytes = new Uint8Array(start + 32 * proof.path.length)
  const view = new DataView(bytes.buffer)
  bytes[0] = kinds[proof.kind]
  writeUint32(view, 1, proof.position, 'position')
  writeUint32(view, 5, proof.count, 'count')
  if (proof.kind === 'traded') {
    bytes.set(proof.salt, headLength)
    writeUint64(view, headLength + energySaltLength, proof.energy.soldWh, 'soldWh')
    writeUint64(view, headLength + energySaltLength + 8, proof.energy.boughtWh, 'boughtWh')
  } else {
    const parts = proof.leaves.flatMap(({ key, value }) => [key, value])
    for (const [i, part] of parts.entries()) bytes.set(part, headLength + 32 * i)
  }
  for (const [i, hash] of proof.path.entries()) bytes.set(hash, start + 32 * i)
  return bytes
}

/** The proof that was encoded; undefined for bytes that are none. */
export function decodeProof(bytes: Uint8Array): EnergyProof | undefined {
  const [code] = bytes
  const start = code === kinds.traded ? tradedLength : noneLength
  if (code !== kinds.traded && code !== kinds.none) return undefined
  if (bytes.length < start || (bytes.length - start) % 32 !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const hashes = (from: number, to: number): Uint8Array[] =>
    Array.from({ length: Math.floor((to - from) / 32) }, (_, i) =>
      bytes.slice(from + 32 * i, from + 32 * (i + 1)),
    )
  const path = {
    position: view.getUint32(1),
    count: view.getUint32(5),
    path: hashes(start, bytes.length),
  }
  if (code === kinds.traded) {
    const soldWh = view.getBigUint64(headLength + energySaltLength)
    const boughtWh = view.getBigUint64(headLength + energySaltLength + 8)
    if (soldWh > WattHours.max || boughtWh > WattHours.max) return undefined
    const energy = { soldWh: WattHours.from(soldWh), boughtWh: WattHours.from(boughtWh) }
    const salt = bytes.slice(headLength, headLength + energySaltLength)
    return { kind: 'traded', salt, energy, ...path }
  }
  const [key, value, nextKey, nextValue] = hashes(headLength, start) as [
    Uint8Array, Uint8Array, Uint8Array, Uint8Array,
  ]
  return { kind: 'none', leaves: [{ key, value }, { key: nextKey, value: nextValue }], ...path }
}

/** What a proof shows: the energy, null where the meter traded none, and the root it leads to. */
export type EnergyFinding = { readonly root: Hex; readonly energy: TradedEnergy | null }

/**
 * What `proof` shows of the meter in one interval; undefined where it shows nothing. It is worth
 * what its root is worth: compare that with the chain's.
 *
 * @param secret the meter's own, as its owner and its retailer have it
 * @throws Fault TRADED_ENERGY_INVALID for a secret that is not 32 bytes
 */
export function openProof(
  place: Place,
  meter: number,
  secret: Uint8Array,
  proof: EnergyProof,
): EnergyFinding | undefined {
  const { position, count, path } = proof
  const key = energyKey(secret, place.interval)
  const leaves = proof.kind === 'none'
    ? proof.leaves
    : [{ key, value: energyValue(proof.salt, { meter, ...proof.energy }) }]
  const finding = findingOf(place, key, { position, count, leaves, path })
  if (finding === undefined) return undefined
  return { root: bytesToHex(finding.root), energy: proof.kind === 'none' ? null : proof.energy }
}
