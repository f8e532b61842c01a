/** Transactions of type 2 as an operator signs them, to try what reads them. */
import { addressOf, publicKeyOf, signDigest } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'
import type { SentTransaction } from '@busbar/protocols/api'

const key = new Uint8Array(32).fill(0x11)

/** Who signs them. */
export const operatorAddress = addressOf(publicKeyOf(key))

type Item = Uint8Array | readonly Item[]

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

const digitsOf = (value: number): Uint8Array =>
  value === 0 ? new Uint8Array() : hexToBytes(`0x${value.toString(16).padStart(8, '0')}`)

/** Without leading zeros, as a number stands in a transaction. */
const numeral = (bytes: Uint8Array): Uint8Array => {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first < 0 ? new Uint8Array() : bytes.subarray(first)
}

/** By the recursive-length prefix. */
function encoded(item: Item): Uint8Array {
  const isList = !(item instanceof Uint8Array)
  const body = isList ? joined(item.map(encoded)) : item
  if (!isList && body.length === 1 && (body[0] ?? 0) < 0x80) return body
  const offset = isList ? 0xc0 : 0x80
  if (body.length < 56) return joined([Uint8Array.of(offset + body.length), body])
  const length = numeral(digitsOf(body.length))
  return joined([Uint8Array.of(offset + 55 + length.length), length, body])
}

/** A call of a contract with these words of 32 bytes. */
export function operatorTransaction(
  chainId: number,
  to: string,
  words: readonly string[],
  nonce = 1,
): SentTransaction {
  const calldata = joined([new Uint8Array(4).fill(0xca), ...words.map((word) => hexToBytes(word))])
  const [id, fee, none] = [numeral(digitsOf(chainId)), Uint8Array.of(9), new Uint8Array()]
  const said: readonly Item[] = [
    ...[id, numeral(digitsOf(nonce)), fee, fee, fee, hexToBytes(to), none, calldata, []],
  ]
  const type = Uint8Array.of(0x02)
  const signature = signDigest(key, keccak256(joined([type, encoded(said)])))
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32, 64)].map(numeral)
  const v = numeral(Uint8Array.of((signature[64] ?? 27) - 27))
  const raw = joined([type, encoded([...said, v, r ?? none, s ?? none])])
  return { txHash: bytesToHex(keccak256(raw)), raw: bytesToHex(raw) }
}
