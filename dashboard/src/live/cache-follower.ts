import type { BusbarClient } from '@busbar/client'
import type { AccountSeries, Series, StreamEvent } from '@busbar/protocols/api'
import type { QueryClient } from '@tanstack/react-query'
import { type DayRange, isInRange, withInterval } from '../home/day.ts'
import { merged, pointOf, type SeriesRange } from '../market/series-range.ts'
import { type Change, changesOf, together } from './changes.ts'
import { followDevices } from './device-follower.ts'
import { keys } from './keys.ts'

/** Events that come within this are one change: they come in groups. */
const gatherMs = 200

/** What is asked for by the interval. */
type Reading = Pick<BusbarClient, 'series' | 'accountSeries' | 'devices'>

/**
 * Keeps what was read in step with the stream: of a series it asks for the points that changed and
 * nothing else, of everything else only what a page shows at the moment.
 */
export class CacheFollower {
  readonly #client: Reading
  readonly #cache: QueryClient
  #waiting: Change[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(client: Reading, cache: QueryClient) {
    this.#client = client
    this.#cache = cache
  }

  hear(event: StreamEvent): void {
    this.#waiting.push(...changesOf(event))
    if (this.#waiting.length === 0) return
    this.#timer ??= setTimeout(() => void this.apply(), gatherMs)
  }

  /** Does at once what is waiting; resolves when it is read. */
  async apply(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const changes = together(this.#waiting)
    this.#waiting = []
    if (changes.some(({ kind }) => kind === 'everything')) {
      await this.#cache.invalidateQueries()
      return
    }
    await Promise.all(changes.map((change) => this.#follow(change)))
  }

  async #follow(change: Change): Promise<void> {
    switch (change.kind) {
      case 'interval':
        await this.#followInterval(change.zone, change.interval)
        return
      case 'market':
        await Promise.all([this.#stale(keys.market), this.#stale(keys.rulebooks)])
        return
      case 'account':
        await Promise.all([
          this.#stale(keys.account(change.account)),
          this.#stale(keys.statement(change.account)),
          this.#stale(keys.participants),
        ])
        return
      case 'proposals':
        await this.#stale(keys.proposals)
        return
      case 'everything':
        await this.#cache.invalidateQueries()
    }
  }

  async #followInterval(zone: number, interval: number): Promise<void> {
    const ranges = this.#cache
      .getQueryCache()
      .findAll({ queryKey: ['series'] })
      .map(({ queryKey }) => queryKey[1] as SeriesRange)
    await Promise.all([
      ...ranges.map((range) => this.#followSeries(range, zone, interval)),
      ...this.#days().map(([account, range]) => this.#followDay(account, range, interval)),
      followDevices(this.#client, this.#cache, interval),
      this.#stale(['standing']),
      this.#stale(keys.interval(zone, interval)),
      this.#stale(['intervals', zone]),
      this.#stale(keys.grid),
      this.#stale(['kpis']),
      // Trades, defaults and what is to be billed change with the intervals.
      this.#stale(['company']),
      this.#cache.invalidateQueries({
        predicate: ({ queryKey: [name, , of] }) =>
          (name === 'why' || name === 'own-interval') && of === interval,
      }),
    ])
  }

  async #followSeries(range: SeriesRange, zone: number, interval: number): Promise<void> {
    const point = range.zone === zone ? pointOf(range, interval) : undefined
    if (point === undefined) return
    const key = keys.series(range)
    // Nobody looks at it: it is read again as a whole when somebody does.
    if (this.#cache.getQueryCache().find({ queryKey: key })?.getObserversCount() === 0) {
      await this.#stale(key)
      return
    }
    try {
      const fresh = await this.#client.series(point)
      this.#cache.setQueryData<Series>(key, (series) =>
        series === undefined ? undefined : merged(series, fresh),
      )
    } catch {
      // What could not be read now is old: the page shows so, and reads it when it can.
      await this.#stale(key)
    }
  }

  #days(): readonly (readonly [account: number, range: DayRange])[] {
    return this.#cache
      .getQueryCache()
      .findAll({ queryKey: ['account-series'] })
      .map(({ queryKey: [, account, range] }) => [account as number, range as DayRange])
  }

  /** As with a series of the market: of a day the interval that changed. */
  async #followDay(account: number, range: DayRange, interval: number): Promise<void> {
    if (!isInRange(range, interval)) return
    const key = keys.accountSeries(account, range)
    if (this.#cache.getQueryCache().find({ queryKey: key })?.getObserversCount() === 0) {
      await this.#stale(key)
      return
    }
    try {
      const fresh = await this.#client.accountSeries(account, { from: interval, intervals: 1 })
      this.#cache.setQueryData<AccountSeries>(key, (day) =>
        day === undefined ? undefined : withInterval(day, fresh, interval),
      )
    } catch {
      // As above.
      await this.#stale(key)
    }
  }

  #stale(queryKey: readonly unknown[]): Promise<void> {
    return this.#cache.invalidateQueries({ queryKey })
  }
}
