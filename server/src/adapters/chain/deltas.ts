/**
 * A settlement's net amounts as the ClearingHouse takes them: records of 36 bytes,
 * `uint32 wordIndex ‖ bytes32 word`, where lane k of word w is the int64 change of account 4w + k.
 */
import { assert, Fault } from '@busbar/core/errors'
import type { Micros } from '@busbar/core/units'

export const recordBytes = 36
const lanesPerWord = 4
const laneBytes = 8

/** EIP-7825: no transaction may use more. */
export const transactionGasMax = 2 ** 24

/**
 * What a record costs at most, as in `Staging.sol`. A word from which money is taken holds money;
 * one that only receives may be zero still, and writing it costs three times as much.
 */
const gasPerKnownWord = 7_000
const gasPerNewWord = 24_000

/** Where a proof is required, what a word credits is noted in another: `Unproven.sol`. */
const gasPerNote = 26_000

/** Beyond the records: the call, the roots, the events. */
export const settleBaseGas = 250_000

/** A batch is settled in one transaction only well under the limit of one. */
const settleGasMax = Math.floor(transactionGasMax * 0.85)

/** `Staging.APPLY_GAS_LIMIT`. */
const chunkGasMax = transactionGasMax - 400_000

/** `Staging.MAX_CHUNKS`. */
const chunksMax = 256

export type NetAmount = { readonly account: number; readonly amount: Micros }

/**
 * The records, in one piece if one transaction takes them, else in chunks.
 *
 * @param isNoted whether the interval's rulebook requires a proof
 */
export function packDeltas(net: readonly NetAmount[], isNoted: boolean): readonly Uint8Array[] {
  const records = recordsOf(net)
  if (settleBaseGas + recordsGas(records, isNoted) <= settleGasMax) return [records]
  return inChunks(records, isNoted)
}

/** What the records of a chunk or a batch cost at most. */
export function recordsGas(records: Uint8Array, isNoted: boolean): number {
  let gas = 0
  for (let offset = 0; offset < records.length; offset += recordBytes) {
    gas += recordGas(records, offset, isNoted)
  }
  return gas
}

function recordsOf(net: readonly NetAmount[]): Uint8Array {
  const records = new Uint8Array(countWords(net) * recordBytes)
  const view = new DataView(records.buffer)
  let offset = -recordBytes
  let lastWord = -1
  let sum = 0n
  for (const { account, amount } of net) {
    const word = Math.floor(account / lanesPerWord)
    if (word !== lastWord) {
      offset += recordBytes
      view.setUint32(offset, word)
      lastWord = word
    }
    // Lane 0 is the lowest eight bytes, and so the last ones of the big-endian word.
    const lane = lanesPerWord - 1 - (account % lanesPerWord)
    view.setBigInt64(offset + 4 + lane * laneBytes, amount)
    sum += amount
  }
  assert(sum === 0n, 'the net amounts of a run sum to zero')
  return records
}

function countWords(net: readonly NetAmount[]): number {
  let words = 0
  let lastAccount = -1
  for (const { account, amount } of net) {
    assert(account > lastAccount && account < 2 ** 32, 'net amounts ascend by account')
    assert(amount !== 0n, 'net amounts are not zero')
    const isFirst = lastAccount < 0
    if (isFirst || Math.floor(account / lanesPerWord) !== Math.floor(lastAccount / lanesPerWord)) {
      words += 1
    }
    lastAccount = account
  }
  return words
}

function recordGas(records: Uint8Array, offset: number, isNoted: boolean): number {
  const note = isNoted ? gasPerNote : 0
  for (let lane = 0; lane < lanesPerWord; lane += 1) {
    const isNegative = ((records[offset + 4 + lane * laneBytes] ?? 0) & 0x80) !== 0
    if (isNegative) return gasPerKnownWord + note
  }
  return gasPerNewWord + note
}

function inChunks(records: Uint8Array, isNoted: boolean): readonly Uint8Array[] {
  const chunks: Uint8Array[] = []
  let start = 0
  let gas = 0
  for (let offset = 0; offset < records.length; offset += recordBytes) {
    const more = recordGas(records, offset, isNoted)
    if (gas + more > chunkGasMax) {
      chunks.push(records.subarray(start, offset))
      start = offset
      gas = 0
    }
    gas += more
  }
  chunks.push(records.subarray(start))
  if (chunks.length > chunksMax) {
    throw new Fault('CHAIN_EFFECT_INVALID', { chunks: chunks.length, chunksMax })
  }
  return chunks
}
