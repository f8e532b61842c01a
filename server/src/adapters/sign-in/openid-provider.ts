import { Fault } from '@busbar/core/errors'
import type { Configuration } from 'openid-client'
import type { IdentityProvider, SignInSecrets } from '../../app/ports/sign-in.ts'

export type OpenIdConfig = {
  readonly name: string
  readonly label: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** How the client shows its secret: in a header, or in the body. */
  readonly auth: 'basic' | 'post'
  /** Whose values are the subjects of grants: one text, or several as of groups. */
  readonly claim: string
  readonly scopes: readonly string[]
}

/** Loaded where a provider is asked: a server without one starts without it. */
const library = () => import('openid-client')

/** What the provider says of itself is asked again after so long. */
const knownForMs = 3_600_000
const timeoutSeconds = 10
const valuesMax = 200
const valueLengthMax = 255

/** A provider as the library speaks to it: authorisation code with PKCE, state and nonce. */
export class OpenIdProvider implements IdentityProvider {
  readonly name: string
  readonly label: string
  readonly #config: OpenIdConfig
  readonly #redirectUri: string
  readonly #now: () => number
  #known: { readonly at: number; readonly server: Promise<Configuration> } | undefined

  /** @param publicUrl where browsers reach this server, without a path */
  constructor(config: OpenIdConfig, publicUrl: string, now: () => number) {
    this.name = config.name
    this.label = config.label
    this.#config = config
    this.#redirectUri = `${publicUrl}/v1/sign-in/${config.name}/callback`
    this.#now = now
  }

  async begin(): Promise<{ readonly url: string; readonly secrets: SignInSecrets }> {
    const oidc = await library()
    const server = await this.#server()
    const verifier = oidc.randomPKCECodeVerifier()
    const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
    const url = oidc.buildAuthorizationUrl(server, {
      redirect_uri: this.#redirectUri,
      scope: this.#config.scopes.join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...{ state, nonce },
    })
    return { url: url.href, secrets: { state, nonce, verifier } }
  }

  async finish(query: string, secrets: SignInSecrets): Promise<readonly string[] | undefined> {
    const oidc = await library()
    const server = await this.#server()
    const current = new URL(this.#redirectUri)
    current.search = query
    try {
      const tokens = await oidc.authorizationCodeGrant(server, current, {
        pkceCodeVerifier: secrets.verifier,
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        idTokenExpected: true,
      })
      return this.#subjects(tokens.claims() ?? {})
    } catch (error) {
      if (isUnreachable(error)) throw unavailable(this.name, error)
      // The library's reasons are for who sets it up, and may quote the answer: not for the log.
      return undefined
    }
  }

  #subjects(claims: Readonly<Record<string, unknown>>): readonly string[] | undefined {
    const { claim } = this.#config
    // An address that its owner has not shown to be its own is anybody's.
    if (claim === 'email' && claims.email_verified !== true) return undefined
    const value = claims[claim]
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value]
    const texts = values.filter((one) => typeof one === 'string')
    const fit = texts.filter((one) => one !== '' && one.length <= valueLengthMax)
    return fit.slice(0, valuesMax).map((one) => `${String(claims.iss)} ${one}`)
  }

  /** What failed is not remembered: the next one asks again. */
  async #server(): Promise<Configuration> {
    if (this.#known === undefined || this.#now() - this.#known.at > knownForMs) {
      const server = this.#discovered()
      this.#known = { at: this.#now(), server }
      server.catch(() => {
        this.#known = undefined
      })
    }
    try {
      return await this.#known.server
    } catch (error) {
      throw unavailable(this.name, error)
    }
  }

  async #discovered(): Promise<Configuration> {
    const oidc = await library()
    const { issuer, clientId, clientSecret, auth } = this.#config
    const isPlain = issuer.startsWith('http://')
    const shown =
      auth === 'basic' ? oidc.ClientSecretBasic(clientSecret) : oidc.ClientSecretPost(clientSecret)
    // The signature of each token is checked, though it came by a connection of our own. Without
    // TLS is for this machine alone: the configuration allows it for no other.
    const execute = [
      oidc.enableNonRepudiationChecks,
      ...(isPlain ? [oidc.allowInsecureRequests] : []),
    ]
    const options = { execute, timeout: timeoutSeconds }
    const known = { client_secret: clientSecret }
    return oidc.discovery(new URL(issuer), clientId, known, shown, options)
  }
}

/** It was not the browser's answer that was wrong: nobody could be asked. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as Error & { readonly code?: unknown }
  if (code === 'OAUTH_TIMEOUT' || error.name === 'TimeoutError') return true
  return error instanceof TypeError && error.message === 'fetch failed'
}

const unavailable = (provider: string, cause: unknown): Fault =>
  new Fault('SIGN_IN_UNAVAILABLE', { provider }, { cause })
