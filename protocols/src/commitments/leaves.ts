import { type VoidReason, voidReasons } from '@busbar/core/exchange'
import { type Assurance } from '@busbar/core/metering'
import { type Reason, reasons } from '@busbar/core/settlement'
import {
  hexToBytes,
  keccak256,
  textToBytes,
  writeInt64,
  writeUint32,
  writeUint64,
  writeUint8,
} from '../hash/index.ts'

/*
 * What stands behind the roots that the chain keeps for an interval. Integers are big-endian; every
 * leaf begins with zone and interval, so that none can be shown for another.
 */

/** The place of a leaf: 12 bytes. */
export type Place = { readonly zone: number; readonly interval: number }

export const placeLength = 12

/** Zone and interval at `offset`. */
export function writePlace(view: DataView, offset: number, place: Place): void {
  writeUint32(view, offset, place.zone, 'zone')
  writeUint64(view, offset + 4, place.interval, 'interval')
}

function startLeaf(place: Place, length: number): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(placeLength + length)
  const view = new DataView(bytes.buffer)
  writePlace(view, 0, place)
  return { bytes, view }
}

/**
 * One order of the set that was fixed at the gate: its digest, which hides all but its existence.
 */
export function orderLeaf(place: Place, digest: string): Uint8Array {
  const { bytes } = startLeaf(place, 32)
  bytes.set(hexToBytes(digest, 32, 'digest'), placeLength)
  return bytes
}

/** The first leaf of a clearing: its price (with a flag: 0 for none) and its energy. */
export function clearingLeaf(
  place: Place,
  clearing: { readonly price: bigint | null; readonly energy: bigint },
): Uint8Array {
  const { bytes, view } = startLeaf(place, 17)
  writeUint8(view, placeLength, clearing.price === null ? 0 : 1, 'priced')
  writeInt64(view, placeLength + 1, clearing.price ?? 0n, 'price')
  writeUint64(view, placeLength + 9, clearing.energy, 'energy')
  return bytes
}

/**
 * What one order got. The leaves follow the first in ascending digest; orders without are not in
 * it.
 */
export function fillLeaf(place: Place, digest: string, energy: bigint): Uint8Array {
  const { bytes, view } = startLeaf(place, 40)
  bytes.set(hexToBytes(digest, 32, 'digest'), placeLength)
  writeUint64(view, placeLength + 32, energy, 'energy')
  return bytes
}

/** What a sealed book's clearing root is over: price and energy, the fills, the voids. */
export const sealedClearingLeaves = (
  place: Place,
  clearing: { readonly price: bigint | null; readonly energy: bigint },
  roots: { readonly fillsRoot: string; readonly voidsRoot: string },
): readonly Uint8Array[] => [
  clearingLeaf(place, clearing),
  hexToBytes(roots.fillsRoot, 32, 'fillsRoot'),
  hexToBytes(roots.voidsRoot, 32, 'voidsRoot'),
]

/**
 * An order of a sealed book that is void, and why: the place of the reason in `voidReasons`. The
 * leaves come in ascending commitment. It is also what names the reason in a dispute of it.
 */
export function voidReasonLeaf(place: Place, commitment: string, reason: VoidReason): Uint8Array {
  const { bytes, view } = startLeaf(place, 33)
  bytes.set(hexToBytes(commitment, 32, 'commitment'), placeLength)
  writeUint8(view, placeLength + 32, voidReasons.indexOf(reason), 'reason')
  return bytes
}

const saltLength = 16

/**
 * The blind of one leaf: 16 bytes that only who knows the market's salt can make, so that nobody
 * can find a leaf's contents by trying them against a root. The owner gets them with the proof.
 *
 * @param salt the market's, 32 bytes; null for a market that hides nothing
 */
export function leafSalt(
  salt: Uint8Array | null,
  purpose: 'energy' | 'posting' | 'traded-energy',
  place: Place,
  numbers: readonly number[],
): Uint8Array {
  if (salt === null) return new Uint8Array(saltLength)
  const text = textToBytes(`${purpose}/${place.zone}/${place.interval}/${numbers.join('/')}`)
  const bytes = new Uint8Array(salt.length + text.length)
  bytes.set(salt, 0)
  bytes.set(text, salt.length)
  return keccak256(bytes).slice(0, saltLength)
}

const assurances: readonly Assurance[] = ['metered', 'interpolated', 'repeated', 'absent']

/** The energy of one meter that a run was computed from, and how it was known. */
export function energyLeaf(
  place: Place,
  salt: Uint8Array,
  energy: {
    readonly meter: number
    readonly imported: bigint
    readonly exported: bigint
    readonly assurance: Assurance
  },
): Uint8Array {
  const { bytes, view } = startLeaf(place, saltLength + 21)
  bytes.set(salt, placeLength)
  const at = placeLength + saltLength
  writeUint32(view, at, energy.meter, 'meter')
  writeUint64(view, at + 4, energy.imported, 'imported')
  writeUint64(view, at + 12, energy.exported, 'exported')
  writeUint8(view, at + 20, assurances.indexOf(energy.assurance), 'assurance')
  return bytes
}

/** One line of an account's postings, as in a leaf. */
export type PostingLine = {
  readonly meter: number
  readonly trade: number
  readonly reason: Reason
  readonly energy: bigint
  readonly price: bigint
  readonly amount: bigint
}

const lineLength = 37

/** All that one run posted to one account: run, account, sum, and every line that makes the sum. */
export function postingLeaf(
  place: Place,
  salt: Uint8Array,
  posting: {
    readonly run: number
    readonly account: number
    readonly amount: bigint
    readonly lines: readonly PostingLine[]
  },
): Uint8Array {
  const { bytes, view } = startLeaf(place, saltLength + 16 + posting.lines.length * lineLength)
  bytes.set(salt, placeLength)
  let at = placeLength + saltLength
  writeUint32(view, at, posting.run, 'run')
  writeUint32(view, at + 4, posting.account, 'account')
  writeInt64(view, at + 8, posting.amount, 'amount')
  at += 16
  for (const line of posting.lines) {
    writeInt64(view, at, BigInt(line.meter), 'meter')
    writeUint32(view, at + 8, line.trade, 'trade')
    writeUint8(view, at + 12, reasons.indexOf(line.reason), 'reason')
    writeInt64(view, at + 13, line.energy, 'energy')
    writeInt64(view, at + 21, line.price, 'price')
    writeInt64(view, at + 29, line.amount, 'amount')
    at += lineLength
  }
  return bytes
}
