import {
  gateOf,
  type IntervalRecord,
  recordOf,
  rulebookFor,
  type State,
  zoneKey,
} from '@busbar/core/exchange'
import type { Lane, Told } from '../lane.ts'
import type { ChainInterval, SettlementChain } from '../ports/chain.ts'
import type { Clock } from '../ports/clock.ts'

/** Each is a question to the node, several times a second. */
const askedInTurnMax = 4
/** Of those that are proven: nearly always the answer is no news. */
const provenAskedInTurnMax = 2

type Place = { readonly zone: number; readonly interval: number }

/**
 * Books what the chain says of the proofs of clearings: proven, faulty, or not there in time.
 *
 * Anybody may prove a clearing on the chain, so the chain is asked and not only our own
 * transactions: those that are expected at once, the others in turn. A fault may be shown of what
 * is proven too: that is asked about in turn as long as it is in the state, which is as long as an
 * order may be demanded.
 */
export class ProofWatch {
  readonly #lane: Lane
  readonly #clock: Clock
  readonly #chain: SettlementChain
  /** Cleared, and not proven, by zone and interval; in the order in which they are asked about. */
  readonly #unproven = new Map<string, Place>()
  /** The same of what is proven. */
  readonly #proven = new Map<string, Place>()
  /** Final: there is nothing to ask about any more. */
  readonly #faulty = new Set<string>()
  readonly #expected = new Set<string>()

  constructor(lane: Lane, clock: Clock, chain: SettlementChain) {
    this.#lane = lane
    this.#clock = clock
    this.#chain = chain
    for (const zoneIntervals of lane.state.intervals.values()) {
      for (const record of zoneIntervals.values()) this.#keep(record)
    }
  }

  /** How many cleared intervals have no proof, those shown to be faulty among them. */
  get unproven(): number {
    return this.#unproven.size + this.#faulty.size
  }

  /** Keeps count of what waits, from what became durable. */
  hear(told: readonly Told[]): void {
    for (const { effect } of told) {
      if (effect.kind !== 'interval_cleared' && effect.kind !== 'interval_proven') continue
      const record = recordOf(this.#lane.state, effect.zone, effect.interval)
      if (record !== undefined) this.#keep(record)
    }
  }

  /** A transaction became final; where it proves an interval, that is asked about next. */
  hearFinal(id: string): void {
    const [purpose, zone, interval] = id.split('/')
    if (purpose === 'prove') this.#expected.add(zoneKey(Number(zone), Number(interval)))
  }

  /**
   * Asks the chain about what is expected and some others, and books what is news; then what is
   * overdue by the market's clock. Faults: those of the chain.
   */
  async record(): Promise<void> {
    const others = [...this.#unproven.keys()].filter((key) => !this.#expected.has(key))
    const keys = [...this.#expected, ...others.slice(0, askedInTurnMax)]
    // Taken before those are asked, so that what becomes proven now is not asked about twice.
    const proven = [...this.#proven.keys()].slice(0, provenAskedInTurnMax)
    for (const key of keys) {
      this.#expected.delete(key)
      await this.#ask(this.#unproven, key)
    }
    for (const key of proven) await this.#ask(this.#proven, key)
    this.#recordOverdue()
  }

  async #ask(places: Map<string, Place>, key: string): Promise<void> {
    const place = places.get(key)
    if (place === undefined) return
    if (recordOf(this.#lane.state, place.zone, place.interval) === undefined) {
      // So old that nothing depends on it any more.
      places.delete(key)
      return
    }
    const found = await this.#chain.interval(place.zone, place.interval)
    const said = found && saidOf(found)
    const isNews = places === this.#unproven || said?.state === 'faulty'
    if (said !== undefined && isNews) this.#submit(place, said.state, said.reference)
    // To the end of the turn, if it still waits.
    if (places.delete(key)) places.set(key, place)
  }

  #recordOverdue(): void {
    const { state } = this.#lane
    const now = this.#clock.now()
    for (const place of this.#unproven.values()) {
      const record = recordOf(state, place.zone, place.interval)
      if (record?.proof !== 'awaited' || now < proofDueMs(state, place.interval)) continue
      this.#submit(place, 'overdue', 'deadline')
    }
  }

  /** Whatever is no news is refused by the core, and changes nothing. */
  #submit(place: Place, state: 'proven' | 'faulty' | 'overdue', reference: string): void {
    this.#lane.applyNow({ kind: 'record_proof', ...place, state, reference })
  }

  #keep({ zone, interval, proof }: IntervalRecord): void {
    const key = zoneKey(zone, interval)
    const waits = proof === 'awaited' || proof === 'overdue'
    if (!waits) this.#unproven.delete(key)
    else if (!this.#unproven.has(key)) this.#unproven.set(key, { zone, interval })
    if (proof !== 'proven') this.#proven.delete(key)
    else if (!this.#proven.has(key)) this.#proven.set(key, { zone, interval })
    if (proof === 'faulty') this.#faulty.add(key)
  }
}

/** From when on the rulebook calls the proof of an interval overdue, milliseconds UTC. */
export const proofDueMs = (state: State, interval: number): number =>
  gateOf(state, interval) + rulebookFor(state, interval).proofDeadlineSeconds * 1_000

/**
 * What the journal is told. An auditor that cleared again from the opened orders and came to the
 * same stands in for the proof. Being overdue is judged by the market's clock, not the chain's.
 *
 * The transaction is not named: a proof is blinded by chance, so its transaction is another one
 * each time, and the same market would end in another state. The outbox and the chain know it.
 */
function saidOf({ status: reference }: ChainInterval):
  | { readonly state: 'proven' | 'faulty'; readonly reference: string }
  | undefined {
  if (reference === 'proven' || reference === 'reexecuted') return { state: 'proven', reference }
  return reference === 'faulty' ? { state: 'faulty', reference } : undefined
}
