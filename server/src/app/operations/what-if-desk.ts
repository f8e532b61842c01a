import {
  type Engine,
  type IntervalRecord,
  type Opening,
  type OpenOrder,
  rulebookFor,
  type State,
  whatIf,
  type WhatIf,
} from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { WhatIfAnswer } from '@busbar/protocols/api'
import { rulebookHash } from '../commitments.ts'

export type WhatIfParts = {
  readonly state: () => State
  readonly engine: Engine
  /** What stands behind the commitments of a sealed book. */
  readonly opened: (
    record: IntervalRecord,
  ) => Promise<{ readonly openings: ReadonlyMap<string, Opening> }>
}

type Row = WhatIfAnswer['intervals'][number]

type Job = {
  readonly zone: number
  state: WhatIfAnswer['state']
  total: number
  readonly rows: Row[]
  readonly differences: Map<number, bigint>
}

/** So many answers are kept; an older one is worked out no further, and anew if asked again. */
const jobsKept = 4

/** The accounts whose money differs most are named. */
const accountsShown = 20

/**
 * Works out what the intervals that the state still has would have come to by another rulebook. It
 * shares its thread with the market: after each interval it rests for as long as that took, and
 * only one question is worked on at a time. Nothing of the market is changed.
 */
export class WhatIfDesk {
  readonly #parts: WhatIfParts
  readonly #jobs = new Map<string, Job>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: WhatIfParts) {
    this.#parts = parts
  }

  /** As far as it is; the same question again is the same answer, further on. */
  ask(zone: number, rulebook: Rulebook): WhatIfAnswer {
    const key = `${zone}/${rulebookHash(rulebook)}`
    return answerOf(this.#jobs.get(key) ?? this.#begin(key, zone, rulebook))
  }

  #begin(key: string, zone: number, rulebook: Rulebook): Job {
    const records = [...(this.#parts.state().intervals.get(zone)?.values() ?? [])]
      .filter(({ status }) => status === 'provisional' || status === 'final')
      .sort((a, b) => a.interval - b.interval)
    const job: Job = {
      ...{ zone, state: 'running', total: records.length },
      ...{ rows: [], differences: new Map() },
    }
    this.#jobs.set(key, job)
    for (const oldest of this.#jobs.keys()) {
      if (this.#jobs.size <= jobsKept) break
      this.#jobs.delete(oldest)
    }
    this.#last = this.#last
      .then(() => this.#work(job, records, rulebook, () => this.#jobs.get(key) === job))
      .then(() => void (job.state = 'done'), () => void (job.state = 'failed'))
    return job
  }

  async #work(
    job: Job,
    records: readonly IntervalRecord[],
    rulebook: Rulebook,
    isWanted: () => boolean,
  ): Promise<void> {
    const { engine } = this.#parts
    for (const record of records) {
      if (!isWanted()) return
      const orders = await this.#ordersOf(record)
      const state = this.#parts.state()
      const begun = performance.now()
      const own = whatIf(state, record, orders, rulebookFor(state, record.interval), engine)
      const other = whatIf(state, record, orders, rulebook, engine)
      job.rows.push(rowOf(record, own, other))
      for (const [account, amount] of differencesOf(own, other)) {
        job.differences.set(account, (job.differences.get(account) ?? 0n) + amount)
      }
      const tookMs = performance.now() - begun
      await new Promise((resolve) => setTimeout(resolve, tookMs))
    }
  }

  async #ordersOf(record: IntervalRecord): Promise<readonly OpenOrder[]> {
    if (record.sealed.size === 0) return [...record.orders.values()].flat()
    const { openings } = await this.#parts.opened(record)
    return [...record.sealed.values()].flatMap(({ id, commitment, account, sequence }) => {
      const opening = openings.get(commitment)
      if (opening === undefined || record.voids.has(commitment)) return []
      return [{
        ...{ id, digest: commitment, account, sequence },
        ...{ meter: opening.meter, side: opening.side },
        energy: WattHours.from(BigInt(opening.energyWh)),
        limit: MicrosPerKwh.from(BigInt(opening.limitMicrosPerKwh)),
      }]
    })
  }
}

const differencesOf = (own: WhatIf, other: WhatIf): readonly (readonly [number, bigint])[] =>
  [...new Set([...own.net.keys(), ...other.net.keys()])].flatMap((account) => {
    const difference = (other.net.get(account) ?? 0n) - (own.net.get(account) ?? 0n)
    return difference === 0n ? [] : [[account, difference] as const]
  })

/** Numbers of these are of one interval, or of as many as the state has: a double holds them. */
const inJson = (value: bigint): number => Number(value)

const sideOf = ({ price, energy }: WhatIf): Row['own'] => ({
  priceMicrosPerKwh: price === null ? null : inJson(price), energyWh: inJson(energy),
})

function rowOf({ interval }: IntervalRecord, own: WhatIf, other: WhatIf): Row {
  const gained = differencesOf(own, other).reduce(
    (sum, [, amount]) => (amount > 0n ? sum + amount : sum), 0n,
  )
  return {
    ...{ interval, own: sideOf(own), other: sideOf(other), refusedOrders: other.refused },
    movedMicros: inJson(gained),
  }
}

const sizeOf = (amount: bigint): bigint => (amount < 0n ? -amount : amount)

function answerOf({ zone, state, total, rows, differences }: Job): WhatIfAnswer {
  const most = [...differences]
    .filter(([, amount]) => amount !== 0n)
    .sort(([, a], [, b]) => (sizeOf(b) > sizeOf(a) ? 1 : -1))
    .slice(0, accountsShown)
  return {
    ...{ zone, state, done: rows.length, total, intervals: [...rows] },
    accounts: most.map(([account, amount]) => ({ account, differenceMicros: inJson(amount) })),
  }
}
