/**
 * Goal: the server carries what it can, says so when it cannot, and stops without losing an answer.
 * Method: limits set so low that a few requests reach them, and a write that is held while the
 * server stops.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import type { Problem } from '@busbar/protocols/api'
import { limitsWith, sampleOrder, signerOf, withServer } from './testing/harness.ts'

const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as Problem).code

describe('rate', () => {
  test('one address is told to wait, and for how long', async () => {
    const limits = limitsWith({ rate: { requestsMax: 3, windowMs: 60_000 } })
    await withServer(async ({ url }) => {
      for (let i = 0; i < 3; i += 1) equal((await fetch(`${url}/v1/market`)).status, 200)
      const response = await fetch(`${url}/v1/market`)
      equal(response.status, 429)
      ok(Number(response.headers.get('retry-after')) > 0)
      equal(await codeOf(response), 'rate_limited')
    }, { limits })
  })

  test('counts what is refused too', async () => {
    const limits = limitsWith({ rate: { requestsMax: 2, windowMs: 60_000 } })
    await withServer(async ({ url }) => {
      const send = () => fetch(`${url}/v1/orders`, { method: 'POST', body: 'x' })
      equal((await send()).status, 415)
      equal((await send()).status, 415)
      equal((await send()).status, 429)
    }, { limits })
  })
})

describe('load', () => {
  test('more requests than the limit are told that the server is busy', async () => {
    const limits = limitsWith({ requestsMax: 2 })
    await withServer(async ({ client, exchange, url }) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      exchange.hold = promise
      const order = await signerOf('alice').order(sampleOrder)
      const held = [client.placeOrder(order), client.placeOrder(order)]
      await until(() => exchange.submitted.length === 2)
      const response = await fetch(`${url}/v1/market`)
      equal(response.status, 503)
      equal(await codeOf(response), 'server_busy')
      resolve()
      deepEqual((await Promise.all(held)).map(({ kind }) => kind), ['accepted', 'accepted'])
      equal((await fetch(`${url}/v1/market`)).status, 200)
    }, { limits })
  })

  test('streams are not requests under way', async () => {
    const limits = limitsWith({ requestsMax: 1 })
    await withServer(async ({ client, url }) => {
      const controller = new AbortController()
      const opened = Array.from({ length: 3 }, async () => {
        const events = client.events({ signal: controller.signal })
        await events.next()
      })
      await untilAsync(async () => (await client.health()).streams === 3)
      equal((await fetch(`${url}/v1/market`)).status, 200)
      controller.abort()
      await Promise.all(opened)
      await untilAsync(async () => (await client.health()).streams === 0)
    }, { limits })
  })

  test('a peer that leaves early is forgotten, and is nobody’s failure', async () => {
    const limits = limitsWith({ requestsMax: 1 })
    await withServer(async ({ url, reported, exchange }) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      exchange.hold = promise
      const controller = new AbortController()
      const order = await signerOf('alice').order(sampleOrder)
      const left = fetch(`${url}/v1/orders`, {
        method: 'POST',
        body: JSON.stringify({ orders: [order] }),
        headers: { 'content-type': 'application/json' },
        signal: controller.signal,
      })
      await until(() => exchange.submitted.length === 1)
      controller.abort()
      await rejects(left)
      await untilAsync(async () => (await fetch(`${url}/v1/market`)).status === 200)
      resolve()
      deepEqual(reported, [])
    }, { limits })
  })
})

describe('stop', () => {
  test('answers what is under way and takes nothing new', async () => {
    await withServer(async ({ client, exchange, server, url }) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      exchange.hold = promise
      const order = await signerOf('alice').order(sampleOrder)
      const held = client.placeOrder(order)
      await until(() => exchange.submitted.length === 1)
      const stopped = server.stop()
      await rejects(fetch(`${url}/v1/market`), 'the door is closed')
      resolve()
      equal((await held).kind, 'accepted')
      await stopped
      equal(exchange.listenerCount, 0)
    })
  })

  test('does not wait for ever', async () => {
    const limits = limitsWith({ stopMs: 100 })
    await withServer(async ({ client, exchange, server }) => {
      exchange.hold = new Promise(() => undefined)
      const order = await signerOf('alice').order(sampleOrder)
      const held = rejects(client.placeOrder(order), { code: 'network_failed' })
      await until(() => exchange.submitted.length === 1)
      await server.stop()
      await held
    }, { limits })
  })

  test('does not wait for connections on which nothing was asked', async () => {
    await withServer(async ({ port, server }) => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      const began = performance.now()
      const closed = once(socket, 'close')
      socket.resume()
      await server.stop()
      await closed
      ok(performance.now() - began < 2_000)
    })
  })

  test('ends open streams and idle connections at once', async () => {
    await withServer(async ({ client, server }) => {
      await client.market()
      const controller = new AbortController()
      let opened = 0
      const events = client.events({
        signal: controller.signal,
        onOpen: () => {
          opened += 1
        },
      })
      const ended = events.next()
      await until(() => opened === 1)
      const began = performance.now()
      await server.stop()
      ok(performance.now() - began < 2_000)
      controller.abort()
      equal((await ended).done, true)
    })
  })
})

const pause = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs))

const until = (holds: () => boolean): Promise<void> => untilAsync(async () => holds())

async function untilAsync(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i += 1) {
    if (await holds()) return
    await pause(10)
  }
  throw new Error('it never came')
}
