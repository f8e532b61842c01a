/**
 * Goal: pages and their files come whole, compressed where the browser takes it, to be kept as long
 * as they stay the same, under a policy that lets nothing foreign in; the interface is as before.
 * Method: a small set of pages in a temporary folder, asked for over a socket with every header
 * that changes the answer.
 */
import { deepEqual, equal, match, notEqual, rejects } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { type PageSet, readPageSet } from './page-set.ts'
import { withServer } from './testing/harness.ts'

const shell = '<!doctype html><title>Busbar</title>'
const script = 'console.log("a page")'

let folder: string
let pages: PageSet

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busbar-pages-'))
  await writeFile(join(folder, 'index.html'), shell)
  await writeFile(join(folder, 'a-1.js'), script)
  await writeFile(join(folder, 'a-1.js.br'), brotliCompressSync(script))
  await writeFile(join(folder, 'a-1.js.gz'), gzipSync(script))
  await writeFile(join(folder, 'pages.json'), JSON.stringify(list))
  pages = await readPageSet(folder)
})

after(() => rm(folder, { recursive: true, force: true }))

const html = 'text/html; charset=utf-8'
const list = {
  shell: 'index.html',
  pages: ['/', '/intervals/:zone/:interval'],
  files: [
    { path: '/index.html', file: 'index.html', type: html, immutable: false, encodings: [] },
    {
      ...{ path: '/assets/a-1.js', file: 'a-1.js', type: 'text/javascript; charset=utf-8' },
      ...{ immutable: true, encodings: ['br', 'gzip'] },
    },
  ],
}

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Without what `fetch` would add and undo. */
function ask(
  url: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { method, headers }, async (response) => {
      const body: Buffer[] = []
      for await (const part of response) body.push(part as Buffer)
      const { statusCode: status = 0, headers: got } = response
      resolve({ status, headers: got, body: Buffer.concat(body) })
    })
    asked.once('error', reject).end()
  })
}

describe('pages', () => {
  test('every path of a page is the same page, and no other path is', async () => {
    await withServer(async ({ url }) => {
      for (const path of ['/', '/intervals/0/17', '/?zone=1']) {
        const { status, headers, body } = await ask(url, path)
        equal(status, 200)
        equal(headers['content-type'], html)
        equal(body.toString(), shell)
      }
      for (const path of ['/index.html', '/nothing', '/assets/', '/pages.json', '/a-1.js.br']) {
        equal((await ask(url, path)).status, 404, path)
      }
    }, { pages })
  })

  test('a person at another path gets the page too, and a program the problem', async () => {
    await withServer(async ({ url }) => {
      const person = { accept: 'text/html,*/*;q=0.8' }
      const { status, headers, body } = await ask(url, '/nothing', person)
      deepEqual([status, headers['content-type'], body.toString()], [404, html, shell])
      const asked = await ask(url, '/v1/nothing', person)
      equal(asked.headers['content-type'], 'application/problem+json; charset=utf-8')
      equal((await ask(url, '/nothing', { accept: '*/*' })).headers['content-type'],
        'application/problem+json; charset=utf-8')
    }, { pages })
  })

  test('only its own files run, and nobody frames it', async () => {
    await withServer(async ({ url }) => {
      const { headers } = await ask(url, '/')
      const policy = String(headers['content-security-policy'])
      match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/)
      match(policy, /frame-ancestors 'none'/)
      equal(/unsafe|https?:|data:|\*/.test(policy), false, policy)
      equal(headers['x-content-type-options'], 'nosniff')
      equal(headers['referrer-policy'], 'no-referrer')
      equal(headers['cross-origin-opener-policy'], 'same-origin')
    }, { pages })
  })

  const encodings: readonly (readonly [string, string | undefined])[] = [
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['identity', undefined],
    ['', undefined],
  ]
  for (const [accepted, encoding] of encodings) {
    test(`who takes "${accepted}" gets ${encoding ?? 'plain bytes'}`, async () => {
      await withServer(async ({ url }) => {
        const got = await ask(url, '/assets/a-1.js', { 'accept-encoding': accepted })
        equal(got.headers['content-encoding'], encoding)
        equal(got.headers.vary, 'accept-encoding')
        equal(got.headers['cache-control'], 'public, max-age=31536000, immutable')
        const open = { br: brotliDecompressSync, gzip: gunzipSync, none: (body: Buffer) => body }
        equal(open[(encoding ?? 'none') as keyof typeof open](got.body).toString(), script)
      }, { pages })
    })
  }

  test('what is the same is not sent again', async () => {
    await withServer(async ({ url }) => {
      const first = await ask(url, '/')
      equal(first.headers['cache-control'], 'no-cache')
      const etag = String(first.headers.etag)
      const again = await ask(url, '/', { 'if-none-match': `"x", ${etag}` })
      deepEqual([again.status, again.body.length], [304, 0])
      equal((await ask(url, '/', { 'if-none-match': '"x"' })).status, 200)
      const coded = await ask(url, '/assets/a-1.js', { 'accept-encoding': 'br' })
      const plain = await ask(url, '/assets/a-1.js')
      notEqual(coded.headers.etag, plain.headers.etag)
      const head = await ask(url, '/', {}, 'HEAD')
      deepEqual([head.status, head.body.length], [200, 0])
    }, { pages })
  })

  test('the interface keeps its own, stricter headers', async () => {
    await withServer(async ({ url }) => {
      const { headers } = await ask(url, '/v1/market')
      equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
      equal(headers['cache-control'], 'no-store')
    }, { pages })
  })

  test('without pages there is the interface alone', async () => {
    await withServer(async ({ url }) => {
      equal((await ask(url, '/')).status, 404)
      equal((await ask(url, '/v1/market')).status, 200)
    })
  })
})

describe('a folder of pages', () => {
  const fails = (wrong: object): Promise<void> =>
    writeFile(join(folder, 'pages.json'), JSON.stringify({ ...list, ...wrong })).then(() =>
      rejects(readPageSet(folder), { code: 'CONFIG_INVALID' }),
    )

  test('is refused where it is not whole', async () => {
    await rejects(readPageSet(join(folder, 'nowhere')), { code: 'CONFIG_INVALID' })
    await fails({ shell: 'other.html' })
    await fails({ files: [{ ...list.files[0], file: 'gone.html' }] })
    await fails({ pages: ['/', '/v1/*'] })
    await fails({ pages: ['relative'] })
  })
})
