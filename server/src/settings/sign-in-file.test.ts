/**
 * Goal: how people and machines show who they are is configured as it was meant, or refused by the
 * name of what is wrong; nothing is half set up.
 * Method: tables of files and environments, each a change of one that is taken.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { configFrom } from './config.ts'
import { certificateOf } from '../testing/certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-sign-in-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function written(name: string, content: unknown, mode = 0o600): string {
  const file = join(folder, name)
  rmSync(file, { force: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode })
  return file
}

const refusal = (environment: Readonly<Record<string, string>>, details: object): void => {
  throws(() => configFrom(environment), (error: { code: string; details: object }) => {
    deepEqual([error.code, { ...error.details, ...details }], ['CONFIG_INVALID', error.details])
    return true
  })
}

describe('the file of identity providers', () => {
  const provider = {
    ...{ name: 'acme', label: 'Acme', issuer: 'https://login.acme.example/realm' },
    ...{ clientId: 'busbar', clientSecret: 'secret' },
  }
  const good = { publicUrl: 'https://market.example', providers: [provider] }
  const of = (content: unknown, mode?: number) => ({
    BUSBAR_OIDC: written('oidc.json', content, mode),
  })

  test('is taken, with what it leaves out', () => {
    deepEqual(configFrom(of(good)).signIn, {
      ...{ publicUrl: 'https://market.example', sessionMs: 8 * 3_600_000 },
      providers: [{ ...provider, auth: 'basic', claim: 'sub', scopes: ['openid'] }],
    })
    equal(configFrom({}).signIn, undefined)
    const local = { ...good, publicUrl: 'http://127.0.0.1:8420', sessionHours: 1 }
    equal(configFrom(of(local)).signIn?.sessionMs, 3_600_000)
  })

  const wrong: readonly (readonly [content: unknown, field: string])[] = [
    [{ ...good, publicUrl: 'http://market.example' }, 'publicUrl'],
    [{ ...good, publicUrl: 'https://market.example/' }, 'publicUrl'],
    [{ ...good, publicUrl: 'https://market.example/x' }, 'publicUrl'],
    [{ ...good, sessionHours: 25 }, 'sessionHours'],
    [{ ...good, sessionHours: '8' }, 'sessionHours'],
    [{ ...good, providers: [] }, 'providers'],
    [{ ...good, providers: [provider, provider] }, 'providers'],
    [{ ...good, more: 1 }, 'more'],
    ...(
      [
        [{ name: 'Acme!' }, 'name'],
        [{ label: '' }, 'label'],
        [{ issuer: 'http://login.acme.example' }, 'issuer'],
        [{ issuer: 'https://a:b@login.acme.example' }, 'issuer'],
        [{ issuer: 'https://login.acme.example/?x=1' }, 'issuer'],
        [{ clientSecret: 7 }, 'clientSecret'],
        [{ auth: 'none' }, 'auth'],
        [{ claim: 'a b' }, 'claim'],
        [{ scopes: ['email'] }, 'scopes'],
        [{ scopes: ['openid', 'a b'] }, 'scopes'],
      ] as const
    ).map(([change, field]): [unknown, string] => [
      { ...good, providers: [{ ...provider, ...change }] },
      `providers.0.${field}`,
    ]),
  ]
  for (const [index, [content, field]] of wrong.entries()) {
    test(`is refused for its ${field} (${index})`, () => {
      refusal(of(content), { variable: 'BUSBAR_OIDC', field })
    })
  }

  test('is read where only its owner may', () => {
    if (process.platform !== 'win32') refusal(of(good, 0o644), { field: 'mode' })
    refusal({ BUSBAR_OIDC: join(folder, 'none.json') }, { limit: 'a readable JSON file' })
  })
})

describe('TLS', () => {
  const { certificate, key } = certificateOf('server')
  const files = {
    BUSBAR_TLS_CERT: written('server.pem', certificate),
    BUSBAR_TLS_KEY: written('server.key', key),
    BUSBAR_TLS_CLIENT_CA: written('clients.pem', certificate),
  }

  test('is spoken by what the files hold', () => {
    deepEqual(configFrom(files).tls, { certificate, key, clientAuthority: certificate })
    equal(configFrom({}).tls, undefined)
  })

  const { BUSBAR_TLS_CERT: cert, BUSBAR_TLS_KEY: own, BUSBAR_TLS_CLIENT_CA: clients } = files
  const wrong: readonly (readonly [environment: Record<string, string>, variable: string])[] = [
    [{ BUSBAR_TLS_CERT: cert }, 'BUSBAR_TLS_KEY'],
    [{ BUSBAR_TLS_KEY: own }, 'BUSBAR_TLS_CERT'],
    [{ BUSBAR_TLS_CLIENT_CA: clients }, 'BUSBAR_TLS_CERT'],
    [{ ...files, BUSBAR_TLS_KEY: cert }, 'BUSBAR_TLS_KEY'],
    [{ ...files, BUSBAR_TLS_CERT: join(folder, 'none.pem') }, 'BUSBAR_TLS_CERT'],
  ]
  for (const [index, [environment, variable]] of wrong.entries()) {
    test(`is refused by ${variable} (${index})`, () => refusal(environment, { variable }))
  }
})

test('proxies are addresses and networks', () => {
  const of = (list: string) => configFrom({ BUSBAR_TRUSTED_PROXIES: list })
  deepEqual(of('10.0.0.1, 192.0.2.0/24,::1').trustedProxies, ['10.0.0.1', '192.0.2.0/24', '::1'])
  deepEqual(configFrom({}).trustedProxies, [])
  refusal({ BUSBAR_TRUSTED_PROXIES: 'proxy.example' }, { variable: 'BUSBAR_TRUSTED_PROXIES' })
})
