/**
 * Goal: what everybody is shown comes in few bytes to those who can read them, and is the same;
 * what one alone may see is never compressed.
 * Method: the real app on a socket; each encoding beside the plain answer, as raw bytes.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { get, type IncomingHttpHeaders } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { encodingsIn } from './compression.ts'
import { type Harness, openServer, signerOf } from './testing/harness.ts'

let harness: Harness

before(async () => {
  harness = await openServer()
})

after(() => harness.server.stop())

/** `fetch` would unpack it. */
const raw = (path: string, headers: Record<string, string>) =>
  new Promise<{ readonly headers: IncomingHttpHeaders; readonly bytes: Buffer }>((done, failed) => {
    get(`${harness.url}${path}`, { headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => done({ headers: answer.headers, bytes: Buffer.concat(parts) }))
    }).on('error', failed)
  })

describe('an answer for everybody', () => {
  const path = '/v1/openapi.json'
  for (const [encoding, unpack] of [['br', brotliDecompressSync], ['gzip', gunzipSync]] as const) {
    test(`comes by ${encoding} in a fraction, and is the same`, async () => {
      const plain = await raw(path, {})
      equal(plain.headers['content-encoding'], undefined)
      const packed = await raw(path, { 'accept-encoding': `identity, ${encoding}` })
      equal(packed.headers['content-encoding'], encoding)
      equal(packed.headers.vary, 'accept-encoding')
      equal(Number(packed.headers['content-length']), packed.bytes.length)
      ok(packed.bytes.length * 5 < plain.bytes.length)
      deepEqual(unpack(packed.bytes), plain.bytes)
    })
  }

  test('that is small stays as it is', async () => {
    const { headers } = await raw('/v1/health', { 'accept-encoding': 'br' })
    equal(headers['content-encoding'], undefined)
  })
})

test('what one alone may see is not compressed', async () => {
  const authorization = await signerOf('alice').credential(Date.now() + 3_600_000)
  for (const path of ['/v1/accounts/4/intervals/100', '/v1/session']) {
    const { headers } = await raw(path, { authorization, 'accept-encoding': 'br, gzip' })
    equal(headers['content-encoding'], undefined, path)
  }
})

const accepted: readonly (readonly [header: string | undefined, expected: readonly string[]])[] = [
  [undefined, []], ['', []], ['gzip', ['gzip']], ['gzip, br', ['br', 'gzip']], ['BR;q=0.5', ['br']],
  ['br;q=0, gzip', ['gzip']], ['br; q=0.0', []], ['zstd, deflate', []], ['*', []],
]
for (const [header, expected] of accepted) {
  test(`“${header}” takes ${expected.join(', ') || 'nothing'}`, () => {
    deepEqual(encodingsIn(header), expected)
  })
}
