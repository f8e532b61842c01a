/**
 * Goal: the stream tells each account how far its own notices are, at once and again after a cut,
 * and tells nobody of anybody else's; whose credential is over hears no more than everybody.
 * Method: real streams over a socket, by header and by cookie, read as bytes; a table of who may
 * not hear; then many readers of the part alone, with notices that come while one is counted.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import type { ReceivedEvent } from '@busbar/client'
import { createNoticeStreams } from './notice-streams.ts'
import { clearedEvent, people } from './testing/exchange-double.ts'
import { type Harness, limitsWith, signerOf, withServer } from './testing/harness.ts'
import { NoticesDouble } from './testing/notice-views.ts'

const hour = 3_600_000
const alice = people.alice.account

/** A stream as its bytes, until a text is in it. */
async function streamOf({ url }: Harness, headers: Readonly<Record<string, string>> = {}) {
  const ending = new AbortController()
  const response = await fetch(`${url}/v1/stream`, { headers, signal: ending.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    status: response.status,
    until: async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) {
        const { value, done } = (await reader?.read()) ?? { done: true }
        if (done) throw new Error(`the stream ended before ${wanted}: ${text}`)
        text += value
      }
      return text
    },
    end: () => ending.abort(),
  }
}

const frame = (account: number, lastSequence: number): string =>
  `event: notices_written\ndata: ${JSON.stringify({ account, lastSequence })}\n\n`

const cookieOf = async ({ url }: Harness, authorization: string): Promise<string> => {
  const headers = { authorization }
  const response = await fetch(`${url}/v1/session`, { method: 'POST', headers })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

describe('the stream of an account', () => {
  for (const by of ['authorization', 'cookie'] as const) {
    test(`tells it how far its notices are, by ${by}`, async () => {
      await withServer(async (harness) => {
        const { notices } = harness.exchange
        notices.tell(alice)
        const credential = await signerOf('alice').credential(Date.now() + hour)
        const value = by === 'cookie' ? await cookieOf(harness, credential) : credential
        const stream = await streamOf(harness, { [by]: value })
        await stream.until(frame(alice, 1))
        notices.tell(alice, people.bob.account)
        const text = await stream.until(frame(alice, 2))
        ok(!text.includes(`"account":${people.bob.account}`), 'and of nobody else')
        stream.end()
      })
    })
  }

  test('has no id of its own, so that what is public goes on where it was', async () => {
    await withServer(async (harness) => {
      const seen: ReceivedEvent[] = []
      for await (const received of harness.as('alice').events()) {
        seen.push(received)
        if (seen.length === 1) harness.exchange.tell(clearedEvent(1))
        if (seen.length === 2) harness.exchange.notices.tell(alice)
        if (seen.length === 3) break
      }
      deepEqual(seen.map(({ id, event: { name } }) => [id, name]), [
        ['e1-0', 'notices_written'], ['e1-1', 'interval_cleared'], ['e1-1', 'notices_written'],
      ])
    })
  })

  test('says after a cut what was told meanwhile', async () => {
    const limits = limitsWith({ stream: { bufferBytesMax: 600 } })
    await withServer(async ({ as, exchange }) => {
      const heard: number[] = []
      let opened = 0
      const onOpen = () => (opened += 1)
      const onLost = () => exchange.notices.tell(alice)
      for await (const { event } of as('alice').events({ onOpen, onLost })) {
        if (event.name !== 'notices_written') continue
        heard.push(event.data.lastSequence)
        if (heard.length === 2) break
        // More than its buffer in one turn cuts it off; the notice comes while it is away.
        for (let i = 1; i <= 40; i += 1) exchange.tell(clearedEvent(i))
      }
      deepEqual([heard, opened], [[0, 1], 2])
    }, { limits })
  })
})

describe('nobody else', () => {
  const never = 'notices_written'
  const strangers: Readonly<Record<string, (harness: Harness) => Promise<Record<string, string>>>> =
    {
      'without a credential': async () => ({}),
      'the operator': async () => ({
        authorization: await signerOf('operator').credential(Date.now() + hour),
      }),
      'another account': async () => ({
        authorization: await signerOf('bob').credential(Date.now() + hour),
      }),
      'another page, with a cookie': async (harness) => ({
        ...{ 'sec-fetch-site': 'cross-site' },
        cookie: await cookieOf(harness, await signerOf('alice').credential(Date.now() + hour)),
      }),
      'a cookie that is none': async () => ({
        cookie: `busbar=${alice}.${Date.now() + hour}.0x${'00'.repeat(65)}`,
      }),
    }

  for (const [who, headersOf] of Object.entries(strangers)) {
    test(`hears of an account’s notices: ${who}`, async () => {
      await withServer(async (harness) => {
        const stream = await streamOf(harness, await headersOf(harness))
        equal(stream.status, 200)
        harness.exchange.notices.tell(alice)
        // What is told later has come: what should have come before it is not there.
        const own = await streamOf(harness, {
          authorization: await signerOf('alice').credential(Date.now() + hour),
        })
        await own.until(frame(alice, 1))
        harness.exchange.tell(clearedEvent(7))
        const text = await stream.until('"interval":7')
        ok(!text.includes(`{"account":${alice}`), text)
        if (!who.startsWith('the op') && !who.startsWith('another acc')) ok(!text.includes(never))
        for (const one of [stream, own]) one.end()
      })
    })
  }

  test('a header that is no credential is refused', async () => {
    await withServer(async (harness) => {
      const stream = await streamOf(harness, { authorization: 'Busbar 4.1.0x00' })
      equal(stream.status, 401)
      stream.end()
    })
  })

  test('whose credential is over hears no more of its account', async () => {
    let now = Date.now()
    await withServer(async (harness) => {
      const authorization = await signerOf('alice').credential(now + 60_000)
      const stream = await streamOf(harness, { authorization })
      await stream.until(frame(alice, 0))
      now += 60_001
      harness.exchange.notices.tell(alice)
      const later = { authorization: await signerOf('alice').credential(now + hour) }
      const own = await streamOf(harness, later)
      await own.until(frame(alice, 1))
      harness.exchange.tell(clearedEvent(7))
      ok(!(await stream.until('"interval":7')).includes(frame(alice, 1)))
      for (const one of [stream, own]) one.end()
    }, { wallClock: () => now })
  })
})

describe('many readers', () => {
  const readers = (
    count: number,
    accountOf = (reader: number): number => reader,
    mayRead: (reader: number) => boolean = () => true,
    errors?: unknown[],
  ) => {
    const notices = new NoticesDouble()
    const counted: number[] = []
    const written = new Map<ServerResponse, string[]>()
    const streams = createNoticeStreams(
      {
        subscribe: (listener) => notices.subscribe(listener),
        lastSequences: async (accounts) => {
          counted.push(...accounts)
          return notices.lastSequences(accounts)
        },
      },
      (response, text) => written.get(response)?.push(text),
      (error) => {
        if (errors === undefined) throw error
        errors.push(error)
      },
    )
    const responses = Array.from({ length: count }, (_, reader) => {
      const response = new EventEmitter() as ServerResponse
      written.set(response, [])
      const account = accountOf(reader)
      streams.follow({ response, account, mayRead: async () => mayRead(reader) })
      return response
    })
    const settled = async () => {
      for (let i = 0; i < count + 8; i += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    return { notices, counted, written, streams, responses, settled }
  }

  test('cost what those cost whom a notice concerns, and nothing when they are gone', async () => {
    const { notices, counted, written, streams, responses, settled } = readers(1_000)
    await settled()
    deepEqual([...written.values()].map((texts) => texts.length), responses.map(() => 1))
    counted.length = 0
    notices.tell(5, 2_000)
    await settled()
    deepEqual(counted, [5], 'nobody else is counted')
    const told = responses.filter((one) => (written.get(one)?.length ?? 0) > 1)
    deepEqual(told, [responses[5]])
    responses[5]?.emit('close')
    notices.tell(5)
    await settled()
    deepEqual(counted, [5])
    streams.close()
    equal(notices.listenerCount, 0)
  })

  test('let others work: a thousand of one account are told in many turns', async () => {
    const { notices, written, settled } = readers(1_000, () => 7)
    await settled()
    notices.tell(7)
    let [told, most] = [0, 0]
    for (let turn = 0; told < 2_000 && turn < 2_000; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      const now = [...written.values()].reduce((sum, texts) => sum + texts.length, 0)
      if (turn > 0) most = Math.max(most, now - told)
      told = now
    }
    equal(told, 2_000)
    ok(most <= 10, `${most} in one turn`)
  })

  test('are told all the same where one of them cannot be', async () => {
    const errors: unknown[] = []
    const { notices, written, settled } = readers(3, () => 7, (reader) => {
      if (reader === 1) throw new Error('nobody knows who that is')
      return true
    }, errors)
    await settled()
    notices.tell(7)
    await settled()
    deepEqual([...written.values()].map((texts) => texts.length), [2, 0, 2])
    ok(errors.length > 1)
  })

  test('miss none that comes while they are counted', async () => {
    const { notices, written, responses, settled } = readers(1)
    notices.tell(0)
    notices.tell(0)
    await Promise.resolve()
    notices.tell(0)
    await settled()
    const texts = responses[0] === undefined ? [] : written.get(responses[0])
    equal(texts?.at(-1), frame(0, 3))
  })
})
