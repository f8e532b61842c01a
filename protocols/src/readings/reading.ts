import { type Domain, readingBatchDigest } from '../eip712/index.ts'
import {
  bytesToHex,
  type Hex,
  type Integer,
  writeUint32,
  writeUint64,
  writeUint8,
} from '../hash/index.ts'
import { merkleRoot, MerkleTree, verifyInclusion } from '../merkle/index.ts'

/**
 * The registers of one meter at one boundary. Boundary `n` is the moment at which interval `n`
 * starts; the energy of interval `n` is the difference of the registers at `n + 1` and at `n`.
 */
export type Reading = {
  readonly meter: number
  readonly boundary: number
  /** 0 at first; a correction of the same boundary carries a higher one. */
  readonly version: number
  /** Cumulative registers, whole watt-hours. */
  readonly importWh: Integer
  readonly exportWh: Integer
}

/** meter u32 ‖ boundary u64 ‖ version u8 ‖ importWh u64 ‖ exportWh u64, big-endian. */
export const readingLeafLength = 4 + 8 + 1 + 8 + 8

/**
 * The bytes of a reading as a leaf of its batch: of fixed length, so no two readings share one.
 *
 * @throws Fault UNIT_OUT_OF_RANGE, naming the field
 */
export function readingLeaf(reading: Reading): Uint8Array {
  const leaf = new Uint8Array(readingLeafLength)
  const view = new DataView(leaf.buffer)
  writeUint32(view, 0, reading.meter, 'meter')
  writeUint64(view, 4, reading.boundary, 'boundary')
  writeUint8(view, 12, reading.version, 'version')
  writeUint64(view, 13, reading.importWh, 'importWh')
  writeUint64(view, 21, reading.exportWh, 'exportWh')
  return leaf
}

/** The root over the readings in the order in which the batch holds them. */
export const readingsRoot = (readings: readonly Reading[]): Uint8Array =>
  merkleRoot(readings.map(readingLeaf))

/** Keeps the tree, to prove single readings to whom they concern and to nobody else. */
export const readingsTree = (readings: readonly Reading[]): MerkleTree =>
  new MerkleTree(readings.map(readingLeaf))

/** Whether `reading` is number `index` of the `count` readings that were signed under `root`. */
export const provesReading = (
  root: Uint8Array,
  reading: Reading,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): boolean => verifyInclusion(root, readingLeaf(reading), index, count, path)

/** What a gateway signs for a batch, and what the server computes again from what it received. */
export function batchToSign(
  domain: Domain,
  batch: { readonly id: string; readonly gateway: number; readonly readings: readonly Reading[] },
): { readonly root: Hex; readonly count: number; readonly digest: Uint8Array } {
  const root = bytesToHex(readingsRoot(batch.readings))
  const count = batch.readings.length
  const { id, gateway } = batch
  return { root, count, digest: readingBatchDigest(domain, { id, gateway, root, count }) }
}
