import { recoverAddress } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'

/** What a signed transaction of type 2 (EIP-1559) says, and who signed it. */
export type SignedTransaction = {
  readonly hash: string
  readonly chainId: bigint
  /** In lower case. */
  readonly to: string
  readonly calldata: Uint8Array
  readonly signer: string
}

type Item = Uint8Array | readonly Item[]

const typeOfFees = 0x02
/** chainId, nonce, two fees, gas, to, value, data, access list; then v, r and s. */
const signedFields = 9

/**
 * Reads the bytes that were sent to the chain, and recovers who signed them.
 *
 * @returns undefined for anything that is not exactly one such transaction
 */
export function readTransaction(raw: string): SignedTransaction | undefined {
  const bytes = hexToBytes(raw)
  if (bytes[0] !== typeOfFees) return undefined
  const read = itemAt(bytes, 1)
  if (read === undefined || read.end !== bytes.length || !Array.isArray(read.item)) return undefined
  const fields = read.item as readonly Item[]
  if (fields.length !== signedFields + 3) return undefined
  const [chainId, , , , , to, , calldata] = fields
  const [v, r, s] = fields.slice(signedFields)
  if (!isBytes(chainId) || !isBytes(to) || !isBytes(calldata)) return undefined
  if (!isBytes(v) || !isBytes(r) || !isBytes(s) || r.length > 32 || s.length > 32) return undefined
  const signature = new Uint8Array(65)
  signature.set(r, 32 - r.length)
  signature.set(s, 64 - s.length)
  signature[64] = 27 + (v[0] ?? 0)
  const signer = recoverAddress(keccak256(unsigned(bytes, fields)), signature)
  if (signer === undefined) return undefined
  return {
    hash: bytesToHex(keccak256(bytes)),
    chainId: numberOf(chainId),
    to: bytesToHex(to),
    calldata,
    signer,
  }
}

/** Whether a word of 32 bytes stands in the arguments of a call. */
export function holdsWord(calldata: Uint8Array, word: string): boolean {
  const selectorLength = 4
  for (let at = selectorLength; at + 32 <= calldata.length; at += 32) {
    if (bytesToHex(calldata.subarray(at, at + 32)) === word) return true
  }
  return false
}

const isBytes = (item: Item | undefined): item is Uint8Array => item instanceof Uint8Array

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes))

/**
 * The transaction without its signature, as it was signed: the same bytes up to the signature's, in
 * a list that is shorter.
 */
function unsigned(bytes: Uint8Array, fields: readonly Item[]): Uint8Array {
  const signatureLength = fields
    .slice(signedFields)
    .reduce((sum, field) => sum + (isBytes(field) ? encodedLength(field) : 0), 0)
  const { start } = lengthAt(bytes, 1) ?? { start: 1 }
  const body = bytes.subarray(start, bytes.length - signatureLength)
  const head = listHead(body.length)
  const made = new Uint8Array(1 + head.length + body.length)
  made[0] = typeOfFees
  made.set(head, 1)
  made.set(body, 1 + head.length)
  return made
}

function encodedLength(field: Uint8Array): number {
  const isItself = field.length === 1 && (field[0] ?? 0) < 0x80
  return isItself ? 1 : 1 + field.length
}

function listHead(length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(0xc0 + length)
  const digits: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256)
  return Uint8Array.of(0xf7 + digits.length, ...digits)
}

type Length = { readonly isList: boolean; readonly start: number; readonly end: number }

/** Where the content of the item at `at` lies (recursive-length prefix). */
function lengthAt(bytes: Uint8Array, at: number): Length | undefined {
  const first = bytes[at]
  if (first === undefined) return undefined
  if (first < 0x80) return { isList: false, start: at, end: at + 1 }
  const isList = first >= 0xc0
  const short = first - (isList ? 0xc0 : 0x80)
  if (short <= 55) return { isList, start: at + 1, end: at + 1 + short }
  const digits = short - 55
  let length = 0
  for (let i = 1; i <= digits; i += 1) length = length * 256 + (bytes[at + i] ?? 0)
  const start = at + 1 + digits
  return { isList, start, end: start + length }
}

function itemAt(
  bytes: Uint8Array,
  at: number,
): { readonly item: Item; readonly end: number } | undefined {
  const found = lengthAt(bytes, at)
  if (found === undefined || found.end > bytes.length) return undefined
  const { isList, start, end } = found
  if (!isList) return { item: bytes.slice(start, end), end }
  const items: Item[] = []
  let next = start
  while (next < end) {
    const inner = itemAt(bytes, next)
    if (inner === undefined || inner.end > end) return undefined
    items.push(inner.item)
    next = inner.end
  }
  return { item: items, end }
}
