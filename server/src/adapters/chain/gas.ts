/**
 * How much gas a call of ours may use, from its bytes alone.
 *
 * Asking the node (`eth_estimateGas`) would need the calls before it to be mined first. What is not
 * used is not paid for, so the bounds are generous; tests hold them against what the calls use.
 */
import { type Hex, hexToBytes, toFunctionSelector } from 'viem'
import {
  accountKeysAbi,
  clearingHouseAbi,
  clearingProofsAbi,
  fiatTokenAbi,
  intervalLogAbi,
  participantRegistryAbi,
  tradeHoldsAbi,
} from './contracts.ts'
import { recordsGas, settleBaseGas, transactionGasMax } from './deltas.ts'
import { provePartAbi } from './part-proofs.ts'

type Bound = (calldata: Hex) => number

const constant =
  (gas: number): Bound =>
  () =>
    gas

/** Two lists of equal length: half of the words behind the selector, nearly. */
const perPair =
  (base: number, each: number): Bound =>
  (calldata) =>
    base + each * Math.floor((calldata.length - 10) / 128)

/** The proofs of a large set come one behind the other, of some ten thousand bytes each. */
const perProof =
  (base: number, each: number): Bound =>
  (calldata) =>
    base + each * Math.max(1, Math.floor(calldata.length / 20_000))

/**
 * The records are the last argument, padded to words. The gas of a record depends on the signs in
 * it, so they are read where they stand; whether they are noted as unproven is not among them.
 */
const perRecord =
  (base: number): Bound =>
  (calldata) => {
    const body = hexToBytes(`0x${calldata.slice(10)}`)
    return base + recordsGas(lastBytesArgument(body), true)
  }

function lastBytesArgument(body: Uint8Array): Uint8Array {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  // `batch` takes five words; then come static words and, last in the head, where the bytes begin.
  for (const headWords of [6, 7, 8]) {
    const offset = view.getUint32(headWords * 32 - 4)
    if (offset === headWords * 32) {
      const length = view.getUint32(offset + 28)
      return body.subarray(offset + 32, offset + 32 + length)
    }
  }
  return new Uint8Array(0)
}

/** To find a place for what is unproven. */
const placeGas = 150_000

const bounds: Readonly<Record<string, Bound>> = {
  admitMany: perPair(120_000, 105_000),
  suspend: constant(100_000),
  reinstate: constant(100_000),
  replaceKey: constant(200_000),
  mint: constant(200_000),
  approve: constant(100_000),
  depositFor: perPair(250_000, 36_000),
  // The first interval under a rulebook also announces its terms.
  fixOrders: constant(200_000),
  commitClearing: constant(150_000),
  // A million is used; a proof that is refused may use all of it.
  prove: perProof(2_000_000, 1_000_000),
  provePart: constant(2_500_000),
  // Half a million for a path; a set of 100,000 orders has 25 parts, another quarter.
  showOrder: constant(4_000_000),
  flagOverdue: constant(150_000),
  settle: perRecord(settleBaseGas + placeGas),
  stage: perRecord(settleBaseGas + placeGas),
  applyChunk: perRecord(settleBaseGas),
  // Where the owner has asked for money, what it has and asked for is looked at.
  hold: perPair(100_000, 38_000),
  admitPasskey: constant(150_000),
  revokePasskey: constant(100_000),
  // What is held back is read interval by interval, where proofs are late; and a million for the
  // longest signature of a passkey, where the network has no precompile for it.
  withdraw: constant(4_000_000),
  abandon: constant(2_500_000),
  // It also drops a batch that has lapsed.
  claimWithdrawal: constant(5_500_000),
}

const boundsBySelector: ReadonlyMap<string, Bound> = new Map(
  [
    ...participantRegistryAbi,
    ...fiatTokenAbi,
    ...intervalLogAbi,
    ...clearingHouseAbi,
    ...clearingProofsAbi,
    ...tradeHoldsAbi,
    ...accountKeysAbi,
    ...provePartAbi,
  ].flatMap((entry): readonly (readonly [string, Bound])[] => {
    const bound = entry.type === 'function' ? bounds[entry.name] : undefined
    return entry.type === 'function' && bound !== undefined
      ? [[toFunctionSelector(entry), bound]]
      : []
  }),
)

/** For a call that is not in the table, all that a transaction may use. */
export function gasLimitOf(calldata: string): number {
  const bound = boundsBySelector.get(calldata.slice(0, 10))
  return Math.min(transactionGasMax, bound?.(calldata as Hex) ?? transactionGasMax)
}
