/**
 * Goal: what belongs to somebody is shown to nobody else.
 * Method: every private route of the table with every kind of reader, and a table of credentials
 * that must not count. A private route that is not in the matrix fails it.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { get } from 'node:http'
import { describe, test } from 'node:test'
import { type Notice, type Problem, routes, type Session } from '@busbar/protocols/api'
import { accessDigest, createDomain, signDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { people, testDomain } from './testing/exchange-double.ts'
import { type Harness, limitsWith, signerOf, withServer } from './testing/harness.ts'
import { objection } from './testing/key-views.ts'
import {
  alicesPaths, auditPaths, authorityPaths, ownersPaths, proverBodies,
} from './testing/private-paths.ts'

const hour = 3_600_000

async function answerOf(
  { url }: Harness,
  path: string,
  authorization: string | undefined,
): Promise<{ readonly status: number; readonly code: string | undefined }> {
  const headers = authorization === undefined ? {} : { authorization }
  const response = await fetch(`${url}${path}`, { headers })
  const body = (await response.json()) as Partial<Problem>
  if (response.status === 401) equal(response.headers.get('www-authenticate'), 'Busbar')
  return { status: response.status, code: body.code }
}

describe('private routes', () => {
  test('are all in the matrix', () => {
    const names = Object.entries(routes).filter(([, { access }]) => access === 'account')
    deepEqual(names.map(([name]) => name).sort(), Object.keys(alicesPaths).sort())
    const audits = Object.entries(routes).filter(([, { access }]) => access === 'auditor')
    deepEqual(audits.map(([name]) => name).sort(), Object.keys(auditPaths).sort())
    const operators = Object.entries(routes).filter(([, { access }]) => access === 'operator')
    deepEqual(operators.map(([name]) => name), ['setFault'], 'see operator-routes.test.ts')
    const decided = Object.entries(routes).filter(([, { access }]) => access === 'authority')
    deepEqual(decided.map(([name]) => name).sort(), Object.keys(authorityPaths).sort())
    const proving = Object.entries(routes).filter(([, { access }]) => access === 'prover')
    deepEqual(proving.map(([name]) => name).sort(), Object.keys(proverBodies).sort())
  })

  const readers: readonly (readonly [
    name: keyof typeof people | 'nobody',
    status: number,
    code: string | undefined,
  ])[] = [
    ['alice', 200, undefined],
    ['operator', 200, undefined],
    ['auditor', 200, undefined],
    ['bob', 403, 'access_denied'],
    ['nobody', 401, 'credential_missing'],
  ]
  for (const [name, status, code] of readers) {
    test(`answer ${name} with ${code ?? status}`, async () => {
      const authorization =
        name === 'nobody' ? undefined : await signerOf(name).credential(Date.now() + hour)
      await withServer(async (harness) => {
        for (const [route, path] of Object.entries(alicesPaths)) {
          const answer = await answerOf(harness, path, authorization)
          deepEqual(answer, { status, code }, route)
        }
      })
    })
  }

  test('of an office answer its owner while it has the office, and who watches', async () => {
    const { meterDataRequests, ...others } = alicesPaths
    const offices = Object.values(others).filter((path) => /retailers|utilities/.test(path))
    equal(offices.length, 6)
    const authorization = await signerOf('bob').credential(Date.now() + hour)
    await withServer(async (harness) => {
      // Whoever has a gateway of its own is asked for its readings.
      const asked = meterDataRequests?.replace('/4/', '/5/') ?? ''
      equal((await answerOf(harness, asked, authorization)).status, 200)
      for (const path of offices) {
        const own = path.replace('/4/', '/5/')
        const answer = await answerOf(harness, own, authorization)
        deepEqual(answer, { status: 403, code: 'access_denied' }, own)
      }
    })
  })

  test('answer a device that the desk was told is lost with its account’s keys alone', async () => {
    const authorization = await signerOf('alice').credential(Date.now() + hour)
    const shown = { status: 200, code: undefined }
    const over = { status: 401, code: 'credential_revoked' }
    const all = { ...alicesPaths, ...ownersPaths, ...auditPaths, meters: '/v1/meters' }
    await withServer(async (harness) => {
      const { account } = people.alice
      harness.exchange.readsAs.set(account, { account, roles: [], objection })
      for (const [route, path] of Object.entries(all)) {
        const wanted = route === 'notices' ? shown : over
        deepEqual(await answerOf(harness, path, authorization), wanted, route)
      }
      for (const [path, body] of Object.values(proverBodies)) {
        const headers = { authorization, 'content-type': 'application/json' }
        const request = { method: 'POST', headers, body: JSON.stringify(body) }
        equal((await fetch(`${harness.url}${path}`, request)).status, 401, path)
      }
      const bobs = await answerOf(harness, '/v1/accounts/5/notices', authorization)
      equal(bobs.code, 'access_denied')
      const path = `${harness.url}/v1/accounts/4/notices?limit=100`
      const answer = await fetch(path, { headers: { authorization } })
      const { notices } = (await answer.json()) as { readonly notices: readonly Notice[] }
      deepEqual(notices.map(({ kind }) => kind), [
        'participant_changed', 'key_replaced', 'passkey_registered', 'passkey_revoked',
        'join_code_issued', 'join_code_revoked', 'objection_raised',
      ])
      const opened = await fetch(`${harness.url}/v1/session`, {
        method: 'POST', headers: { authorization },
      })
      const { session } = (await opened.json()) as Session
      deepEqual([session?.roles, session?.objection?.label], [[], 'phone'])
    })
  })

  test('of a home answer its owner alone, and nobody who watches the market', async () => {
    const owned = Object.entries(routes).filter(([, { access }]) => access === 'owner')
    deepEqual(owned.map(([name]) => name), Object.keys(ownersPaths))
    await withServer(async (harness) => {
      for (const name of ['alice', 'bob', 'operator', 'auditor', 'prover'] as const) {
        const authorization = await signerOf(name).credential(Date.now() + hour)
        const shown = { status: 200, code: undefined }
        const wanted = name === 'alice' ? shown : { status: 403, code: 'access_denied' }
        for (const path of Object.values(ownersPaths)) {
          deepEqual(await answerOf(harness, path, authorization), wanted, `${name} ${path}`)
        }
      }
    })
  })

  test('of the whole market answer operators and auditors alone', async () => {
    await withServer(async (harness) => {
      for (const name of ['alice', 'bob', 'prover', 'operator', 'auditor'] as const) {
        const authorization = await signerOf(name).credential(Date.now() + hour)
        const may = name === 'operator' || name === 'auditor'
        const shown = { status: 200, code: undefined }
        const wanted = may ? shown : { status: 403, code: 'access_denied' }
        for (const path of Object.values({ ...auditPaths, ...authorityPaths })) {
          deepEqual(await answerOf(harness, path, authorization), wanted, `${name} ${path}`)
        }
      }
      const anybody = await answerOf(harness, '/v1/audit/balances', undefined)
      equal(anybody.code, 'credential_missing')
    })
  })

  test('with opened orders in them answer provers and operators alone', async () => {
    await withServer(async ({ url }) => {
      for (const name of ['alice', 'auditor', 'operator', 'prover'] as const) {
        const authorization = await signerOf(name).credential(Date.now() + hour)
        const headers = { authorization, 'content-type': 'application/json' }
        const wanted = name === 'operator' || name === 'prover' ? 200 : 403
        for (const [path, body] of Object.values(proverBodies)) {
          const request = { method: 'POST', headers, body: JSON.stringify(body) }
          equal((await fetch(`${url}${path}`, request)).status, wanted, `${name} ${path}`)
        }
      }
      for (const [path, body] of Object.values(proverBodies)) {
        const headers = { 'content-type': 'application/json' }
        const request = { method: 'POST', headers, body: JSON.stringify(body) }
        equal((await fetch(`${url}${path}`, request)).status, 401)
      }
    })
  })

  test('judge who asks before what is asked', async () => {
    const bodies = ['{', '[]', '{}', '{"zone":"x","more":1}', `"${'x'.repeat(9_000_000)}"`]
    const posts = Object.values(proverBodies).map(([path]) => path)
    const credential = await signerOf('alice').credential(Date.now() + hour)
    const send = async (url: string, body: string, authorization?: string): Promise<string> => {
      const headers = {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      }
      const response = await fetch(url, { method: 'POST', headers, body })
      return ((await response.json()) as Problem).code
    }
    await withServer(async (harness) => {
      const { url } = harness
      for (const path of posts) {
        for (const body of bodies) {
          const what = `${path} with ${body.slice(0, 30)}`
          equal(await send(`${url}${path}`, body), 'credential_missing', what)
          equal(await send(`${url}${path}`, body, credential), 'access_denied', what)
        }
      }
      const paths = { ...alicesPaths, ...ownersPaths, ...auditPaths, ...authorityPaths }
      for (const path of Object.values(paths)) {
        const { code } = await answerOf(harness, `${path}?unknown=1`, undefined)
        equal(code, 'credential_missing', path)
      }
    })
  })

  test('say not_found to those who may know', async () => {
    const authorization = await signerOf('operator').credential(Date.now() + hour)
    await withServer(async (harness) => {
      const missing = [
        '/v1/accounts/99',
        '/v1/accounts/4/intervals/5',
        `/v1/intervals/0/100/proofs/orders/0x${'bb'.repeat(32)}`,
        '/v1/intervals/0/100/proofs/readings/9',
        `/v1/intervals/0/100/signatures/0x${'bb'.repeat(32)}`,
        '/v1/meters/9/readings/100',
        '/v1/meters/0/readings/99',
      ]
      for (const path of missing) {
        deepEqual(await answerOf(harness, path, authorization), { status: 404, code: 'not_found' })
      }
    })
  })
})

describe('routes of this machine', () => {
  const metrics = '/v1/metrics'
  const later = JSON.stringify({ nowMs: 2_000_000_000_000 })
  const setClock = async ({ url }: Harness, body = later): Promise<number> => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${url}/v1/clock`, { method: 'POST', headers, body })).status
  }

  /** As a program sends it that sets its own `Host`, which `fetch` does not. */
  const read = ({ port }: Harness, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const at = { host: '127.0.0.1', port, path: metrics, headers }
      get(at, (answer) => resolve(answer.resume().statusCode)).on('error', reject)
    })

  test('are closed to whom a proxy on it answers, trusted or not', async () => {
    const stranger = '203.0.113.7'
    const headers: readonly Record<string, string>[] = [
      { 'x-forwarded-for': stranger },
      { 'x-forwarded-for': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { 'x-real-ip': stranger },
      { via: '1.1 proxy' },
      { 'x-forwarded-proto': 'https' },
      { host: 'exchange.example' },
    ]
    for (const trustedProxies of [[], ['127.0.0.1'], ['127.0.0.0/8', '::1']]) {
      await withServer(async (harness) => {
        equal(await read(harness, {}), 200)
        for (const each of headers) {
          equal(await read(harness, each), 403, JSON.stringify([trustedProxies, each]))
        }
      }, { trustedProxies })
    }
  })

  test('are closed to the pages of a name that was made to lead here', async () => {
    await withServer(async (harness) => {
      for (const host of ['localhost', '127.0.0.1:8420', '127.8.9.1', '[::1]:80', 'LOCALHOST']) {
        equal(await read(harness, { host }), 200, host)
      }
      for (const host of ['rebound.example', '127.0.0.1.rebound.example', '192.0.2.1', ':80']) {
        equal(await read(harness, { host }), 403, host)
      }
    })
  })

  test('are closed to others, whatever their headers say', async () => {
    await withServer(async (harness) => {
      const response = await fetch(`${harness.url}${metrics}`)
      equal(((await response.json()) as Problem).code, 'access_denied')
      equal(await setClock(harness), 403)
      equal(await setClock(harness, '{'), 403)
      equal(harness.exchange.clockView.nowMs, 1_700_000_000_000)
    }, { isLocal: () => false })
  })

  test('are open to it, and metrics to all where that is wanted', async () => {
    await withServer(async (harness) => {
      equal(await setClock(harness), 200)
    })
    await withServer(async ({ url }) => {
      equal((await fetch(`${url}${metrics}`)).status, 200)
    }, { isLocal: () => false, metricsPublic: true })
  })
})

describe('a credential', () => {
  const now = Date.now()
  const signed = (account: number, until: number, key: Uint8Array, domain = testDomain): string => {
    const signature = bytesToHex(signDigest(key, accessDigest(domain, { account, until })))
    return `Busbar ${account}.${until}.${signature}`
  }
  const { alice, bob } = people
  const elsewhere = createDomain({
    market: 'der-to-cash',
    chainId: 1,
    verifyingContract: testDomain.verifyingContract,
  })
  const good = signed(4, now + hour, alice.key)
  const asked = accessDigest(testDomain, { account: 4, until: now + hour })
  const byPasskey = `Busbar 4.${now + hour}.${bytesToHex(new TestDevice(1).sign(asked))}`
  const table: readonly (readonly [what: string, header: string, code: string | undefined])[] = [
    ['of its account', good, undefined],
    ['that ends now', signed(4, now, alice.key), 'credential_expired'],
    ['that ended', signed(4, now - hour, alice.key), 'credential_expired'],
    ['for a day', signed(4, now + 24 * hour, alice.key), undefined],
    ['for longer', signed(4, now + 24 * hour + 1, alice.key), 'credential_too_long'],
    ['signed by a passkey that nobody has', byPasskey, 'credential_invalid'],
    ['with half of a passkey’s', byPasskey.slice(0, 200), 'credential_malformed'],
    ['signed by another', signed(4, now + hour, bob.key), 'credential_invalid'],
    ['of no account', signed(99, now + hour, alice.key), 'credential_invalid'],
    ['for another chain', signed(4, now + hour, alice.key, elsewhere), 'credential_invalid'],
    ['made longer', good.replace(`${now + hour}`, `${now + hour + 1}`), 'credential_invalid'],
    ['of another scheme', good.replace('Busbar', 'Basic'), 'credential_malformed'],
    ['in capitals', good.toUpperCase().replace('BUSBAR', 'Busbar'), 'credential_malformed'],
    ['with leading zeros', good.replace(' 4.', ' 04.'), 'credential_malformed'],
    ['without a signature', good.slice(0, 30), 'credential_malformed'],
    ['with more behind it', `${good}00`, 'credential_malformed'],
  ]
  for (const [what, header, code] of table) {
    test(`${what}: ${code ?? 'counts'}`, async () => {
      await withServer(async (harness) => {
        const answer = await answerOf(harness, '/v1/accounts/4', header)
        deepEqual(answer, { status: code === undefined ? 200 : 401, code })
      }, { wallClock: () => now })
    })
  }

  test('ends by the time outside, not by the market', async () => {
    await withServer(async (harness) => {
      harness.exchange.clockView = { mode: 'manual', nowMs: now + 100 * hour, speed: 0 }
      equal((await answerOf(harness, '/v1/accounts/4', good)).status, 200)
    }, { wallClock: () => now })
  })

  test('reads so often and no more', async () => {
    const limits = limitsWith({ rate: { accountReadsMax: 3, windowMs: 60_000 } })
    const bobs = signed(5, now + hour, bob.key)
    await withServer(async (harness) => {
      const codes: (string | undefined)[] = []
      for (let i = 0; i < 4; i += 1) {
        codes.push((await answerOf(harness, '/v1/accounts/4', good)).code)
      }
      deepEqual(codes, [undefined, undefined, undefined, 'rate_limited'])
      equal((await answerOf(harness, '/v1/accounts/5', bobs)).status, 200)
    }, { limits, wallClock: () => now })
  })
})
