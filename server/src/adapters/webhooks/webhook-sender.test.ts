/**
 * Goal: a notice reaches the address that its owner named and no other: not this machine, not its
 * neighbours, not where a redirect or a name that changed its meaning points to.
 * Method: tables of addresses; real servers on this machine that redirect, hang, chatter and close;
 * a resolver that answers as an attacker's would.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { describe, test } from 'node:test'
import { isPublicAddress, objectionTo } from './addresses.ts'
import { certificate, certificateKey } from './test-certificate.ts'
import { WebhookSender } from './webhook-sender.ts'

const body = Buffer.from('{"id":"district/7/1"}')
const headers = { 'content-type': 'application/json', 'busbar-notice': 'district/7/1' }

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function withReceiver(
  answer: RequestListener,
  run: (port: number) => Promise<void>,
): Promise<void> {
  const server = createServer(answer)
  const port = await listening(server)
  try {
    await run(port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const reaching = (change: Partial<ConstructorParameters<typeof WebhookSender>[0]> = {}) =>
  new WebhookSender({ reach: 'any', deadlineMs: 2_000, ...change })

describe('addresses', () => {
  const open = [
    '93.184.216.34', '9.255.255.255', '11.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255',
    '192.169.0.0', '100.63.255.255', '100.128.0.0', '169.253.255.255', '223.255.255.255',
    '2606:2800:220:1::1', '2a00:1450::1', '2001:200::1',
  ]
  const closed = [
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254',
    '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1', '192.168.1.1', '198.18.0.1',
    '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:127.0.0.1',
    '::ffff:93.184.216.34', '64:ff9b::7f00:1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1',
    '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '', 'localhost', '127.1', '0x7f000001',
    '2130706433',
  ]
  for (const address of open) {
    test(`${address} is for everybody`, () => equal(isPublicAddress(address), true))
  }
  for (const address of closed) {
    test(`${address || 'nothing'} is not`, () => equal(isPublicAddress(address), false))
  }

  const table: readonly (readonly [url: string, objection: RegExp | undefined])[] = [
    ['https://hooks.example/a?b=c', undefined],
    ['https://hooks.example:8443/', undefined],
    ['https://93.184.216.34/', undefined],
    ['https://[2606:2800:220:1::1]/', undefined],
    ['http://hooks.example/', /https/],
    ['ftp://hooks.example/', /https/],
    ['file:///etc/passwd', /https/],
    ['hooks.example', /https/],
    ['', /https/],
    ['https://user@hooks.example/', /user/],
    ['https://:word@hooks.example/', /user/],
    ['https://hooks.example/#part', /fragment/],
    ['https://localhost/', /public name/],
    ['https://metadata/', /public name/],
    ['https://127.0.0.1/', /public address/],
    // As a parser of URLs reads them, all of these are 127.0.0.1.
    ['https://127.1/', /public address/],
    ['https://0x7f.1/', /public address/],
    ['https://2130706433/', /public address/],
    ['https://[::1]/', /public address/],
    ['https://[::ffff:10.0.0.1]/', /public address/],
  ]
  for (const [url, objection] of table) {
    test(`${url || 'nothing'}: ${objection?.source ?? 'may be one'}`, () => {
      const found = objectionTo(url, 'public')
      if (objection === undefined) equal(found, undefined)
      else match(found ?? '', objection)
    })
  }

  test('of this machine serve for development', () => {
    equal(objectionTo('http://127.0.0.1:8080/', 'any'), undefined)
    equal(objectionTo('http://localhost/', 'any'), undefined)
    ok(objectionTo('file:///etc/passwd', 'any'))
  })
})

describe('a notice', () => {
  test('is brought with its headers and bytes, once', async () => {
    const taken: unknown[] = []
    const receive: RequestListener = async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { host, 'busbar-notice': id, 'content-type': type } = request.headers
      taken.push([request.method, request.url, host, id, type, Buffer.concat(chunks).toString()])
      response.writeHead(202).end()
    }
    await withReceiver(receive, async (port) => {
      const sender = reaching({ resolve: async () => ['127.0.0.1'] })
      const answer = await sender.send(`http://hooks.example:${port}/a?b=c`, headers, body)
      deepEqual(answer, { kind: 'answered', status: 202 })
      const host = `hooks.example:${port}`
      const type = 'application/json'
      deepEqual(taken, [['POST', '/a?b=c', host, 'district/7/1', type, body.toString()]])
    })
  })

  test('follows no redirect', async () => {
    let requests = 0
    const redirect: RequestListener = (_request, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    }
    await withReceiver(redirect, async (port) => {
      const answer = await reaching().send(`http://127.0.0.1:${port}/`, headers, body)
      deepEqual([answer, requests], [{ kind: 'answered', status: 307 }, 1])
    })
  })

  test('waits for an answer so long and no longer', async () => {
    await withReceiver(() => undefined, async (port) => {
      const begun = performance.now()
      const sender = reaching({ deadlineMs: 200 })
      const answer = await sender.send(`http://127.0.0.1:${port}/`, headers, body)
      deepEqual(answer, { kind: 'unreachable', reason: 'no answer in time' })
      ok(performance.now() - begun < 5_000)
    })
    const never = new Promise<never>(() => undefined)
    const slow = reaching({ deadlineMs: 200, resolve: () => never })
    const answer = await slow.send('http://hooks.example/', headers, body)
    deepEqual(answer, { kind: 'unreachable', reason: 'no answer in time' })
  })

  test('is brought though its receiver does not stop talking', async () => {
    let written = 0
    let closed = false
    const chatter: RequestListener = (_request, response) => {
      const timer = setInterval(() => {
        written += 4_096
        response.write(Buffer.alloc(4_096))
      }, 1)
      response.on('close', () => {
        closed = true
        clearInterval(timer)
      })
    }
    await withReceiver(chatter, async (port) => {
      const answer = await reaching().send(`http://127.0.0.1:${port}/`, headers, body)
      deepEqual(answer, { kind: 'answered', status: 200 })
      for (let turn = 0; turn < 200 && !closed; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      ok(closed, 'the connection was cut')
      ok(written < 10_000_000)
    })
  })

  test('that meets no server, or no HTTP, says why', async () => {
    await withReceiver(() => undefined, async (port) => {
      const gone = `http://127.0.0.1:${port}/`
      const silent = createSocketServer((socket) => socket.end('what?\r\n\r\n'))
      silent.listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port: other } = silent.address() as AddressInfo
      const answers = [
        await reaching().send(`http://127.0.0.1:${other}/`, headers, body),
        await reaching().send(gone.replace('http:', 'https:'), headers, body),
        await reaching({ resolve: async () => [] }).send('http://hooks.example/', headers, body),
      ]
      for (const answer of answers) equal(answer.kind, 'unreachable')
      silent.close()
    })
    const resolve = async (): Promise<never> => {
      throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    }
    const unknown = await reaching({ resolve }).send('http://hooks.example/', headers, body)
    deepEqual(unknown, { kind: 'unreachable', reason: 'ENOTFOUND' })
  })
})

describe('to public addresses alone', () => {
  test('a name that stands for another is not asked', async () => {
    let requests = 0
    const count: RequestListener = (_request, response) => {
      requests += 1
      response.end()
    }
    await withReceiver(count, async (port) => {
      const url = `https://hooks.example:${port}/`
      const names = [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::1'], ['10.0.0.1']]
      for (const addresses of names) {
        const sender = new WebhookSender({ reach: 'public', resolve: async () => addresses })
        const answer = await sender.send(url, headers, body)
        deepEqual(answer, { kind: 'unreachable', reason: 'not a public address' }, `${addresses}`)
      }
      const sender = new WebhookSender({ reach: 'public' })
      const direct = await sender.send(`http://127.0.0.1:${port}/`, headers, body)
      equal(direct.kind, 'unreachable')
      equal(requests, 0)
    })
  })

  test('a name is asked for once, and its server must show the name', async () => {
    const server = createSecureServer(
      { cert: certificate, key: certificateKey },
      (_request, response) => response.writeHead(204).end(),
    )
    const port = await listening(server)
    let asked = 0
    // The second answer is the one that an attacker would want to be used.
    const resolve = async (): Promise<string[]> => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['169.254.169.254']
    }
    try {
      const sender = reaching({ resolve, ca: certificate })
      const answer = await sender.send(`https://hooks.example:${port}/`, headers, body)
      deepEqual([answer, asked], [{ kind: 'answered', status: 204 }, 1])
      const local = reaching({ resolve: async () => ['127.0.0.1'], ca: certificate })
      const other = await local.send(`https://other.example:${port}/`, headers, body)
      deepEqual(other, { kind: 'unreachable', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' })
      const strict = reaching({ resolve: async () => ['127.0.0.1'] })
      const unknown = await strict.send(`https://hooks.example:${port}/`, headers, body)
      deepEqual(unknown, { kind: 'unreachable', reason: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
