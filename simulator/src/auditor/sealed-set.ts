import { keccak_256 } from '@noble/hashes/sha3.js'
import { permute, poseidon2Hash } from '@zkpassport/poseidon2'

/**
 * Commitments and roots of sealed orders, written a second time from their description in
 * docs/concepts/clearing.md: the exchange's own formulas are not used here.
 */

/** What every commitment of an interval is bound to. */
export type SealedPlace = {
  readonly chainId: number
  /** Address of the contract that keeps the roots: `0x` and 40 hex. */
  readonly intervalLog: string
  readonly zone: number
  readonly interval: number
  /** `0x` and 64 hex. */
  readonly rulebookHash: string
}

export type ObservedOpening = {
  readonly account: number
  readonly meter: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
  /** `0x` and 64 hex. */
  readonly salt: string
}

export type Leaf = { readonly commitment: string; readonly pad: bigint }

/** Poseidon's initial capacity for three inputs: their number, above the 64 low bits. */
const threeInputs = 3n << 64n
/** Scalar field of BN254. */
const fieldOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
const children = 16
const levels = 3
const slots = children ** levels
/** The leaf of an order that is void. */
const voidLeaf = 1n

export function contextOf(place: SealedPlace): bigint {
  const words = [
    keccak(new TextEncoder().encode('Busbar sealed orders 1')),
    bytesOf(BigInt(place.chainId), 32),
    bytesOf(BigInt(place.intervalLog), 32),
    bytesOf(BigInt(place.zone), 32),
    bytesOf(BigInt(place.interval), 32),
    bytesOf(BigInt(place.rulebookHash), 32),
  ]
  return numberOf(keccak(concat(words))) >> 8n
}

/** What an order must be committed to as, and the pad that hides its fill. */
export function leafOf(context: bigint, opening: ObservedOpening): Leaf {
  const { side, limitMicrosPerKwh, energyWh, account, meter, salt } = opening
  const bit = side === 'buy' ? 0n : 1n
  const word = bit + 2n * (BigInt(limitMicrosPerKwh) + (1n << 40n)) + (BigInt(energyWh) << 42n)
  const secret = [
    new TextEncoder().encode('Busbar order blind 1'),
    bytesOf(BigInt(account), 4),
    bytesOf(BigInt(meter), 4),
    bytesOf(BigInt(salt), 32),
  ]
  const blind = numberOf(keccak(concat(secret))) >> 8n
  const [first = 0n, second = 0n] = permute([word, blind, context, threeInputs])
  return { commitment: hexOf(first), pad: second }
}

/** The root over a set's commitments, in whatever sequence they come. */
export const ordersRootOf = (commitments: readonly string[]): string =>
  rootOf(commitments.toSorted().map((one) => BigInt(one)))

/** The root over what each order got, `fills` in ascending commitment: null for a void order. */
export const fillsRootOf = (fills: readonly Fill[]): string => rootOf(fills.map(fillLeaf))

/** Null for a void order. */
export type Fill = { readonly pad: bigint; readonly fillWh: bigint } | null

export const fillLeaf = (fill: Fill): bigint =>
  fill === null ? voidLeaf : (fill.pad + fill.fillWh) % fieldOrder

/** In parts of 4,096 leaves, each full but the last; several parts' roots are hashed together. */
function rootOf(leaves: readonly bigint[]): string {
  const parts: bigint[] = []
  for (let from = 0; from === 0 || from < leaves.length; from += slots) {
    parts.push(partRoot(leaves.slice(from, from + slots)))
  }
  const [only = 0n] = parts
  return hexOf(parts.length === 1 ? only : poseidon2Hash(parts))
}

/** Roots of trees that hold nothing, by their height: most of a small set's tree is these. */
const emptyRoots: bigint[] = [0n]

function emptyRoot(height: number): bigint {
  const known = emptyRoots[height]
  if (known !== undefined) return known
  const root = poseidon2Hash(new Array<bigint>(children).fill(emptyRoot(height - 1)))
  emptyRoots[height] = root
  return root
}

function partRoot(leaves: readonly bigint[]): bigint {
  let nodes = leaves
  for (let height = 0; height < levels; height += 1) {
    const above: bigint[] = []
    for (let from = 0; from < nodes.length; from += children) {
      const group = nodes.slice(from, from + children)
      while (group.length < children) group.push(emptyRoot(height))
      above.push(poseidon2Hash(group))
    }
    nodes = above
  }
  return nodes[0] ?? emptyRoot(levels)
}

/** Where a leaf stands, and what it takes to compute the root from it. */
export type Path = {
  /** From 0, in the whole set. */
  readonly position: number
  /** From the leaf up: the fifteen other children of each node above it. */
  readonly siblings: readonly (readonly string[])[]
  /** Of all parts of the set. */
  readonly partRoots: readonly string[]
}

/** The root that a leaf and its path give; null where the path is none. */
export function rootAlong(leaf: bigint, { position, siblings, partRoots }: Path): string | null {
  const part = Math.floor(position / slots)
  let node = leaf
  let place = position % slots
  for (const others of siblings) {
    const group = others.map((one) => BigInt(one))
    group.splice(place % children, 0, node)
    if (group.length !== children) return null
    node = poseidon2Hash(group)
    place = Math.floor(place / children)
  }
  if (siblings.length !== levels || hexOf(node) !== partRoots[part]) return null
  return partRoots.length === 1 ? hexOf(node) : hexOf(poseidon2Hash(partRoots.map(BigInt)))
}

const keccak = (bytes: Uint8Array): Uint8Array => keccak_256(bytes)

const hexOf = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

const bytesOf = (value: bigint, length: number): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'))

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
