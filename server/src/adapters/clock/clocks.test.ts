/**
 * Goal: market time never goes back, also not over a kill.
 * Method: each clock is made, moved, and made again as a new process would make it; what it kept is
 * then cut short, as a power cut might.
 */
import { equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { acceleratedClock, manualClock, realClock } from './clocks.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-clock-'))
after(() => rmSync(directory, { recursive: true, force: true }))
const place = (name: string): string => mkdtempSync(join(directory, name))

describe('a manual clock', () => {
  test('stands where it was put', () => {
    const clock = manualClock(1_000, place('new'))
    equal(clock.now(), 1_000)
    clock.advance(2_000)
    equal(clock.now(), 2_000)
    clock.advance(1_500)
    equal(clock.now(), 2_000, 'it does not go back')
  })

  test('goes on where a killed process had it', () => {
    const data = place('killed')
    manualClock(1_000, data).advance(5_000)
    equal(manualClock(1_000, data).now(), 5_000)
    equal(manualClock(7_000, data).now(), 7_000, 'but not before the last command')
  })

  for (const left of ['', '{"nowMs":', '{}', '[]', 'null', '{"nowMs":1e300}', '{"nowMs":"9000"}']) {
    test(`begins at the last command if ${JSON.stringify(left)} is what a power cut left`, () => {
      const data = place('cut')
      writeFileSync(join(data, 'clock.json'), left)
      const clock = manualClock(1_000, data)
      equal(clock.now(), 1_000)
      clock.advance(3_000)
      equal(manualClock(1_000, data).now(), 3_000)
    })
  }
})

test('a real clock waits for a machine that is behind', () => {
  const ahead = Date.now() + 3_600_000
  equal(realClock(ahead).now(), ahead)
  ok(Math.abs(realClock(1_000).now() - Date.now()) < 60_000)
})

test('an accelerated clock runs from where it begins', async () => {
  const clock = acceleratedClock(1_000_000, 1_000)
  const first = clock.now()
  await new Promise((resolve) => setTimeout(resolve, 20))
  ok(first >= 1_000_000)
  ok(clock.now() - first >= 15_000, 'twenty milliseconds are twenty seconds')
})
