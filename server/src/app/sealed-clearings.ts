import { assert } from '@busbar/core/errors'
import { type IntervalRecord, type Opening, rulebookFor, type State } from '@busbar/core/exchange'
import { sealedClearingLeaves } from '@busbar/protocols/commitments'
import type { Hex } from '@busbar/protocols/hash'
import { fillLeaf, packHeader, setRoot, SetTree, voidLeaf } from '@busbar/protocols/sealed-orders'
import { RegistryIndex } from './audit/registry-index.ts'
import { voidGrounds } from './audit/void-grounds.ts'
import { ordersRoot, rootOf, voidReasonLeaves } from './commitments.ts'
import { committed, contextFor, type SealedPlace } from './engines.ts'
import {
  commitmentsOf,
  type JournalledOpenings,
  journalledOpenings,
} from './opening/journalled-openings.ts'
import type { Journal } from './ports/journal.ts'
import type { ProofStatement } from './ports/proving.ts'
import type { Vault } from './ports/vault.ts'
import type { VoidGrounds } from './ports/void-grounds.ts'

/** What the clearing of a sealed book says to everybody. */
export type SealedClearing = {
  /** What a proof of it proves. */
  readonly statement: ProofStatement
  /** The keccak root of price and energy, `statement.fillsRoot` and `voidsRoot`. */
  readonly clearingRoot: Hex
  /** The keccak root of the void orders with their reasons, of which the circuit knows nothing. */
  readonly voidsRoot: Hex
  /** What each order got, hidden from all but its owner, by ascending commitment. */
  readonly fillLeaves: readonly Hex[]
}

/** Cleared once and never changed again. */
const known = new WeakMap<IntervalRecord, SealedClearing>()

/** @param openings of every order that is not void, as they were opened */
export function sealedClearing(
  place: SealedPlace,
  state: State,
  record: IntervalRecord,
  openings: ReadonlyMap<string, Opening>,
): SealedClearing {
  const before = known.get(record)
  if (before !== undefined) return before
  assert(record.openedSequence >= 0, 'the interval is cleared')
  const { zone, interval, voids, fills } = record
  const where = { zone, interval, rulebook: rulebookFor(state, interval) }
  const fillLeaves = commitmentsOf(record).map((commitment) => {
    if (voids.has(commitment)) return voidLeaf
    const opening = openings.get(commitment)
    assert(opening !== undefined, 'an order that is not void was opened')
    return fillLeaf(committed(place, where, opening).pad, fills.get(commitment) ?? 0n)
  })
  const fillsRoot = setRoot(fillLeaves)
  const voidsRoot = rootOf(voidReasonLeaves(record).map(({ leaf }) => leaf))
  const clearing = {
    statement: {
      context: contextFor(place, where),
      ordersRoot: ordersRoot(state, record),
      fillsRoot,
      header: packHeader({
        orderCount: record.orderCount,
        voidCount: voids.size,
        priceMicrosPerKwh: record.price === null ? null : Number(record.price),
        energyWh: Number(record.energy),
      }),
    },
    clearingRoot: rootOf(sealedClearingLeaves(record, record, { fillsRoot, voidsRoot })),
    voidsRoot,
    fillLeaves,
  }
  known.set(record, clearing)
  return clearing
}

/**
 * Clearings of sealed books, also those of before the server started: from the sealed entries of
 * the journal, because the state keeps nothing of the orders. One after the other, so that whoever
 * asks for many keeps nobody else waiting.
 */
export class SealedClearings {
  readonly #journal: Journal
  readonly #registry: RegistryIndex
  readonly #vault: Vault
  readonly #place: SealedPlace
  #last: Promise<unknown> = Promise.resolve()
  /** The trees that were asked for last: each has half as many nodes as orders. */
  readonly #trees = new Map<object, SetTree>()

  constructor(journal: Journal, vault: Vault, place: SealedPlace) {
    this.#journal = journal
    this.#registry = new RegistryIndex(journal)
    this.#vault = vault
    this.#place = place
  }

  /** What was opened. Faults: those of `Vault.open`. */
  opened(record: IntervalRecord): Promise<JournalledOpenings> {
    return journalledOpenings(this.#journal, this.#vault, record)
  }

  /** Faults: those of `Vault.open`. */
  of(state: State, record: IntervalRecord): Promise<SealedClearing> {
    const before = known.get(record)
    if (before !== undefined) return Promise.resolve(before)
    const next = this.#last.then(async () => {
      const { openings } = await this.opened(record)
      return sealedClearing(this.#place, state, record, openings)
    })
    this.#last = next.catch(() => undefined)
    return next
  }

  /** By what the reasons of its voids can be judged. */
  grounds(
    state: State,
    record: IntervalRecord,
    openings: ReadonlyMap<string, Opening>,
  ): Promise<VoidGrounds> {
    const [journal, registry] = [this.#journal, this.#registry]
    return voidGrounds(state, record, openings, { journal, registry })
  }

  /** Over the commitments of a fixed set. */
  ordersTree(record: IntervalRecord): SetTree {
    return this.#tree(record, () => commitmentsOf(record))
  }

  /** Over what each order got. */
  fillsTree({ fillLeaves }: SealedClearing): SetTree {
    return this.#tree(fillLeaves, () => fillLeaves)
  }

  #tree(of: object, leaves: () => readonly string[]): SetTree {
    const tree = this.#trees.get(of) ?? new SetTree(leaves())
    // The newest last, so that the first is the one that nobody has asked for longest.
    this.#trees.delete(of)
    this.#trees.set(of, tree)
    const [oldest] = this.#trees.keys()
    if (this.#trees.size > treesMax && oldest !== undefined) this.#trees.delete(oldest)
    return tree
  }
}

const treesMax = 16
