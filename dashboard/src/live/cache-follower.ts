import type { BusbarClient } from '@busbar/client'
import type {
  AccountSeries,
  DeviceSeries,
  Market,
  Series,
  StreamEvent,
} from '@busbar/protocols/api'
import type { Query, QueryClient } from '@tanstack/react-query'
import { type DayRange, isInRange, withIntervals } from '../home/day.ts'
import { withDeviceIntervals } from '../home/devices.ts'
import { merged, pointsOf, type SeriesRange } from '../market/series-range.ts'
import { type Change, changesOf } from './changes.ts'
import { isTouched } from './touched.ts'

/** Events that come within this are one change: they come in groups. */
const gatherMs = 200

/**
 * As the `meta` of a query whose answer is put together from parts: reads the intervals that have
 * changed, and says what the answer is with them.
 */
export type InIntervals<Data> = {
  readonly readIntervals: (intervals: readonly number[]) => Promise<(data: Data) => Data>
}

/** What is asked for by the interval. */
type Reading = Pick<BusbarClient, 'series' | 'accountSeries' | 'devices'>

type IntervalChange = Extract<Change, { kind: 'interval' }>

/**
 * Keeps what was read in step with the stream: of a series it asks for the points that changed and
 * nothing else, of everything else only what a page shows at the moment. What is read is read once
 * for all changes that came together, and not again before its answer is there.
 */
export class CacheFollower {
  readonly #client: Reading
  readonly #cache: QueryClient
  #waiting: Change[] = []
  /** By query: what changed while its answer was on its way, and may not be in it. */
  #late: ReadonlyMap<string, readonly Change[]> = new Map()
  /** Series of which points are on their way. */
  readonly #reading = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #isPaused = false

  constructor(client: Reading, cache: QueryClient) {
    this.#client = client
    this.#cache = cache
  }

  hear(event: StreamEvent): void {
    this.take(changesOf(event))
  }

  take(changes: readonly Change[]): void {
    this.#waiting.push(...changes)
    if (changes.length > 0) this.#gather()
  }

  /** Does at once what is waiting; resolves when it is read. */
  async apply(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const changes = this.#waiting
    this.#waiting = []
    const [stale, late] = [new Set<string>(), new Map<string, readonly Change[]>()]
    const reads: Promise<void>[] = []
    for (const query of this.#cache.getQueryCache().getAll()) {
      const { queryHash } = query
      const missed = this.#late.get(queryHash) ?? []
      const touching = [...missed, ...changes].filter((change) => touches(query, change))
      if (touching.length === 0) continue
      if (this.#isUnderWay(query)) late.set(queryHash, touching)
      else if (isInParts(query, touching)) reads.push(this.#readParts(query, touching))
      else stale.add(queryHash)
    }
    this.#late = late
    if (late.size > 0) this.#gather()
    await Promise.all([...reads, this.#stale(stale)])
  }

  /** Nobody looks: what changes is kept until somebody does. */
  pause(): void {
    this.#isPaused = true
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  resume(): void {
    this.#isPaused = false
    if (this.#waiting.length > 0 || this.#late.size > 0) this.#gather()
  }

  #gather(): void {
    if (this.#isPaused) return
    this.#timer ??= setTimeout(() => void this.apply(), gatherMs)
  }

  #isUnderWay({ queryHash, state }: Query): boolean {
    return state.fetchStatus === 'fetching' || this.#reading.has(queryHash)
  }

  async #readParts(query: Query, changes: readonly IntervalChange[]): Promise<void> {
    const { queryHash, queryKey } = query
    const [name, of, range] = queryKey
    const intervals = changes.map(({ interval }) => interval)
    this.#reading.add(queryHash)
    try {
      const own = readerOf(query)
      if (own !== undefined) {
        const withThem = await own(intervals)
        this.#cache.setQueryData(queryKey, (data) => (data === undefined ? data : withThem(data)))
      } else if (name === 'series') {
        await this.#readPoints(query, of as SeriesRange, intervals)
      } else {
        const asked = spanIn(range as DayRange, intervals)
        if (name === 'devices') await this.#readDevices(query, of as number, asked)
        else await this.#readDay(query, of as number, asked)
      }
    } catch {
      // What could not be read now is old: the page shows so, and reads it when it can.
      await this.#stale(new Set([queryHash]))
    } finally {
      this.#reading.delete(queryHash)
    }
  }

  async #readPoints(
    { queryKey }: Query,
    range: SeriesRange,
    intervals: readonly number[],
  ): Promise<void> {
    const points = pointsOf(range, intervals)
    if (points === undefined) return
    const fresh = await this.#client.series(points)
    this.#cache.setQueryData<Series>(queryKey, (series) =>
      series === undefined ? undefined : merged(series, fresh),
    )
  }

  async #readDay({ queryKey }: Query, account: number, asked: DayRange): Promise<void> {
    const fresh = await this.#client.accountSeries(account, asked)
    this.#cache.setQueryData<AccountSeries>(queryKey, (day) =>
      day === undefined ? undefined : withIntervals(day, fresh, asked),
    )
  }

  async #readDevices(
    { queryKey, queryHash }: Query,
    account: number,
    asked: DayRange,
  ): Promise<void> {
    const fresh = await this.#client.devices.series(account, asked)
    const known = this.#cache.getQueryData<DeviceSeries>(queryKey)
    const day = known && withDeviceIntervals(known, fresh, asked)
    if (day === undefined) await this.#stale(new Set([queryHash]))
    else this.#cache.setQueryData<DeviceSeries>(queryKey, day)
  }

  /** Each of them is read once, if a page shows it. */
  async #stale(hashes: ReadonlySet<string>): Promise<void> {
    if (hashes.size === 0) return
    await this.#cache.invalidateQueries({ predicate: ({ queryHash }) => hashes.has(queryHash) })
  }
}

/** Of a day the intervals that changed, and those between. */
function spanIn(range: DayRange, all: readonly number[]): DayRange {
  const intervals = all.filter((interval) => isInRange(range, interval))
  const from = Math.min(...intervals)
  return { from, intervals: Math.max(...intervals) - from + 1 }
}

/** Whether it is a series that somebody looks at, and only some of its intervals have changed. */
function isInParts(query: Query, changes: readonly Change[]): changes is readonly IntervalChange[] {
  const { queryKey } = query
  const isSeries =
    queryKey[0] === 'series' || isDay(queryKey) || readerOf(query) !== undefined
  return isSeries && query.getObserversCount() > 0 && query.state.data !== undefined &&
    changes.every(({ kind }) => kind === 'interval')
}

const readerOf = ({ meta }: Query): InIntervals<unknown>['readIntervals'] | undefined =>
  (meta as Partial<InIntervals<unknown>> | undefined)?.readIntervals

/** What is known of an account by the interval, of a day. */
const isDay = ([name]: readonly unknown[]): boolean =>
  name === 'account-series' || name === 'devices'

function touches({ queryKey: key, state }: Query, change: Change): boolean {
  if (change.kind === 'notices' && isTouched(key, change)) {
    const known = state.data as { readonly lastSequence: number } | undefined
    return (known?.lastSequence ?? 0) < change.lastSequence
  }
  if (change.kind === 'interval' && key[0] === 'market') {
    return beginsRules(change, state.data as Market | undefined)
  }
  if (change.kind === 'interval' && key[0] === 'series') {
    const range = key[1] as SeriesRange
    return range.zone === change.zone && pointsOf(range, [change.interval]) !== undefined
  }
  if (change.kind === 'interval' && isDay(key)) {
    const isOfAccount = change.step !== 'committed' && change.step !== 'proven'
    return isOfAccount && isInRange(key[2] as DayRange, change.interval)
  }
  return isTouched(key, change)
}

/** The rules of an interval are those of the market from when the gate before it has closed. */
const beginsRules = ({ step, interval }: IntervalChange, market: Market | undefined): boolean =>
  step === 'fixed' &&
  market?.scheduledRulebooks.some(({ fromInterval }) => fromInterval <= interval + 1) === true
