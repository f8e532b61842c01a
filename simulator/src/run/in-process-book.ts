import { type Command, type Opening, orderDigests, type State } from '@busbar/core/exchange'
import { bytesToHex, type Hex, hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import {
  commitmentOf,
  type ContextParts,
  contextOf,
  decodeOpening,
  encodeOpening,
  fillLeafOf,
  setPath,
  setRoot,
  voidLeaf,
} from '@busbar/protocols/sealed-orders'
import type { Exchange, IntervalOutcome, MarketPlan, OwnFill, Sealing } from './exchange-port.ts'

/** The only zone of a simulated market. */
const zone = 0
/** Where a ciphertext has a point before the opening, and a tag after it. */
const pointBytes = 48
const tagBytes = 16

/**
 * A sealed book without a committee: the opener is a stand-in whose ciphertext is the opening in
 * the clear, in the place and the size that it has in a real one. The openings of cleared intervals
 * are kept here, as a server keeps them in its journal.
 */
export class InProcessBook {
  readonly sealing: Sealing | null
  readonly #kept = new Map<string, Opening>()

  constructor(plan: MarketPlan) {
    this.sealing = plan.rulebook.orderBook === 'open' ? null : sealingOf(plan)
  }

  context(interval: number): Hex {
    if (this.sealing === null) throw new Error('an open book has no commitments')
    const parts: ContextParts = { ...this.sealing, interval }
    return contextOf(parts)
  }

  /** What opens the orders of a fixed set; undefined where there is nothing to open. */
  opening(state: State, interval: number): Command | undefined {
    const record = state.intervals.get(zone)?.get(interval)
    if (this.sealing === null || record === undefined) return undefined
    const openings = orderDigests(record).map((commitment) => {
      const order = record.sealed.get(commitment)
      const opening = order?.revealed?.opening ?? unsealed(order?.ciphertext ?? '')
      if (opening !== null) this.#kept.set(commitment, opening)
      return opening
    })
    if (record.status !== 'fixed') return undefined
    const isRevealed = [...record.sealed.values()].some(({ revealed }) => revealed !== null)
    const given = isRevealed ? [] : openings
    return { kind: 'open_orders', zone, interval, openings: given, evidence: '' }
  }

  setOf(state: State, interval: number): IntervalOutcome['sealedSet'] {
    const record = state.intervals.get(zone)?.get(interval)
    if (this.sealing === null || record === undefined) return undefined
    const { sealer: _sealer, ...place } = this.sealing
    const commitments = orderDigests(record)
    return {
      place: { ...place, interval },
      ordersRoot: setRoot(commitments),
      fillsRoot: setRoot(this.#fillLeaves(state, interval)),
      voidCount: record.voids.size,
      orders: commitments.map((commitment) => ({
        commitment,
        account: record.sealed.get(commitment)?.account ?? -1,
        opening: this.#kept.get(commitment) ?? null,
        voidReason: record.voids.get(commitment) ?? null,
      })),
    }
  }

  ownFills(state: State, interval: number, commitments: readonly Hex[]): readonly OwnFill[] {
    const record = state.intervals.get(zone)?.get(interval)
    if (record === undefined) return []
    const leaves = this.#fillLeaves(state, interval)
    const set = orderDigests(record)
    return commitments.map((commitment) => ({
      commitment,
      energyWh: Number(record.fills.get(commitment) ?? 0n),
      voidReason: record.voids.get(commitment) ?? null,
      path: setPath(leaves, set.indexOf(commitment)),
      fillsRoot: setRoot(leaves),
    }))
  }

  #fillLeaves(state: State, interval: number): readonly Hex[] {
    const record = state.intervals.get(zone)?.get(interval)
    if (record === undefined) return []
    const context = this.context(interval)
    return orderDigests(record).map((commitment) => {
      const opening = this.#kept.get(commitment)
      if (opening === undefined || record.voids.has(commitment)) return voidLeaf
      return fillLeafOf(context, opening, BigInt(record.fills.get(commitment) ?? 0n))
    })
  }
}

/** There is no chain, so the contract is none that exists. */
function sealingOf({ rulebook }: MarketPlan): Sealing {
  return {
    chainId: 31_337,
    intervalLog: `0x${'0'.repeat(40)}`,
    zone,
    rulebookHash: bytesToHex(keccak256(textToBytes(JSON.stringify(rulebook)))),
    sealer: () => (_commitment, opening) =>
      rulebook.orderBook === 'sealed-reveal' ? '0x' : sealed(opening),
  }
}

function sealed(opening: Opening): Hex {
  const plaintext = encodeOpening(opening)
  const bytes = new Uint8Array(pointBytes + plaintext.length + tagBytes)
  bytes.set(plaintext, pointBytes)
  return bytesToHex(bytes)
}

function unsealed(ciphertext: string): Opening | null {
  if (ciphertext === '') return null
  const bytes = hexToBytes(ciphertext, undefined, 'ciphertext')
  return decodeOpening(bytes.subarray(pointBytes, bytes.length - tagBytes)) ?? null
}

/** What the core is asked to do with sealed orders and reveals. */
export const commandsOf = {
  place: (order: Parameters<Exchange['submitSealedOrders']>[0][number]): Command => ({
    ...order,
    kind: 'place_sealed_order',
    // The core has no prefix where there is nothing.
    ciphertext: order.ciphertext === '0x' ? '' : order.ciphertext,
  }),
  reveal: (
    interval: number,
    { commitment, opening }: Parameters<Exchange['reveal']>[1][number],
  ): Command => ({ kind: 'reveal_order', zone, interval, commitment, opening }),
}

/** As the engine of the core asks for it. */
export const commitmentIn = (book: InProcessBook, interval: number, opening: Opening): string =>
  commitmentOf(book.context(interval), opening)
