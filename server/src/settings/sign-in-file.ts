import { dotted, type Part, secretsFile } from './secrets-file.ts'

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

const { json, part, text, invalid } = secretsFile('BUSBAR_OIDC', 1_000)
const providersMax = 16

/**
 * Reads the file of identity providers: it has secrets, so nobody but its owner may read it.
 *
 * Faults: CONFIG_INVALID, naming the field and what it would have to be.
 */
export function signInFrom(path: string | undefined): SignInConfig | undefined {
  if (path === undefined) return undefined
  const source = part(json(path), '', ['publicUrl', 'sessionHours', 'providers'])
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
