/**
 * An identity provider by OpenID Connect, as a process of its own: people sign in with any name.
 * It can be told to lie in its tokens, signed by its own key as every true one.
 *
 *     REDIRECT_URI    where it sends browsers back
 *     POST /lie       what is changed in each token from now on, as JSON; `{}` ends it
 */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import Provider, { type Context } from 'oidc-provider'

/** Claims to replace, or with null to leave out; `key`: another key signs, or none. */
export type Lie = {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key?: 'foreign' | 'none'
}

const { REDIRECT_URI: redirectUri = '' } = process.env
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
let lie: Lie = {}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The same token, with the lie in it. */
function bent(token: string): string {
  const [header = '', payload = ''] = token.split('.')
  const read = (part: string): object =>
    JSON.parse(Buffer.from(part, 'base64url').toString()) as object
  const told = Object.entries({ ...read(payload), ...lie.claims })
  const claims = encoded(Object.fromEntries(told.filter(([, value]) => value !== null)))
  if (lie.key === 'none') return `${encoded({ ...read(header), alg: 'none' })}.${claims}.`
  const key = lie.key === 'foreign' ? foreign : privateKey
  const signature = createSign('RSA-SHA256').update(`${header}.${claims}`).sign(key, 'base64url')
  return `${header}.${claims}.${signature}`
}

const server = createServer()
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const scopes = 'openid email groups'
const provider = new Provider(issuer, {
  clients: [
    {
      ...{ client_id: 'busbar', client_secret: 'a secret of the market', scope: scopes },
      ...{ redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_basic' },
      ...{ response_types: ['code'], grant_types: ['authorization_code'] },
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  pkce: { required: () => true },
  scopes: scopes.split(' '),
  claims: { openid: ['sub'], email: ['email', 'email_verified'], groups: ['groups'] },
  conformIdTokenClaims: false,
  cookies: { keys: ['of a test'] },
  findAccount: (_context: unknown, accountId: string) => ({
    accountId,
    claims: async () => ({
      ...{ sub: accountId, email: `${accountId}@acme.example`, groups: ['staff', 'settlement'] },
      email_verified: accountId !== 'unverified',
    }),
  }),
  async loadExistingGrant({ oidc }: Required<Context>) {
    const { client, session } = oidc
    const { clientId } = client
    const grant = new provider.Grant({ clientId, accountId: session.accountId })
    grant.addOIDCScope(scopes)
    await grant.save()
    return grant
  },
})
provider.use(async (context, next) => {
  await next()
  const { body, oidc } = context
  if (oidc?.route === 'token' && body.id_token !== undefined && Object.keys(lie).length > 0) {
    body.id_token = bent(body.id_token)
  }
})

const answer = provider.callback()
server.on('request', (request, response) => {
  if (request.url !== '/lie') return answer(request, response)
  void json(request).then((told) => {
    lie = told as Lie
    response.end()
  })
})
process.stdin.on('end', () => process.exit(0)).resume()
process.stdout.write(`${JSON.stringify({ event: 'ready', issuer })}\n`)
