/**
 * Goal: customers of different retailers trade from their invitations to the money, exactly, the
 * same again for the same seed, and the slow second opinion agrees with every entry and root.
 * Method: the program runs six quarter-hours with faults twice, and `verify` reads what one left.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { verifyMarket } from '@busbar/server/verify'
import { busbar } from './testing/run-busbar.ts'
import type { TradeDayReport } from './trade-day.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-trades-'))
const dataDir = join(directory, 'day')
let report: TradeDayReport

const run = async (...args: readonly string[]): Promise<TradeDayReport> => {
  const day = ['day', '--scenario', 'inter-retailer', '--intervals', '6', '--json']
  const { code, out, err } = await busbar([...day, ...args])
  equal(code, 0, err)
  return JSON.parse(out) as TradeDayReport
}

before(async () => {
  report = await run('--data-dir', dataDir)
})

after(() => rmSync(directory, { recursive: true, force: true }))

test('contracts are delivered and paid, and every watt-hour and micro is explained', () => {
  deepEqual(report.conservation, { money_micros: 0, energy_wh: 0 })
  equal(report.chain_equals_ledger, true)
  ok((report.contracts.completed ?? 0) > 0, JSON.stringify(report.contracts))
  equal(report.invitations_declined, 1)
  ok(report.ladders_matched > 0)
  const { contracted_wh: contracted, obliged_wh: obliged, delivered_wh: delivered } = report
  ok(contracted > obliged && obliged > delivered && delivered > 0, 'wires limit, homes fall short')
  ok(report.deliveries.complete > 0 && report.deliveries.partial > 0)
  ok((report.readings.conflicting ?? 0) > 0 && (report.readings.duplicate ?? 0) > 0)
})

test('the same seed comes to the same state', async () => {
  equal((await run()).state_hash, report.state_hash)
})

test('verify agrees, with roots of contracts and traded energy on the chain', async () => {
  const { code, out } = await busbar(['verify', '--data-dir', dataDir, '--json'])
  const found = JSON.parse(out) as Awaited<ReturnType<typeof verifyMarket>>
  deepEqual(found.differences, [])
  equal(code, 0)
  ok(found.checks.some(({ detail }) => detail.includes(report.state_hash)))
})
