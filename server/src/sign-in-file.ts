import { readFileSync, statSync } from 'node:fs'
import { Fault } from '@busbar/core/errors'

/** One identity provider by OpenID Connect, as the server is a client of it. */
export type ProviderConfig = {
  readonly name: string
  readonly label: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** How the client shows its secret: in a header, or in the body. */
  readonly auth: 'basic' | 'post'
  /** The claim whose values are the subjects of grants. */
  readonly claim: string
  readonly scopes: readonly string[]
}

export type SignInConfig = {
  /** Where browsers reach this server, without a path. */
  readonly publicUrl: string
  readonly sessionMs: number
  readonly providers: readonly ProviderConfig[]
}

const variable = 'BUSBAR_OIDC'
const providersMax = 16

/**
 * Reads the file of identity providers: it has secrets, so nobody but its owner may read it.
 *
 * Faults: CONFIG_INVALID, naming the field and what it would have to be.
 */
export function signInFrom(path: string | undefined): SignInConfig | undefined {
  if (path === undefined) return undefined
  const source = part(jsonIn(path), '', ['publicUrl', 'sessionHours', 'providers'])
  const { sessionHours = 8, providers } = source
  const hours = Number(sessionHours)
  if (!Number.isSafeInteger(sessionHours) || hours < 1 || hours > 24) {
    throw invalid('sessionHours', 'an integer from 1 to 24')
  }
  if (!Array.isArray(providers) || providers.length === 0 || providers.length > providersMax) {
    throw invalid('providers', `1 to ${providersMax} of them`)
  }
  const all = providers.map((one: unknown, index) => providerFrom(one, `providers.${index}`))
  if (new Set(all.map(({ name }) => name)).size < all.length) {
    throw invalid('providers', 'names that differ')
  }
  const publicUrl = secureUrl(source, '', 'publicUrl')
  if (new URL(publicUrl).origin !== publicUrl) {
    throw invalid('publicUrl', 'scheme, host and port, such as https://market.example')
  }
  return { publicUrl, sessionMs: hours * 3_600_000, providers: all }
}

function providerFrom(value: unknown, place: string): ProviderConfig {
  const required = ['name', 'label', 'issuer', 'clientId', 'clientSecret']
  const source = part(value, place, [...required, 'auth', 'claim', 'scopes'])
  const name = text(source, place, 'name')
  if (!/^[a-z0-9-]{1,32}$/.test(name)) throw invalid(`${place}.name`, '1 to 32 of a-z, 0-9 and -')
  const { auth = 'basic', claim = 'sub', scopes = ['openid'] } = source
  if (auth !== 'basic' && auth !== 'post') throw invalid(`${place}.auth`, 'basic or post')
  if (typeof claim !== 'string' || !/^[A-Za-z0-9_:/.-]{1,100}$/.test(claim)) {
    throw invalid(`${place}.claim`, 'the name of a claim')
  }
  const isScope = (one: unknown): one is string =>
    typeof one === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(one)
  if (!Array.isArray(scopes) || !scopes.every(isScope) || !scopes.includes('openid')) {
    throw invalid(`${place}.scopes`, 'names of scopes, openid among them')
  }
  return {
    ...{ name, auth, claim, scopes, issuer: secureUrl(source, place, 'issuer') },
    label: text(source, place, 'label'),
    clientId: text(source, place, 'clientId'),
    clientSecret: text(source, place, 'clientSecret'),
  }
}

/** By TLS; without it on this machine alone, for trying out. */
function secureUrl(source: Part, place: string, field: string): string {
  const value = text(source, place, field)
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)
  if (isSecure && url.username === '' && url.search === '' && url.hash === '') return value
  throw invalid(dotted(place, field), 'an https address, or an http one of this machine')
}

function jsonIn(path: string): unknown {
  try {
    // What Windows says of modes is nothing that could be checked.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw invalid('mode', 'a file that only its owner may read')
    }
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('CONFIG_INVALID', { variable, limit: 'a readable JSON file' }, { cause })
  }
}

type Part = Readonly<Record<string, unknown>>

function part(value: unknown, place: string, fields: readonly string[]): Part {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(place, 'an object')
  }
  const unknown = Object.keys(value).find((field) => !fields.includes(field))
  if (unknown !== undefined) throw invalid(dotted(place, unknown), `one of ${fields.join(', ')}`)
  return value as Part
}

const dotted = (place: string, field: string): string =>
  place === '' ? field : `${place}.${field}`

function text(source: Part, place: string, field: string): string {
  const value = source[field]
  if (typeof value === 'string' && value !== '' && value.length <= 1_000) return value
  throw invalid(dotted(place, field), 'a text')
}

const invalid = (field: string, limit: string): Fault =>
  new Fault('CONFIG_INVALID', { variable, field, limit })
