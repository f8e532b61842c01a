import { assert, Fault } from '@busbar/core/errors'
import {
  bytesToHex,
  type Hex,
  hexToBytes,
  keccak256,
  textToBytes,
  writeInt64,
  writeUint32,
  writeUint64,
} from '../hash/index.ts'
import { poseidon2Permutation } from '../poseidon2/index.ts'
import { fieldFromHex, fieldOrder, fieldToHex } from './field.ts'

/** What a trader commits to, and shows to nobody before the gate. */
export type Opening = {
  readonly account: number
  readonly meter: number
  readonly side: 'buy' | 'sell'
  /** 1 to 2^28 − 1. */
  readonly energyWh: number
  /** −10^12 to 10^12. */
  readonly limitMicrosPerKwh: number
  /** 32 random bytes, `0x` and 64 hex digits: what makes guessing the rest useless. */
  readonly salt: string
}

/** Where an order is meant for: the same order elsewhere has another commitment. */
export type ContextParts = {
  readonly chainId: number
  /** Address of the IntervalLog. */
  readonly intervalLog: string
  readonly zone: number
  readonly interval: number
  readonly rulebookHash: string
}

export const energyWhMax = 2 ** 28 - 1
export const limitMicrosMax = 10 ** 12
/** Added to a price so that a negative one fits a field. */
export const priceOffset = 2n ** 40n
export const saltBytes = 32

const domain = keccak256(textToBytes('Busbar sealed orders 1'))
const blindTag = textToBytes('Busbar order blind 1')
/** What the sponge puts in the capacity for an input of three elements. */
const capacityOfThree = 3n << 64n

/** A digest without its last byte: 248 bits are below the field's order. */
const toField = (digest: Uint8Array): bigint => BigInt(bytesToHex(digest.subarray(0, 31)))

/**
 * Chain, contract, zone, interval and rules in one field element:
 * `keccak256(abi.encode(tag, chainId, intervalLog, zone, interval, rulebookHash)) >> 8`.
 *
 * @throws Fault HEX_MALFORMED, UNIT_OUT_OF_RANGE
 */
export function contextOf(parts: ContextParts): Hex {
  const bytes = new Uint8Array(6 * 32)
  const view = new DataView(bytes.buffer)
  bytes.set(domain, 0)
  writeUint64(view, 2 * 32 - 8, parts.chainId, 'chainId')
  bytes.set(hexToBytes(parts.intervalLog, 20, 'intervalLog'), 2 * 32 + 12)
  writeUint32(view, 4 * 32 - 4, parts.zone, 'zone')
  writeUint64(view, 5 * 32 - 8, parts.interval, 'interval')
  bytes.set(hexToBytes(parts.rulebookHash, 32, 'rulebookHash'), 5 * 32)
  return fieldToHex(toField(keccak256(bytes)))
}

type OrderFields = Pick<Opening, 'side' | 'energyWh' | 'limitMicrosPerKwh'>

/**
 * Side, limit and energy in one field element: 1, 41 and 28 bits, from the lowest.
 *
 * @throws Fault OPENING_INVALID
 */
export function wordOf(order: OrderFields): bigint {
  checkFields(order)
  const limit = BigInt(order.limitMicrosPerKwh) + priceOffset
  return BigInt(order.side === 'sell') + 2n * limit + (BigInt(order.energyWh) << 42n)
}

/**
 * What `wordOf` packed.
 *
 * @throws Fault OPENING_INVALID for what it would not pack
 */
export function wordFields(word: bigint): OrderFields {
  const order: OrderFields = {
    side: (word & 1n) === 1n ? 'sell' : 'buy',
    limitMicrosPerKwh: Number(((word >> 1n) & (2n ** 41n - 1n)) - priceOffset),
    energyWh: Number(word >> 42n),
  }
  checkFields(order)
  return order
}

/** Hides an order, and names its trader and meter to who knows the salt. */
export function blindOf({ account, meter, salt }: Opening): bigint {
  const bytes = new Uint8Array(blindTag.length + 8 + saltBytes)
  const view = new DataView(bytes.buffer)
  bytes.set(blindTag, 0)
  writeUint32(view, blindTag.length, account, 'account')
  writeUint32(view, blindTag.length + 4, meter, 'meter')
  bytes.set(hexToBytes(salt, saltBytes, 'salt'), blindTag.length + 8)
  return toField(keccak256(bytes))
}

/**
 * The commitment, and the pad that hides what the order gets: two words of one permutation, so only
 * who knows the order can derive the second.
 *
 * @throws Fault FIELD_MALFORMED
 */
export function commitmentAndPad(
  word: bigint,
  blind: bigint,
  context: bigint,
): { readonly commitment: bigint; readonly pad: bigint } {
  const values = [word, blind, context]
  if (!values.every((value) => value >= 0n && value < fieldOrder)) {
    throw new Fault('FIELD_MALFORMED', { field: 'value', limit: 'below the order of the field' })
  }
  const [commitment, pad] = poseidon2Permutation([...values, capacityOfThree])
  assert(commitment !== undefined && pad !== undefined, 'a permutation has four elements')
  return { commitment, pad }
}

/**
 * What is signed and put on chain of an order.
 *
 * @throws Fault OPENING_INVALID, FIELD_MALFORMED, HEX_MALFORMED
 */
export const commitmentOf = (context: string, opening: Opening): Hex =>
  fieldToHex(committed(context, opening).commitment)

const committed = (context: string, opening: Opening) =>
  commitmentAndPad(wordOf(opening), blindOf(opening), fieldFromHex(context, 'context'))

/** The leaf of a void order in the tree of fills. That of an empty slot is 0. */
export const voidLeaf: Hex = fieldToHex(1n)

/** The leaf of a slot without an order, in both trees. */
export const emptyLeaf: Hex = fieldToHex(0n)

/**
 * The leaf of an order that was opened: its fill, hidden by its pad. One that got nothing has one
 * too, and nobody without the pad can tell which those are.
 *
 * @throws Fault OPENING_INVALID for a fill that no order can have
 */
export function fillLeaf(pad: bigint, fillWh: bigint): Hex {
  if (fillWh < 0n || fillWh > BigInt(energyWhMax)) {
    throw new Fault('OPENING_INVALID', { field: 'fillWh', limit: `from 0 to ${energyWhMax}` })
  }
  return fieldToHex((pad + fillWh) % fieldOrder)
}

/** As `fillLeaf`, for an order's own side. */
export const fillLeafOf = (context: string, opening: Opening, fillWh: bigint): Hex =>
  fillLeaf(committed(context, opening).pad, fillWh)

export type OpenedFill =
  | { readonly kind: 'filled'; readonly energyWh: number }
  | { readonly kind: 'void' }

/**
 * What an order got, read from its leaf by its owner.
 *
 * @throws Fault FILL_NOT_OF_ORDER where the leaf belongs to another order; as `commitmentOf`
 */
export function openFill(opening: Opening, context: string, leaf: string): OpenedFill {
  if (leaf === voidLeaf) return { kind: 'void' }
  const { pad } = committed(context, opening)
  const energyWh = (fieldFromHex(leaf, 'leaf') - pad + fieldOrder) % fieldOrder
  if (energyWh > BigInt(opening.energyWh)) {
    throw new Fault('FILL_NOT_OF_ORDER', { field: 'leaf', limit: `at most ${opening.energyWh} Wh` })
  }
  return { kind: 'filled', energyWh: Number(energyWh) }
}

/** An opening as it is encrypted: always as long. */
export const openingBytes = 1 + 8 + 8 + 4 + 4 + saltBytes

/** @throws Fault OPENING_INVALID, HEX_MALFORMED, UNIT_OUT_OF_RANGE */
export function encodeOpening(opening: Opening): Uint8Array {
  checkFields(opening)
  const bytes = new Uint8Array(openingBytes)
  const view = new DataView(bytes.buffer)
  bytes[0] = Number(opening.side === 'sell')
  writeUint64(view, 1, opening.energyWh, 'energyWh')
  writeInt64(view, 9, opening.limitMicrosPerKwh, 'limitMicrosPerKwh')
  writeUint32(view, 17, opening.account, 'account')
  writeUint32(view, 21, opening.meter, 'meter')
  bytes.set(hexToBytes(opening.salt, saltBytes, 'salt'), 25)
  return bytes
}

/** The opening that `bytes` hold; undefined where they hold none that could be committed to. */
export function decodeOpening(bytes: Uint8Array): Opening | undefined {
  const side = sides[bytes[0] ?? 2]
  if (bytes.length !== openingBytes || side === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const opening: Opening = {
    account: view.getUint32(17),
    meter: view.getUint32(21),
    side,
    energyWh: Number(view.getBigUint64(1)),
    limitMicrosPerKwh: Number(view.getBigInt64(9)),
    salt: bytesToHex(bytes.subarray(25)),
  }
  return invalidField(opening) === undefined ? opening : undefined
}

const sides = ['buy', 'sell'] as const

/**
 * What of an encrypted order its trader signs beside the commitment; zeros where none is sent.
 *
 * @param ciphertext `0x` and hex; where owners reveal, `0x` alone (on the wire) or nothing (in the
 * journal)
 * @throws Fault HEX_MALFORMED
 */
export function ciphertextHash(ciphertext: string): Hex {
  if (ciphertext === '' || ciphertext === '0x') return emptyLeaf
  return bytesToHex(keccak256(hexToBytes(ciphertext, undefined, 'ciphertext')))
}

/** A salt for one order: one used twice would show which orders are alike. */
export function newSalt(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array): Hex {
  return bytesToHex(random(new Uint8Array(saltBytes)))
}

function checkFields(order: OrderFields): void {
  const invalid = invalidField(order)
  if (invalid !== undefined) throw new Fault('OPENING_INVALID', invalid)
}

function invalidField(order: OrderFields): { field: string; limit: string } | undefined {
  const { side, energyWh, limitMicrosPerKwh } = order
  if (side !== 'buy' && side !== 'sell') return { field: 'side', limit: 'buy or sell' }
  if (!Number.isSafeInteger(energyWh) || energyWh < 1 || energyWh > energyWhMax) {
    return { field: 'energyWh', limit: `an integer from 1 to ${energyWhMax}` }
  }
  const isPrice = Number.isSafeInteger(limitMicrosPerKwh)
  if (!isPrice || Math.abs(limitMicrosPerKwh) > limitMicrosMax) {
    const limit = `an integer from ${-limitMicrosMax} to ${limitMicrosMax}`
    return { field: 'limitMicrosPerKwh', limit }
  }
  return undefined
}
