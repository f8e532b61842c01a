/**
 * Goal: a reader misses nothing that the server still has, is told when it did, and a slow one
 * costs the server no more than its limit.
 * Method: the log alone against a plain list; then real streams over a socket, cut and resumed.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, test } from 'node:test'
import type { ReceivedEvent } from '@busbar/client'
import fc from 'fast-check'
import { createEventLog, frameOf } from './event-log.ts'
import { defaultLimits } from './limits.ts'
import { createStreams } from './stream.ts'
import { clearedEvent } from './testing/exchange-double.ts'
import { type Harness, limitsWith, withServer } from './testing/harness.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const clock = (nowMs: number) => ({ name: 'clock', data: { nowMs, interval: 0 } }) as const

describe('the log', () => {
  test('gives exactly what came after an id, or says that it cannot', () => {
    const counts = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(counts, counts, fc.integer({ min: 1, max: 9 }), (count, from, historyMax) => {
        const log = createEventLog('a', historyMax)
        const frames = Array.from({ length: count }, (_, index) => log.append(clock(index)))
        equal(log.lastId(), `a-${count}`)
        const missed = log.after(`a-${from}`)
        const gone = from > count || count - from > historyMax
        deepEqual(missed, gone ? undefined : frames.slice(from))
      }),
      replay,
    )
  })

  test('knows no ids of another start, and no others', () => {
    const log = createEventLog('a', 10)
    log.append(clock(1))
    for (const id of ['b-1', 'a-', 'a-01', 'a--1', 'a-1.0', 'a-2', '1', 'a']) {
      equal(log.after(id), undefined, id)
    }
    deepEqual(log.after('a-1'), [])
    equal(frameOf(clock(1), 'a-1'), 'id: a-1\nevent: clock\ndata: {"nowMs":1,"interval":0}\n\n')
  })
})

/** What a reader's socket would get, as text. */
class Reader extends PassThrough {
  text = ''

  constructor() {
    super()
    this.setEncoding('utf8').on('data', (text: string) => (this.text += text))
  }

  writeHead(): this {
    return this
  }

  get heard(): readonly number[] {
    return [...this.text.matchAll(/"nowMs":(\d+)/g)].map(([, number]) => Number(number))
  }
}

describe('many readers', () => {
  test('each hear everything from their opening on, once and in order', async () => {
    const step = fc.oneof(
      fc.constant('tell' as const),
      fc.constant('turn' as const),
      fc.record({ readers: fc.integer({ min: 1, max: 120 }), back: fc.nat(3) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const streams = createStreams('a', { ...defaultLimits.stream, historyMax: 100 })
        const readers: { readonly reader: Reader; readonly from: number }[] = []
        let told = 0
        for (const one of steps) {
          if (one === 'turn') await new Promise((resolve) => setImmediate(resolve))
          else if (one === 'tell') streams.publish(clock((told += 1)))
          else {
            const from = Math.max(0, told - one.back)
            for (let i = 0; i < one.readers; i += 1) {
              const reader = new Reader()
              streams.open(reader as unknown as ServerResponse, from === told ? '' : `a-${from}`)
              readers.push({ reader, from })
            }
          }
        }
        const ended = readers.map(({ reader }) => once(reader, 'end'))
        streams.close()
        await Promise.all(ended)
        for (const { reader, from } of readers) {
          deepEqual(reader.heard, Array.from({ length: told - from }, (_, i) => from + i + 1))
        }
      }),
      { ...replay, numRuns: 40 },
    )
  })
})

/** The next `count` events, by interval or name. */
async function take(
  events: AsyncIterator<ReceivedEvent, void>,
  count: number,
): Promise<readonly (number | string)[]> {
  const seen: (number | string)[] = []
  while (seen.length < count) {
    const next = await events.next()
    if (next.done === true) break
    const { event } = next.value
    seen.push(event.name === 'interval_cleared' ? event.data.interval : event.name)
  }
  return seen
}

function listen(
  { client }: Harness,
  lastEventId?: string,
): { readonly events: AsyncIterator<ReceivedEvent, void>; readonly opened: Promise<void> } {
  const { promise: opened, resolve } = Promise.withResolvers<void>()
  const options = lastEventId === undefined ? {} : { lastEventId }
  return { events: client.events({ ...options, onOpen: () => resolve() }), opened }
}

describe('a stream', () => {
  test('begins with what happens from now on', async () => {
    await withServer(async (harness) => {
      harness.exchange.tell(clearedEvent(1))
      const { events, opened } = listen(harness)
      const seen = take(events, 2)
      await opened
      harness.exchange.tell(clearedEvent(2))
      harness.exchange.tell(clearedEvent(3))
      deepEqual(await seen, [2, 3])
      await events.return?.()
    })
  })

  test('continues after Last-Event-ID', async () => {
    await withServer(async (harness) => {
      for (let i = 1; i <= 5; i += 1) harness.exchange.tell(clearedEvent(i))
      const { events } = listen(harness, 'e1-2')
      deepEqual(await take(events, 3), [3, 4, 5])
      await events.return?.()
    })
  })

  test('says so when what was missed is gone', async () => {
    const limits = limitsWith({ stream: { historyMax: 2 } })
    await withServer(async (harness) => {
      for (let i = 1; i <= 5; i += 1) harness.exchange.tell(clearedEvent(i))
      const { events } = listen(harness, 'e1-2')
      deepEqual(await take(events, 1), ['stream_reset'])
      harness.exchange.tell(clearedEvent(6))
      deepEqual(await take(events, 1), [6])
      await events.return?.()
      const other = listen(harness, 'e0-5')
      deepEqual(await take(other.events, 1), ['stream_reset'])
      await other.events.return?.()
    }, { limits })
  })

  test('comes back after a cut and misses nothing', async () => {
    const limits = limitsWith({ stream: { bufferBytesMax: 600 } })
    await withServer(async (harness) => {
      const { events, opened } = listen(harness)
      const seen = take(events, 40)
      await opened
      // The frames of 40 events in one turn are more than the buffer: the reader is cut off.
      for (let i = 1; i <= 40; i += 1) harness.exchange.tell(clearedEvent(i))
      deepEqual(await seen, Array.from({ length: 40 }, (_, index) => index + 1))
      await events.return?.()
    }, { limits })
  })

  test('cuts off a reader that does not read', async () => {
    const limits = limitsWith({ stream: { bufferBytesMax: 100_000 } })
    await withServer(async ({ port, exchange, client }) => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write('GET /v1/stream HTTP/1.1\r\nhost: a\r\n\r\n')
      await once(socket, 'readable')
      socket.pause()
      socket.on('error', () => undefined)
      equal((await client.health()).streams, 1)
      for (let i = 0; i < 200_000; i += 1) {
        exchange.tell(clearedEvent(i))
        if (i % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve))
        if (i % 10_000 === 0 && (await client.health()).streams === 0) break
      }
      equal((await client.health()).streams, 0)
      socket.destroy()
    }, { limits })
  })

  test('is one too many at the limit', async () => {
    const limits = limitsWith({ stream: { streamsMax: 1 } })
    await withServer(async (harness) => {
      const { events, opened } = listen(harness)
      const first = events.next()
      await opened
      const response = await fetch(`${harness.url}/v1/stream`)
      equal(response.status, 503)
      equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      await response.body?.cancel()
      harness.exchange.tell(clearedEvent(1))
      ok((await first).done !== true)
      await events.return?.()
    }, { limits })
  })

  test('has a heartbeat', async () => {
    const limits = limitsWith({ stream: { heartbeatMs: 20 } })
    await withServer(async ({ url }) => {
      const controller = new AbortController()
      const response = await fetch(`${url}/v1/stream`, { signal: controller.signal })
      const reader = response.body?.getReader()
      let text = ''
      while (!text.includes(': heartbeat')) {
        const { value } = (await reader?.read()) ?? {}
        text += new TextDecoder().decode(value)
      }
      ok(text.startsWith('retry: 1000\nid: e1-0\n\n'))
      controller.abort()
    }, { limits })
  })
})
