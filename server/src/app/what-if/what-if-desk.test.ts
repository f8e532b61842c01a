/**
 * Goal: a question about the past is answered beside the market, one after the other, with how far
 * it is; what nobody asks for ends; what cannot be told is refused with the field; and the market
 * is as it was, also where the process fails.
 * Method: a small market and the real process; a runner that waits shows turns and leases.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeState } from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import type { WhatIfAnswer } from '@busbar/protocols/api'
import { WhatIfProcess } from '../../adapters/what-if/what-if-process.ts'
import { forgetful, live } from '../../testing/market-history.ts'
import { domainFor, first, SmallMarket, testVault } from '../../testing/small-market.ts'
import type { WhatIfAsked, WhatIfRefused } from '../ports/operator-views.ts'
import type { WhatIfRunner } from '../ports/what-if.ts'
import { stateHashOf, takeSnapshot } from '../recover.ts'
import { WhatIfDesk } from './what-if-desk.ts'

const program = new URL('../../what-if-worker.ts', import.meta.url)

const processOf = ({ chain }: SmallMarket, heapMibMax?: number): WhatIfRunner =>
  new WhatIfProcess(program, {
    deployment: chain.deployment, domain: domainFor(chain), vaultKeys: [],
  }, heapMibMax)

function deskOf(
  market: SmallMarket,
  runner: WhatIfRunner = processOf(market),
  wallClock: () => number = () => performance.now(),
): WhatIfDesk {
  return new WhatIfDesk({
    ...{ state: () => market.state, now: () => market.now, journal: market.store, runner },
    ...{ durable: () => market.lane.durable(), wallClock, timeZone: 'UTC' },
  })
}

const asked = (change: Partial<WhatIfAsked> = {}): WhatIfAsked => ({
  ...{ rulebook: { ...forgetful, version: 2, feeMicrosPerKwh: 5_000 }, zone: undefined },
  ...{ from: undefined, to: undefined, ...change },
})

const answerOf = (answer: WhatIfAnswer | WhatIfRefused): WhatIfAnswer => {
  ok(!('refused' in answer), JSON.stringify(answer))
  return answer
}

async function ended(desk: WhatIfDesk, question: WhatIfAsked): Promise<WhatIfAnswer> {
  for (let turn = 0; turn < 12_000; turn += 1) {
    const answer = answerOf(desk.ask(question))
    if (answer.state === 'done' || answer.state === 'failed') return answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it does not end')
}

describe('a question about the past', () => {
  test('is answered by a process, and the market is as it was', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 40, 21)
    const before = encodeState(market.state)
    const desk = deskOf(market)
    equal(answerOf(desk.ask(asked())).state, 'waiting')
    const answer = await ended(desk, asked())
    equal(answer.state, 'done', JSON.stringify(answer.failure))
    const [zone] = answer.zones
    const { own, other } = zone ?? {}
    // Two sides of every kilowatt-hour pay three and a half thousand micros more.
    const traded = own?.energyWh ?? 0
    const more = (other?.feesMicros ?? 0) - (own?.feesMicros ?? 0)
    ok(traded > 1_000 && Math.abs(more - 7 * traded) <= 80, `${more} for ${traded} Wh`)
    deepEqual(answer.accounts.map(({ name }) => name).sort(), ['alice', 'bob', null])
    equal(answer.reproducedIntervals, zone?.intervals)
    deepEqual([answer.progress.replayed, answer.progress.entries], [
      market.state.sequence, market.state.sequence,
    ])
    equal(encodeState(market.state), before)
    // The last thirty days, as far as they have begun.
    equal(answer.to - answer.from + 1, 30 * 288)
    await desk.close()
  })

  test('fails with a code where the books are not the journal’s', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 12, 4)
    const desk = deskOf(market)
    const balances = market.state.ledger.balances
    const [alice, bob] = [balances.get(7) ?? 0n, balances.get(8) ?? 0n]
    balances.set(7, (alice + 1n) as never)
    balances.set(8, (bob - 1n) as never)
    const answer = await ended(desk, asked())
    deepEqual([answer.state, answer.failure?.code, answer.zones], ['failed', 'WHAT_IF_DIFFERS', []])
    await desk.close()
  })

  test('fails with a code where its process does', async () => {
    const market = await SmallMarket.open(forgetful)
    const nowhere = new WhatIfProcess(new URL('./no-such-program.ts', import.meta.url), {})
    const desk = deskOf(market, nowhere)
    const answer = await ended(desk, asked())
    deepEqual([answer.state, answer.failure?.code], ['failed', 'WHAT_IF_STOPPED'])
    await desk.close()
  })

  test('fails with a code where it takes more memory than it may', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 12, 4)
    // Parsed at once, as the text of a snapshot is: where a thread would end its whole process.
    const body = JSON.stringify(Array.from({ length: 400_000 }, (_, i) => ({ i, text: `${i}` })))
    const { sequence } = market.state
    market.store.snapshot = { sequence, stateHash: stateHashOf(body), body }
    await market.to(14)
    const question = asked({ from: market.state.clearedThrough })
    const desk = deskOf(market, processOf(market, 48))
    const answer = await ended(desk, question)
    deepEqual([answer.state, answer.failure?.code], ['failed', 'WHAT_IF_STOPPED'])
    await desk.close()
    // With more it is no state, and passed over.
    const roomy = deskOf(market)
    equal((await ended(roomy, question)).state, 'done')
    await roomy.close()
  })

  test('is refused where nobody can tell', async () => {
    const market = await SmallMarket.open(forgetful)
    await market.to(3)
    const desk = deskOf(market)
    const rules = (change: Partial<Rulebook>) => asked({ rulebook: { ...forgetful, ...change } })
    const cases: readonly (readonly [WhatIfAsked, WhatIfRefused])[] = [
      [asked({ zone: 7 }), { refused: 'not_found', field: 'zone' }],
      [asked({ from: first + 9 }), {
        refused: 'field_invalid', field: 'from', limit: `at most ${first + 3}`,
      }],
      [asked({ from: first, to: first - 1 }), {
        refused: 'field_invalid', field: 'to', limit: `${first} to ${first + 366 * 288 - 1}`,
      }],
      [rules({ intervalSeconds: 900 }), {
        refused: 'rulebook_incomparable', field: 'rulebook.intervalSeconds', limit: '300',
      }],
      [rules({ gateLeadSeconds: forgetful.gateLeadSeconds + 60 }), {
        ...{ refused: 'rulebook_incomparable', field: 'rulebook.gateLeadSeconds' },
        limit: String(forgetful.gateLeadSeconds),
      }],
      [rules({ orderBook: 'sealed-reveal' }), {
        refused: 'rulebook_incomparable', field: 'rulebook.orderBook', limit: '"open"',
      }],
    ]
    for (const [question, refused] of cases) deepEqual(desk.ask(question), refused)
    const closed = deskOf(new SmallMarket())
    deepEqual(closed.ask(asked()), { refused: 'market_not_open' })
    await desk.close()
  })

  test('begins with a state from before the gate of its first interval', async () => {
    const market = await SmallMarket.open(forgetful)
    await live(market, 6, 2)
    await takeSnapshot(market.store, market.state, testVault)
    const { sequence, clearedThrough } = market.state
    await market.to(9)
    const replayed: number[] = []
    const real = processOf(market)
    const desk = deskOf(market, {
      run: (question, journal, progress, signal) => {
        replayed.length = 0
        return real.run(question, {
          snapshotBefore: (atMs) => journal.snapshotBefore(atMs),
          async read(after, limit) {
            const page = await journal.read(after, limit)
            replayed.push(...page.map((entry) => entry.sequence))
            return page
          },
        }, progress, signal)
      },
    })
    const to = clearedThrough + 2
    for (const [from, begins] of [
      [clearedThrough + 1, sequence], [clearedThrough, 1], [first - 5, 1],
    ] as const) {
      equal((await ended(desk, asked({ from, to }))).state, 'done')
      equal(Math.min(...replayed), begins, `from ${from}`)
    }
    await desk.close()
  })

  test('names the fields that it does not hear of', async () => {
    const market = await SmallMarket.open(forgetful)
    const desk = deskOf(market)
    const { unheardFields } = await ended(desk, asked({
      rulebook: { ...forgetful, finalAfterIntervals: 9, fourEyes: { deadlineSeconds: 600 } },
    }))
    deepEqual(unheardFields, ['finalAfterIntervals', 'fourEyes'])
    await desk.close()
  })

  test('waits for its turn, and ends where nobody asks for it any more', async () => {
    const market = await SmallMarket.open(forgetful)
    let now = 0
    const begun: { version: number; tell: () => void; signal: AbortSignal }[] = []
    const runner: WhatIfRunner = {
      run: ({ rulebook: { version } }, _journal, progress, signal) => {
        const tell = () => progress({ replayed: 1, entries: 2, day: 0, days: 1, judged: 0 })
        begun.push({ version, tell, signal })
        return new Promise((resolve) =>
          signal.addEventListener('abort', () =>
            resolve({ kind: 'failed', code: 'WHAT_IF_STOPPED', detail: 'over' })))
      },
    }
    const desk = deskOf(market, runner, () => now)
    const of = (version: number) => asked({ rulebook: { ...forgetful, version } })
    const settle = () => new Promise((resolve) => setTimeout(resolve, 10))
    for (const version of [11, 12]) desk.ask(of(version))
    await settle()
    deepEqual(begun.map(({ version }) => version), [11])
    now = 14_000
    for (const version of [11, 12]) desk.ask(of(version))
    now = 28_000
    begun[0]?.tell()
    equal(answerOf(desk.ask(of(11))).state, 'running')
    equal(answerOf(desk.ask(of(12))).state, 'waiting')
    now = 43_001
    begun[0]?.tell()
    // Nobody has asked for either of them lately: the second is not even begun.
    await settle()
    deepEqual([begun.length, begun[0]?.signal.aborted], [1, true])
    // Asked again it begins anew.
    equal(answerOf(desk.ask(of(11))).state, 'waiting')
    await settle()
    equal(begun.length, 2)
    equal(answerOf(desk.ask(of(12))).state, 'waiting')
    // Four are kept: a newer one takes the place of the oldest.
    for (const version of [13, 14, 15, 16]) desk.ask(of(version))
    await settle()
    deepEqual([begun[1]?.signal.aborted, begun.at(-1)?.version], [true, 13])
    await desk.close()
    ok(begun.every(({ signal }) => signal.aborted))
  })
})
