/**
 * Goal: a `kill -9` of the server at any step, of its chain at any moment, or an answer lost on the
 * way back, loses nothing that was acknowledged and does nothing twice, money on the chain
 * included. Method: a short market day full of what has to happen once is lived through without
 * faults; then again on a server that is killed at every step that the first run passed, and
 * started again each time on the same data. Both must end in the same bytes: journal, state, chain
 * balances, answers.
 *
 *     SEED=7 EACH=5 BLOWS=20 RUNS=20 npm test -- cli/src/kill    other steps, more kills and runs
 */
import { equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestPostgres } from '@busbar/server/adapters/store/test-postgres'
import { random } from '@busbar/simulator'
import { killPointOf, killPoints, killsOf, passagesOf, planKills } from './testing/kill-plan.ts'
import { startLossyProxy } from './testing/lossy-proxy.ts'
import { type Blow, type Run, runMarket } from './testing/market-run.ts'
import {
  assertNothingLostOrDoubled,
  assertSameAnswers,
  assertSameMarket,
} from './testing/same-market.ts'

const firstSeed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 1)
/** Kills at each point in one run, at some of them twice as many. */
const each = Number(process.env.EACH ?? 1)
/** Besides, at moments that nobody chose: every other one kills the chain alone. */
const struck = Array.from({ length: Number(process.env.BLOWS ?? 4) }, (_, index) =>
  index % 2 === 0 ? 'server' : 'chain',
)

/** And while it starts. */
const startKills = Math.ceil(struck.length / 2)

const place = mkdtempSync(join(tmpdir(), 'busbar-kill-'))
after(() => rmSync(place, { recursive: true, force: true }))
const directory = (name: string): string => mkdtempSync(join(place, name))

describe('a market day', () => {
  let twin: Run

  before(async () => {
    twin = await runMarket(directory('twin'))
    assertNothingLostOrDoubled(twin)
    equal(twin.deaths, 0)
    const passed = new Set([...passagesOf(twin.log).keys()].map(killPointOf))
    for (const { title } of killPoints) ok(passed.has(title), `the day has a moment when ${title}`)
  })

  for (let seed = firstSeed; seed < firstSeed + runs; seed += 1) {
    test(`with kills at every step ends as without (seed ${seed})`, async (context) => {
      const killAt = planKills(passagesOf(twin.log), seed, each)
      const blows = blowsOf(seed, twin.book.served, struck)
      const draw = random(seed, 'starts')
      const startKillsMs = Array.from({ length: startKills }, () => draw.integer(900))
      const run = await runMarket(directory('killed'), { killAt, blows, startKillsMs })
      const kills = killsOf(run.log)
      const points = new Set(kills.map(killPointOf))
      context.diagnostic(
        `seed ${seed}: ${run.deaths} kills at ${points.size} points, ` +
          `${run.chainDeaths} of the chain alone, ` +
          `${run.book.repeated.size} commands answered again, ${run.seconds.toFixed(0)} s`,
      )
      assertSameMarket(run, twin)
      assertNothingLostOrDoubled(run)
      assertSameAnswers(run, twin)
      // A passage that a kill before it made unnecessary is not reached any more.
      ok(kills.length > 0.8 * killAt.length, `${kills.length} of ${killAt.length} kills happened`)
      ok(points.size > 0.8 * killPoints.length)
    })
  }

  test('with its journal in PostgreSQL, which crashes too, ends as without', async (context) => {
    const database = await startTestPostgres()
    if ('unavailable' in database) return context.skip(database.unavailable)
    try {
      const plan = planKills(passagesOf(twin.log), firstSeed, each)
      const killAt = plan.filter((point) => /^(store|outbox|service)/.test(point))
      const blows = blowsOf(firstSeed, twin.book.served, ['database', 'database'])
      const run = await runMarket(directory('database'), { killAt, blows, database })
      const { deaths, databaseDeaths, seconds } = run
      context.diagnostic(
        `${deaths} kills, ${databaseDeaths} crashes of the database, ${seconds.toFixed(0)} s`,
      )
      ok(databaseDeaths > 0)
      assertSameMarket(run, twin)
      assertNothingLostOrDoubled(run)
      assertSameAnswers(run, twin)
      ok(run.deaths > 0.8 * killAt.length)
    } finally {
      await database.stop()
    }
  })

  test('whose every first answer is lost ends as if none were', async (context) => {
    let lost = 0
    const run = await runMarket(directory('lossy'), {
      async through(url) {
        const proxy = await startLossyProxy(url)
        return {
          url: proxy.url,
          async close() {
            lost = proxy.lost()
            await proxy.close()
          },
        }
      },
    })
    context.diagnostic(`${lost} answers lost, ${run.book.repeated.size} commands answered again`)
    assertSameMarket(run, twin)
    assertNothingLostOrDoubled(run)
    assertSameAnswers(run, twin)
    const accepted = [...run.book.byId().values()].filter(({ kind }) => kind === 'accepted')
    equal(run.book.repeated.size, accepted.length, 'every command that was taken was sent again')
    ok(lost > accepted.length / 10)
  })
})

/** From the first request to the last. */
function blowsOf(seed: number, served: number, at: readonly Blow['at'][]): readonly Blow[] {
  const draw = random(seed, 'blows', ...at)
  return at.map((each) => ({
    afterAnswers: 1 + draw.integer(served - 1),
    afterMs: draw.integer(60),
    at: each,
  }))
}
