/**
 * Goal: where owners open their own orders, a third that does not delays nothing, is void, and
 * every clearing is proven all the same.
 * Method: a short day on a real server with a prover; every third opening is kept back, and the
 * market's time passes until nobody may open any more, and no further: a millisecond before that
 * the interval waits, then it is cleared. The journal says when.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { derToCash } from '@busbar/core/rulebook'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { firstIntervals } from '@busbar/simulator'
import { startMarket } from '../market/market-run.ts'
import { proofReport } from './proof-report.ts'
import { plantedDay } from '../testing/planted-day.ts'

const revealSeconds = 30
const rulebook = {
  ...derToCash,
  orderBook: 'sealed-reveal',
  revealSeconds,
  bondMicros: 250_000,
} as const
const district = firstIntervals(plantedDay.district, 3)

test('orders that their owners keep closed are void, and wait for nobody', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'busbar-reveal-'))
  const scenario = { ...plantedDay, district, rulebook }
  const market = await startMarket(scenario, dataDir, {
    environment: { BUSBAR_PORT: '0' },
    proofs: 'each',
  })
  let isStopped = false
  try {
    const intervalMs = district.intervalMs
    let withheld = 0
    const statuses: (readonly [before: string, at: string])[] = []
    const bounds: number[] = []
    const summary = await market.day(
      () => undefined,
      undefined,
      (exchange) => ({
        ...exchange,
        async reveal(interval, openings) {
          const shown = openings.filter((_, i) => i % 3 !== 0)
          withheld += openings.length - shown.length
          await exchange.reveal(interval, shown)
          const gate = interval * intervalMs - rulebook.gateLeadSeconds * 1_000
          const until = gate + revealSeconds * 1_000
          await market.advanceTo(until - 1)
          const waiting = await market.client.interval(0, interval)
          await market.advanceTo(until)
          const cleared = await market.client.interval(0, interval)
          statuses.push([waiting.status, cleared.status])
          bounds.push(until)
        },
      }),
    )
    const proofs = await proofReport(market, () => undefined)
    ok(withheld > 0.3 * summary.orders, `${withheld} of ${summary.orders}`)
    deepEqual(summary.voids, { not_opened: withheld })
    deepEqual([proofs?.unproven, proofs?.proven], [[], proofs?.batches])
    // Bonds are money that changes hands: the auditor knows nothing of them, and conservation does.
    const { money } = await market.client.conservation()
    equal(money.unexplainedMicros, 0)
    deepEqual(statuses, [1, 2, 3].map(() => ['fixed', 'cleared']))
    await market.stop()
    isStopped = true
    const store = await openStore(scenario.name, { dataDir: join(dataDir, 'store') })
    const opened = (await store.read(0, 10_000)).filter(({ kind }) => kind === 'open_orders')
    await store.close()
    deepEqual(
      opened.map(({ at }) => at),
      bounds,
    )
    ok(summary.audit.differences.every(({ about }) => about === 'interval' || about === 'balance'))
  } finally {
    if (!isStopped) await market.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
