/**
 * Goal: however many events come together, what a page shows is asked for once, and only if they
 * change it; what changes while an answer is on its way is asked for after it.
 * Method: the real cache with a query for every kind of page; bursts of events by hand and by
 * chance; answers that are held back.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bilateralZone } from '@busbar/core/exchange'
import { noticeKindNames, type StreamEvent } from '@busbar/protocols/api'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import fc from 'fast-check'
import { CacheFollower, type InIntervals } from './cache-follower.ts'
import type { Change, Step } from './changes.ts'
import { keys } from './keys.ts'
import { isTouched } from './touched.ts'

const account = 7
const series = { zone: 0, from: 100, points: 10, step: 1 }
const day = { from: 100, intervals: 10 }

/** What pages show at the same time, each once. */
const shown: readonly (readonly unknown[])[] = [
  keys.market, keys.grid, keys.kpis(0, 0), keys.series(series), keys.interval(0, 105),
  keys.intervals(0, null), keys.account(account), keys.accountSeries(account, day),
  keys.standing(account), keys.statement(account), keys.withdrawals(account),
  keys.trades(account), keys.board, keys.ownOffers(account), keys.notices(account),
  keys.earlierNotices(account),
  keys.why(account, 105), keys.participants, keys.proposals,
  ...['customers', 'trades', 'defaults', 'requests', 'agreements', 'nettings', 'wheeling']
    .map((what) => keys.company(account, what)),
  keys.company(account, 'energy', 100), keys.company(account, 'deliveries-3'),
]

/** As much of a series as is put together, and of a market as events are held against. */
const empty = { interval: [], deliveries: [], scheduledRulebooks: [] }

function following(answer: () => Promise<unknown> = async () => ({})) {
  const asked: string[] = []
  const ask = (key: readonly unknown[]) => {
    asked.push(JSON.stringify(key))
    return answer()
  }
  const cache = new QueryClient({
    defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity, retry: false } },
  })
  const client = {
    series: async () => ({ ...empty, ...(await ask(['series']) as object) }),
    accountSeries: async () => ({ ...empty, ...(await ask(['account-series']) as object) }),
  }
  const follower = new CacheFollower(client as never, cache)
  const leave = shown.map((queryKey) => {
    cache.setQueryData(queryKey, queryKey[0] === 'notices' ? { lastSequence: 0 } : empty)
    const observer = new QueryObserver(cache, { queryKey, queryFn: () => ask(queryKey) })
    return observer.subscribe(() => undefined)
  })
  const names = () => asked.map((one) => {
    const [name, , what] = JSON.parse(one) as unknown[]
    return name === 'company' ? String(what) : String(name)
  })
  return { asked, names, follower, cache, end: () => leave.forEach((one) => one()) }
}

const posted = (zone: number, interval: number): StreamEvent =>
  ({ name: 'run_posted', data: { zone, interval, run: 0, runKind: 'provisional' } })

describe('a burst of events', () => {
  test('asks once for what several of them change', async () => {
    const { names, follower, end } = following()
    for (let interval = 100; interval < 108; interval += 1) {
      for (const zone of [0, 1, 2, bilateralZone]) follower.hear(posted(zone, interval))
    }
    await follower.apply()
    deepEqual(names().sort(), [
      'account', 'account-series', 'customers', 'deliveries-3', 'energy', 'grid', 'interval',
      'intervals', 'kpis', 'nettings', 'series', 'standing', 'statement', 'trades', 'trades',
      'wheeling', 'why',
    ])
    end()
  })

  const zone = fc.constantFrom(0, 1, bilateralZone)
  const place = fc.record({ zone, interval: fc.integer({ min: 95, max: 115 }) })
  const step = fc.constantFrom<Step>('fixed', 'cleared', 'committed', 'proven', 'posted', 'final')
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.tuple(place, step).map(([at, of]) => ({ kind: 'interval' as const, step: of, ...at })),
    fc.constantFrom<Change>(
      { kind: 'money', account }, { kind: 'participant', account: 9 }, { kind: 'board' },
      { kind: 'own' }, { kind: 'market' }, { kind: 'everything' },
    ),
    fc.nat(5).map((lastSequence) => ({ kind: 'notices' as const, account, lastSequence })),
    fc.constantFrom(...noticeKindNames).map((of) => ({ kind: 'told' as const, of })),
  )

  test('never asks twice for the same, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 60 }), async (changes) => {
        const { asked, follower, end } = following()
        follower.take(changes)
        await follower.apply()
        equal(new Set(asked).size, asked.length, asked.join('\n'))
        end()
      }),
      { numRuns: 60, ...(process.env.SEED === undefined ? {} : { seed: +process.env.SEED }) },
    )
  })

  test('asks for nothing that it does not change', async () => {
    const { names, follower, end } = following()
    follower.hear({ name: 'orders_fixed', data: { zone: 5, interval: 500, orderCount: 1 } })
    await follower.apply()
    deepEqual(names(), [])
    follower.hear({ name: 'board_changed', data: { offer: 1 } })
    follower.hear({ name: 'deposit', data: { account: 9, amountMicros: 1 } })
    await follower.apply()
    deepEqual(names(), ['board'])
    end()
  })
})

describe('rules that were scheduled', () => {
  const fixed = (interval: number, zone = 0): StreamEvent =>
    ({ name: 'orders_fixed', data: { zone, interval, orderCount: 1 } })

  test('make the market another when the gate before their first interval has closed', async () => {
    const { names, cache, follower, end } = following()
    cache.setQueryData(keys.market, { ...empty, scheduledRulebooks: [{ fromInterval: 503 }] })
    follower.hear(fixed(501))
    follower.hear(posted(0, 502))
    await follower.apply()
    ok(!names().includes('market'))
    for (const zone of [0, 1]) follower.hear(fixed(502, zone))
    await follower.apply()
    equal(names().filter((name) => name === 'market').length, 1)
    end()
  })

  test('do so too where their first gate was missed', async () => {
    const { names, cache, follower, end } = following()
    cache.setQueryData(keys.market, { ...empty, scheduledRulebooks: [{ fromInterval: 503 }] })
    follower.hear(fixed(507, 5))
    await follower.apply()
    deepEqual(names(), ['market'])
    end()
  })
})

describe('what is on its way', () => {
  test('is not asked for beside, and again after it', async () => {
    let waiting: (() => void)[] = []
    const { names, follower, end } = following(
      () => new Promise((resolve) => waiting.push(() => resolve({}))),
    )
    const answerAll = async () => {
      const now = waiting
      waiting = []
      for (const answer of now) answer()
      await new Promise((resolve) => setImmediate(resolve))
    }
    follower.hear(posted(0, 105))
    const first = follower.apply()
    const count = names().length
    ok(count > 0)
    follower.hear(posted(0, 105))
    await follower.apply()
    equal(names().length, count, 'nothing is asked for a second time')
    await answerAll()
    await first
    const second = follower.apply()
    deepEqual(names().slice(count).sort(), names().slice(0, count).sort())
    await answerAll()
    await second
    await follower.apply()
    equal(names().length, 2 * count)
    end()
  })
})

describe('an answer that is put together from parts', () => {
  const bills = keys.company(account, 'bills', '2026-03-01', '2026-03-31')

  function shownBills(follower: CacheFollower, cache: QueryClient, fails = false) {
    const asked: (string | readonly number[])[] = []
    cache.setQueryData(bills, ['whole'])
    const observer = new QueryObserver(cache, {
      queryKey: bills,
      queryFn: async () => {
        asked.push('whole')
        return ['whole again']
      },
      meta: {
        readIntervals: async (intervals) => {
          asked.push(intervals)
          if (fails) throw new Error('not now')
          return (before) => [...before, ...intervals.map(String)]
        },
      } satisfies InIntervals<readonly string[]>,
    })
    const leave = observer.subscribe(() => undefined)
    const hear = async (...events: readonly StreamEvent[]): Promise<void> => {
      for (const event of events) follower.hear(event)
      await follower.apply()
    }
    return { asked, leave, hear, shown: () => cache.getQueryData(bills) }
  }

  test('is read by the intervals that have changed, and whole when anything else has', async () => {
    const { follower, cache, end } = following()
    const { asked, hear, leave, shown } = shownBills(follower, cache)
    await hear(posted(0, 105), posted(1, 106))
    deepEqual([asked, shown()], [[[105, 106]], ['whole', '105', '106']])
    await hear({ name: 'board_changed', data: { offer: 1 } })
    equal(asked.length, 1, 'of what does not concern it nothing is read')
    follower.take([{ kind: 'told', of: 'default_changed' }, { kind: 'told', of: 'trade_changed' }])
    await follower.apply()
    deepEqual([asked.at(-1), asked.length, shown()], ['whole', 2, ['whole again']])
    leave()
    await hear(posted(0, 107))
    equal(asked.length, 2, 'nobody looks at it any more')
    end()
  })

  test('is read whole where its parts could not be', async () => {
    const { follower, cache, end } = following()
    const { asked, hear, leave, shown } = shownBills(follower, cache, true)
    await hear(posted(0, 105))
    deepEqual([asked, shown()], [[[105], 'whole'], ['whole again']])
    leave()
    end()
  })
})

describe('notices', () => {
  test('are asked for if there are newer ones than are known', async () => {
    const { names, cache, follower, end } = following()
    cache.setQueryData(keys.notices(account), { lastSequence: 4 })
    for (const lastSequence of [0, 4]) {
      follower.hear({ name: 'notices_written', data: { account, lastSequence } })
      await follower.apply()
    }
    deepEqual(names(), [])
    follower.hear({ name: 'notices_written', data: { account, lastSequence: 5 } })
    follower.hear({ name: 'notices_written', data: { account: 8, lastSequence: 5 } })
    await follower.apply()
    deepEqual(names(), ['notices'])
    end()
  })

  test('of a trade make its side’s trades old; a page without a name here, every one', () => {
    const told = (of: (typeof noticeKindNames)[number]): Change => ({ kind: 'told', of })
    equal(isTouched(keys.trades(account), told('trade_changed')), true)
    equal(isTouched(keys.company(account, 'trades'), told('trade_changed')), true)
    equal(isTouched(keys.standing(account), told('trade_changed')), false)
    equal(isTouched(keys.grid, told('trade_changed')), false)
    equal(isTouched(['something', account], told('trade_changed')), true)
    equal(isTouched(['something', account], told('run_posted')), false)
  })
})
