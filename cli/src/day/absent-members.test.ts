/**
 * Goal: from the gate to the clearing no deadline of the protocol is waited for, though one member
 * of the committee is dead and one hangs; both are named.
 * Method: a short day on a real server with four members, each a process of its own, of whom it
 * takes two. Before the second gate one is killed and one is stopped as it stands (SIGSTOP): it
 * takes connections and answers nothing. At each gate, with the market's clock standing still, the
 * interval has to be cleared; the journal says at what time of the market that was.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { type DaySummary, firstIntervals } from '@busbar/simulator'
import { type MarketRun, startMarket } from '../market/market-run.ts'
import { plantedDay } from '../testing/planted-day.ts'

/** After so long an opening ends and is tried again: `deadlineMs` of the committee's adapter. */
const openingDeadlineMs = 30_000

const intervals = 3
const district = firstIntervals(plantedDay.district, intervals)
const { intervalMs, startMs } = district
const first = startMs / intervalMs
const gateOf = (interval: number): number =>
  interval * intervalMs - plantedDay.rulebook.gateLeadSeconds * 1_000

const directory = mkdtempSync(join(tmpdir(), 'busbar-absent-members-'))
let market: MarketRun
let summary: DaySummary
let isStopped = false
let hanging = 0
/** By interval: its status right after its gate, and how long the gate took outside. */
const atGate = new Map<number, { readonly status: string; readonly tookMs: number }>()
let committeeSaid: string | undefined

before(async () => {
  market = await startMarket({ ...plantedDay, district }, directory, {
    environment: { BUSBAR_PORT: '0' },
    proofs: 'none',
    committee: { names: ['operator', 'retailer', 'regulator', 'consumers'], threshold: 2 },
  })
  const members = market.committee?.members ?? []
  summary = await market.day(
    () => undefined,
    undefined,
    (exchange) => ({
      ...exchange,
      async advanceTo(at) {
        const interval = Array.from({ length: intervals }, (_, n) => first + n).find(
          (one) => gateOf(one) === at,
        )
        if (interval === first + 1) await members[2]?.kill()
        hanging = interval !== undefined && interval > first ? (members[3]?.pid ?? 0) : 0
        if (hanging > 0) process.kill(hanging, 'SIGSTOP')
        const begun = performance.now()
        await exchange.advanceTo(at)
        goOn()
        if (interval === undefined) return
        const tookMs = performance.now() - begun
        const { status } = await market.client.interval(0, interval)
        atGate.set(interval, { status, tookMs })
        const { checks } = await market.client.health()
        committeeSaid = checks.find(({ name }) => name === 'committee')?.detail
      },
    }),
  )
})

/** Between two gates it need not hang: the market's time is told to it too. */
function goOn(): void {
  if (hanging > 0) process.kill(hanging, 'SIGCONT')
  hanging = 0
}

after(async () => {
  goOn()
  if (!isStopped) await market.stop()
  rmSync(directory, { recursive: true, force: true })
})

describe('with one member dead and one that hangs', () => {
  test('each interval is cleared at its gate, before the clock moves on', () => {
    deepEqual(
      [...atGate].map(([interval, { status }]) => [interval - first, status]),
      Array.from({ length: intervals }, (_, n) => [n, 'cleared']),
    )
    ok(summary.orders > 0)
    deepEqual(summary.voids, {})
  })

  test('no deadline of the opening passes meanwhile', () => {
    for (const [interval, { tookMs }] of atGate) ok(tookMs < openingDeadlineMs, `${interval}`)
  })

  test('both are named, and nobody else', () => {
    match(committeeSaid ?? '', /regulator absent 2 times/)
    match(committeeSaid ?? '', /consumers absent 2 times/)
    equal(/operator|retailer/.test(committeeSaid ?? ''), false)
  })

  test('the day ends as exactly as others', async () => {
    const { money, energy } = await market.client.conservation()
    deepEqual([money.unexplainedMicros, energy.unexplainedWh], [0, 0])
    deepEqual(summary.audit.differences, [])
  })

  test('the journal has each opening at the time of its gate', async () => {
    isStopped = true
    await market.stop()
    const store = await openStore(plantedDay.name, { dataDir: join(directory, 'store') })
    const entries = await store.read(0, 10_000)
    await store.close()
    deepEqual(
      entries.filter(({ kind }) => kind === 'open_orders').map(({ at }) => at),
      Array.from({ length: intervals }, (_, n) => gateOf(first + n)),
    )
  })
})
