/**
 * Goal: whatever anybody asks, costly answers leave the thread to the market for half of the time;
 * who asks the same gets the same; too many questions are refused, and failures are only their own.
 * Method: work by hand that is held up, fails, or takes a known time.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSharedWork } from './shared-work.ts'

const busyFor = (ms: number): void => {
  const end = performance.now() + ms
  let now = 0
  while (now < end) now = performance.now()
}

describe('shared work', () => {
  test('is done once for all who ask the same, and again for who asks later', async () => {
    const shared = createSharedWork()
    let times = 0
    const work = async () => (times += 1)
    deepEqual(await Promise.all([shared('a', work), shared('a', work)]), [1, 1])
    equal(await shared('a', work), 2)
  })

  test('is done one at a time, with a rest between', async () => {
    const shared = createSharedWork()
    const spans: [number, number][] = []
    const work = (): void => {
      const begun = performance.now()
      busyFor(20)
      spans.push([begun, performance.now()])
    }
    await Promise.all(['a', 'b', 'c'].map((question) => shared(question, work)))
    for (const [index, [, ended]] of spans.slice(0, -1).entries()) {
      ok((spans[index + 1]?.[0] ?? 0) - ended >= 18, JSON.stringify(spans))
    }
    equal(spans.length, 3)
  })

  test('that fails is a failure of those who asked for it alone', async () => {
    const shared = createSharedWork()
    const failing = shared('a', () => Promise.reject(new Error('no')))
    const next = shared('b', () => 7)
    await rejects(failing, /no/)
    equal(await next, 7)
    equal(await shared('a', () => 8), 8)
  })

  test('is refused where too much waits, but for what is on its way', async () => {
    const shared = createSharedWork()
    const held = Promise.withResolvers<number>()
    const answers = Array.from({ length: 128 }, (_, i) => shared(String(i), () => held.promise))
    await rejects(shared('more', () => 1), { message: 'server_busy' })
    const same = shared('5', () => held.promise)
    held.resolve(9)
    deepEqual(new Set(await Promise.all([...answers, same])), new Set([9]))
    equal(await shared('more', () => 1), 1)
  })
})
