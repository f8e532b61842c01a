/**
 * Goal: what a page has read stays in step with the stream, without asking for more than changed;
 * a connection that was lost goes on after the last event; time is the market's.
 * Method: a stream and a server by hand over the real cache; every kind of event by table.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { EventOptions, ReceivedEvent } from '@busbar/client'
import {
  type AccountSeries,
  type DeviceSeries,
  type Series,
  type StreamEvent,
  streamEvents,
} from '@busbar/protocols/api'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { CacheFollower } from './cache-follower.ts'
import { changesOf, type Step } from './changes.ts'
import { keys } from './keys.ts'
import { LiveStore, openingMs } from './live-store.ts'

const txHash = `0x${'1'.repeat(64)}`
const place = { zone: 0, interval: 105 }
const interval = (step: Step) => ({ kind: 'interval', step, ...place })

const events: { [Name in StreamEvent['name']]: Extract<StreamEvent, { name: Name }>['data'] } = {
  clock: { nowMs: 1, interval: 1 },
  orders_fixed: { ...place, orderCount: 2 },
  interval_proven: { ...place, state: 'proven' },
  committee_appointed: { fromInterval: 1 },
  interval_cleared: { ...place, priceMicrosPerKwh: 1, energyWh: 1 },
  run_posted: { ...place, run: 0, runKind: 'provisional' },
  interval_committed: { ...place, txHash },
  run_final: { ...place, run: 0, txHash },
  deposit: { account: 7, amountMicros: 1 },
  withdrawal: { account: 7, amountMicros: 1 },
  participant_admitted: { account: 7 },
  participant_suspended: { account: 7 },
  participant_reinstated: { account: 7 },
  proposal_changed: { proposal: 2, status: 'open' },
  withdrawal_final: { account: 7, txHash },
  board_changed: { offer: 3 },
  notices_written: { account: 7, lastSequence: 9 },
  rulebook_scheduled: { fromInterval: 1 },
  stream_reset: { reason: 'history_unavailable' },
}

const eventOf = (name: keyof typeof events): StreamEvent =>
  ({ name, data: events[name] }) as StreamEvent

const wanted: Readonly<Record<StreamEvent['name'], readonly unknown[]>> = {
  clock: [],
  orders_fixed: [interval('fixed')],
  interval_proven: [interval('proven')],
  interval_cleared: [interval('cleared')],
  run_posted: [interval('posted')],
  interval_committed: [interval('committed')],
  run_final: [interval('final')],
  committee_appointed: [{ kind: 'market' }],
  rulebook_scheduled: [{ kind: 'market' }],
  deposit: [{ kind: 'money', account: 7 }],
  withdrawal: [{ kind: 'money', account: 7 }],
  withdrawal_final: [{ kind: 'money', account: 7 }],
  participant_admitted: [{ kind: 'participant', account: 7 }],
  participant_suspended: [{ kind: 'participant', account: 7 }],
  proposal_changed: [{ kind: 'proposals' }],
  participant_reinstated: [{ kind: 'participant', account: 7 }],
  board_changed: [{ kind: 'board' }],
  notices_written: [{ kind: 'notices', account: 7, lastSequence: 9 }],
  stream_reset: [{ kind: 'everything' }],
}

describe('changes', () => {
  for (const name of Object.keys(streamEvents) as StreamEvent['name'][]) {
    test(name, () => deepEqual(changesOf(eventOf(name)), wanted[name]))
  }
})

const seriesOf = (intervals: readonly number[], tradedWh: number): Series => ({
  ...{ zone: 0, step: 1, interval: [...intervals] },
  status: intervals.map(() => 'cleared'),
  proof: intervals.map(() => 'awaited'),
  priceMicrosPerKwh: intervals.map(() => 1),
  tradedWh: intervals.map(() => tradedWh),
  ...{ injectedWh: intervals.map(() => null), consumedWh: intervals.map(() => null) },
  selfSuppliedWh: intervals.map(() => null),
  ...{ orderCount: intervals.map(() => 1), voidCount: intervals.map(() => 0) },
  estimatedMeterCount: intervals.map(() => 0),
  correctionCount: intervals.map(() => 0),
})

const emptyDay: AccountSeries = {
  account: 7,
  ...{ interval: [], status: [], isEstimated: [], correctionCount: [], priceMicrosPerKwh: [] },
  ...{ importedWh: [], exportedWh: [], boughtWh: [], soldWh: [], tradeBoughtWh: [] },
  ...{ tradeSoldWh: [], bookedMicros: [], worthMicros: [], tariffMicros: [], deliveries: [] },
}

describe('the follower', () => {
  const range = { zone: 0, from: 100, points: 10, step: 1 }

  function following(answer: () => Promise<Series>) {
    const asked: unknown[] = []
    const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
    const client = {
      series: (query: unknown) => {
        asked.push(query)
        return answer()
      },
    }
    const follower = new CacheFollower(client as never, cache)
    cache.setQueryData(keys.series(range), seriesOf([104, 105], 1))
    const observer = new QueryObserver(cache, { queryKey: keys.series(range) })
    const leave = observer.subscribe(() => undefined)
    return { asked, cache, follower, leave }
  }

  test('asks for the one point that changed, once for several events', async () => {
    const { asked, cache, follower } = following(async () => seriesOf([105], 9))
    follower.hear(eventOf('interval_cleared'))
    follower.hear(eventOf('run_posted'))
    await follower.apply()
    deepEqual(asked, [{ ...range, from: 105, points: 1 }])
    deepEqual(cache.getQueryData<Series>(keys.series(range))?.tradedWh, [1, 9])
  })

  test('leaves a series of another zone or time alone', async () => {
    const { asked, follower } = following(async () => seriesOf([105], 9))
    follower.hear({ name: 'orders_fixed', data: { zone: 1, interval: 105, orderCount: 1 } })
    follower.hear({ name: 'orders_fixed', data: { zone: 0, interval: 99, orderCount: 1 } })
    await follower.apply()
    deepEqual(asked, [])
  })

  test('marks old what it could not read, and what nobody looks at', async () => {
    const failing = following(() => Promise.reject(new Error('away')))
    failing.follower.hear(eventOf('run_final'))
    await failing.follower.apply()
    const state = failing.cache.getQueryState(keys.series(range))
    equal(state?.isInvalidated, true)
    const unseen = following(async () => seriesOf([105], 9))
    unseen.leave()
    unseen.follower.hear(eventOf('run_final'))
    await unseen.follower.apply()
    deepEqual(unseen.asked, [])
    equal(unseen.cache.getQueryState(keys.series(range))?.isInvalidated, true)
  })

  test('asks for the one interval of a day that changed', async () => {
    const day = { from: 100, intervals: 10 }
    const { cache } = following(async () => seriesOf([], 1))
    const asked: unknown[] = []
    const client = {
      series: async () => seriesOf([105], 9),
      accountSeries: async (account: number, query: unknown) => {
        asked.push([account, query])
        return { ...emptyDay, interval: [105], worthMicros: [7] }
      },
    }
    const follower = new CacheFollower(client as never, cache)
    const key = keys.accountSeries(7, day)
    cache.setQueryData(key, { ...emptyDay, interval: [104], worthMicros: [1] })
    const leave = new QueryObserver(cache, { queryKey: key }).subscribe(() => undefined)
    follower.hear(eventOf('run_posted'))
    await follower.apply()
    deepEqual(asked, [[7, { from: 105, intervals: 1 }]])
    deepEqual(cache.getQueryData<AccountSeries>(key)?.worthMicros, [1, 7])
    leave()
    follower.hear(eventOf('run_posted'))
    await follower.apply()
    deepEqual([asked.length, cache.getQueryState(key)?.isInvalidated], [1, true])
  })

  test('reads everything again when events were missed', async () => {
    const { cache, follower } = following(async () => seriesOf([105], 9))
    cache.setQueryData(keys.market, {})
    follower.hear(eventOf('stream_reset'))
    await follower.apply()
    equal(cache.getQueryState(keys.market)?.isInvalidated, true)
  })

  test('asks devices for the one interval that a home looks at, and for no other', async () => {
    const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
    const asked: unknown[] = []
    const said = (interval: number, outWh: number): DeviceSeries => ({
      ...{ account: 7, interval: [interval] },
      devices: [{
        ...{ device: 0, kind: 'solar', lastBoundary: interval + 1, lastChargeBasisPoints: null },
        ...{ isPluggedIn: null, inWh: [0], outWh: [outWh], chargeBasisPoints: [null] },
      }],
    })
    const client = {
      devices: {
        series: async (account: number, query: unknown) => {
          asked.push([account, query])
          return said(105, 9)
        },
      },
    }
    const [today, before] = [{ from: 100, intervals: 10 }, { from: 90, intervals: 10 }]
    for (const range of [today, before]) cache.setQueryData(keys.devices(7, range), said(104, 1))
    const leave = [today, before].map((range) =>
      new QueryObserver(cache, { queryKey: keys.devices(7, range) }).subscribe(() => undefined),
    )
    const follower = new CacheFollower(client as never, cache)
    follower.hear(eventOf('run_posted'))
    await follower.apply()
    deepEqual(asked, [[7, { from: 105, intervals: 1 }]])
    const [now, then] = [today, before].map((range) =>
      cache.getQueryData<DeviceSeries>(keys.devices(7, range)),
    )
    deepEqual([now?.interval, now?.devices[0]?.outWh], [[104, 105], [1, 9]])
    deepEqual(then?.interval, [104])
    for (const stop of leave) stop()
    follower.hear(eventOf('run_posted'))
    await follower.apply()
    deepEqual(asked.length, 1, 'nobody looks')
    equal(cache.getQueryState(keys.devices(7, today))?.isInvalidated, true)
  })
})

describe('the stream', () => {
  test('goes on after the last event, and says how the connection is', async () => {
    const opened: EventOptions[] = []
    const client = {
      async *events(options: EventOptions = {}): AsyncGenerator<ReceivedEvent, void, undefined> {
        opened.push(options)
        options.onOpen?.()
        yield { id: `e-${opened.length}`, event: eventOf('clock') }
        await new Promise((resolve) => options.signal?.addEventListener('abort', resolve))
      },
    }
    const heard: string[] = []
    const live = new LiveStore(client, ({ name }) => heard.push(name), () => 50)
    equal(live.state().connection, 'connecting')
    live.tell({ nowMs: 5, speed: 60 })
    live.start()
    live.start()
    await live.opened
    await new Promise((resolve) => setImmediate(resolve))
    deepEqual(live.state(), {
      connection: 'live',
      time: { nowMs: 1, speed: 60, heardAtMs: 50 },
    })
    opened[0]?.onLost?.()
    equal(live.state().connection, 'offline')
    live.stop()
    live.start()
    await new Promise((resolve) => setImmediate(resolve))
    deepEqual(opened.map(({ lastEventId }) => lastEventId), [undefined, 'e-1'])
    deepEqual(heard, ['clock', 'clock'])
    live.stop()
  })

  /** A stream that tells nothing but that it is open. */
  const silent = (opened: EventOptions[]) => ({
    async *events(options: EventOptions = {}): AsyncGenerator<ReceivedEvent, void, undefined> {
      opened.push(options)
      await new Promise((resolve) => options.signal?.addEventListener('abort', resolve))
    },
  })

  test('has all read again that was read before it opened late', () => {
    for (const [afterMs, wanted] of [[openingMs - 1, []], [openingMs, ['stream_reset']]] as const) {
      const [opened, heard]: [EventOptions[], string[]] = [[], []]
      let nowMs = 1_000
      const live = new LiveStore(silent(opened), ({ name }) => heard.push(name), () => nowMs)
      live.start()
      nowMs += afterMs
      opened[0]?.onOpen?.()
      deepEqual(heard, wanted)
      live.stop()
    }
  })

  test('has all read again where it was lost before its first event', () => {
    const [opened, heard]: [EventOptions[], string[]] = [[], []]
    const live = new LiveStore(silent(opened), ({ name }) => heard.push(name), () => 0)
    live.start()
    opened[0]?.onOpen?.()
    deepEqual(heard, [])
    live.stop()
    live.start()
    opened[1]?.onOpen?.()
    deepEqual(heard, ['stream_reset'])
    live.stop()
  })
})
