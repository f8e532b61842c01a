import { canonicalJson } from '@busbar/core/encoding'
import { assert } from '@busbar/core/errors'
import {
  type Accepted,
  apply,
  type Command,
  type Effect,
  type Engine,
  type IntervalRecord,
  type Opening,
  type Outcome,
  type Rejected,
  type State,
} from '@busbar/core/exchange'
import { tallyOfEffect } from './books/tallies.ts'
import { chainEffectOf } from './chain-effects.ts'
import { placeOf } from './engines.ts'
import { chainEntries, type EntryDraft } from './journal-chain.ts'
import { noticesOf } from './notices/notice-table.ts'
import { RecentTimes } from './operations/recent-times.ts'
import { openingsBefore } from './opening/journalled-openings.ts'
import type { ChainEffect, SettlementChain } from './ports/chain.ts'
import type { Clock } from './ports/clock.ts'
import type { JournalEnd } from './ports/journal.ts'
import type { JournalledNotice } from './ports/notices.ts'
import type { OutboxDraft } from './ports/outbox.ts'
import type { Store } from './ports/store.ts'
import type { Tally } from './ports/tallies.ts'
import type { Vault } from './ports/vault.ts'
import { type SealedClearing, sealedClearing } from './sealed-clearings.ts'
import { lockedVault, storedBody } from './sealing.ts'

/** An effect with the place of its command in the journal. */
export type Told = {
  readonly sequence: number
  readonly at: number
  /** When the server began with the command: `performance.now()`, for measuring only. */
  readonly begunMs: number
  readonly effect: Effect
}

/**
 * Called with durable effects, in the order of the journal, the transactions queued for them, and
 * the accounts that notices were written for.
 */
export type Tell = (
  told: readonly Told[],
  queued: readonly string[],
  noticed: ReadonlySet<number>,
) => void

type SequencedEffect = {
  readonly sequence: number
  readonly at: number
  readonly effect: ChainEffect
}

const noOpenings: ReadonlyMap<string, Opening> = new Map()

/** All that a writer asks of the chain: what its transactions say, and where. */
export type LaneChain = Pick<SettlementChain, 'deployment' | 'encode'>

type Waiting = { readonly resolve: () => void; readonly reject: (reason: unknown) => void }

/**
 * The single writer of a market: applies commands one after the other and makes them durable.
 *
 * A command is applied in memory at once; its answer and its effects wait until it is in the
 * journal, together with the chain transactions and notices that follow from it. While one batch is
 * written the next collects: the slower the disk, the larger the batch. If a write fails its
 * outcome is unknown, so the lane breaks for good, and the process starts again from the journal.
 */
export class Lane {
  readonly state: State
  /** How long the newest batches took to be on disk. */
  readonly commits = new RecentTimes(200)
  readonly #store: Store
  readonly #chain: LaneChain
  readonly #clock: Clock
  readonly #engine: Engine
  readonly #vault: Vault
  readonly #tell: Tell
  readonly #onBroken: (error: Error) => void
  #end: JournalEnd
  #drafts: EntryDraft[] = []
  #chainEffects: SequencedEffect[] = []
  #notices: JournalledNotice[] = []
  #tallies: Tally[] = []
  #told: Told[] = []
  #waiting: Waiting[] = []
  #writing: Promise<void> | undefined
  #broken: Error | undefined

  constructor(parts: {
    readonly state: State
    readonly end: JournalEnd
    readonly store: Store
    readonly chain: LaneChain
    readonly clock: Clock
    readonly engine: Engine
    /** Seals what the journal must not tell; without one nothing of that kind is taken. */
    readonly vault?: Vault
    readonly tell: Tell
    /** Told once, when the lane breaks: only a new process can go on. */
    readonly onBroken?: (error: Error) => void
  }) {
    this.state = parts.state
    this.#end = parts.end
    this.#store = parts.store
    this.#chain = parts.chain
    this.#clock = parts.clock
    this.#engine = parts.engine
    this.#vault = parts.vault ?? lockedVault
    this.#tell = parts.tell
    this.#onBroken = parts.onBroken ?? (() => undefined)
  }

  get waiting(): number {
    return this.#waiting.length
  }

  /** Why the lane no longer takes commands, if it does not. */
  get broken(): Error | undefined {
    return this.#broken
  }

  /** Resolves with the outcome once it, and all that it rests on, is durable. */
  async submit(command: Command): Promise<Outcome> {
    const outcome = this.applyNow(command)
    await this.durable()
    return outcome
  }

  /**
   * Applies a command without waiting. Nothing may be answered before `durable` has resolved: also
   * a rejection may rest on a command that is not on disk yet.
   */
  applyNow(command: Command): Outcome {
    if (this.#broken !== undefined) throw this.#broken
    const begunMs = performance.now()
    const at = Math.max(this.#clock.now(), this.state.at)
    const sequence = this.state.sequence + 1
    let applied: { outcome: Accepted | Rejected; effects: readonly Effect[] }
    try {
      // The clearing forgets what the orders were, and what the chain is told still needs it.
      const openings =
        command.kind === 'open_orders' ? openingsBefore(this.state, command) : noOpenings
      applied = apply(this.state, { sequence, at, command }, this.#engine)
      if (applied.outcome.kind === 'accepted' && !applied.outcome.repeated) {
        this.#collect({ sequence, at, begunMs, command, openings, effects: applied.effects })
      }
    } catch (error) {
      // A broken invariant leaves the state in doubt: it must not be built upon, nor written.
      this.#break(error)
      throw error
    }
    return applied.outcome
  }

  #collect(applied: {
    readonly sequence: number
    readonly at: number
    readonly begunMs: number
    readonly command: Command
    readonly openings: ReadonlyMap<string, Opening>
    readonly effects: readonly Effect[]
  }): void {
    const { sequence, at, begunMs, command, openings, effects } = applied
    assert(this.state.sequence === sequence, 'an accepted command takes its place in the journal')
    const { kind } = command
    const body = storedBody(this.#vault, kind, sequence, canonicalJson(command))
    this.#drafts.push({ at, kind, body })
    const clearingOf = (record: IntervalRecord): SealedClearing =>
      sealedClearing(placeOf(this.#chain.deployment), this.state, record, openings)
    // What two effects of one command have left alike is told once: a default that collateral cures
    // as it comes is opened and cured, and all that anybody can read of it is that it was.
    const said = new Set<string>()
    for (const effect of effects) {
      this.#told.push({ sequence, at, begunMs, effect })
      const chainEffect = chainEffectOf(this.state, effect, clearingOf)
      if (chainEffect !== undefined) this.#chainEffects.push({ sequence, at, effect: chainEffect })
      const tally = tallyOfEffect(this.state, effect)
      if (tally !== undefined) this.#tallies.push(tally)
      for (const { account, subject, kind, data } of noticesOf(this.state, effect)) {
        const notice = {
          ...{ account, subject, kind, journalSequence: sequence, at, body: canonicalJson(data) },
        }
        const words = canonicalJson([account, subject, kind, notice.body])
        if (said.has(words)) continue
        said.add(words)
        this.#notices.push(notice)
      }
    }
  }

  /** Resolves when everything applied until now is on disk. */
  durable(): Promise<void> {
    // Nobody writes any more what a broken lane still holds: who waited for it would wait for ever.
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    if (this.#drafts.length === 0 && this.#writing === undefined) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#writing ??= this.#write()
    })
  }

  async #write(): Promise<void> {
    // One turn of the event loop lets the requests that are already here into the same batch.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0 && this.#broken === undefined) {
      const entries = chainEntries(this.#end, this.#drafts)
      const [effects, told, waiting] = [this.#chainEffects, this.#told, this.#waiting]
      const [notices, tallies] = [this.#notices, this.#tallies]
      this.#drafts = []
      this.#chainEffects = []
      this.#notices = []
      this.#tallies = []
      this.#told = []
      this.#waiting = []
      try {
        const outbox = outboxOf(effects, this.#chain)
        const begunMs = performance.now()
        if (entries.length > 0) {
          await this.#store.commit({ entries, outbox, notices, tallies })
          this.commits.add(performance.now() - begunMs)
        }
        const last = entries.at(-1)
        if (last !== undefined) this.#end = { sequence: last.sequence, hash: last.hash }
        const noticed = new Set(notices.map(({ account }) => account))
        this.#tell(told, outbox.map(({ id }) => id), noticed)
        for (const { resolve } of waiting) resolve()
      } catch (error) {
        const broken = this.#break(error)
        for (const { reject } of waiting) reject(broken)
      }
    }
    this.#writing = undefined
  }

  #break(error: unknown): Error {
    const broken = error instanceof Error ? error : new Error(String(error))
    this.#broken = broken
    for (const { reject } of this.#waiting.splice(0)) reject(broken)
    this.#onBroken(broken)
    return broken
  }

  /** The end of the journal as written. */
  get end(): JournalEnd {
    return this.#end
  }
}

/** The transactions of one batch of commands. Admissions that follow one another share theirs. */
function outboxOf(effects: readonly SequencedEffect[], chain: LaneChain): OutboxDraft[] {
  const merged: SequencedEffect[] = []
  for (const next of effects) {
    const last = merged.at(-1)
    if (last?.effect.kind === 'admit' && next.effect.kind === 'admit') {
      const participants = [...last.effect.participants, ...next.effect.participants]
      merged[merged.length - 1] = { ...next, effect: { kind: 'admit', participants } }
    } else merged.push(next)
  }
  return merged.flatMap(({ effect, sequence, at }) =>
    chain.encode(effect).map((call) => ({
      ...call,
      id: repeatable.has(effect.kind) ? `${call.id}/${sequence}` : call.id,
      journalSequence: sequence,
      queuedAt: at,
    })),
  )
}

/** What may rightly be done to the same account again: each time is another transaction. */
const repeatable: ReadonlySet<ChainEffect['kind']> = new Set([
  'suspend', 'reinstate', 'replace_key',
])
