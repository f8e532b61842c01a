import {
  routes,
  type Session,
  type SignInChoice,
  type SignInProviders,
} from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'

/**
 * Reading by a browser's cookie: for pages, which keep no credential where a script could take it.
 * A client without a credential reads by the cookie that its browser has for the server.
 */
export class SessionClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** Null where nobody is signed in, or no longer. */
  async current(options?: CallOptions): Promise<Session['session']> {
    return (await this.#calls.getPrivate<Session>(routes.session.path, options)).session
  }

  /** Has the server keep the credential of this client in a cookie, until the credential ends. */
  async open(options?: CallOptions): Promise<Session['session']> {
    const { path } = routes.openSession
    return (await this.#calls.postPrivate<Session>(path, undefined, options)).session
  }

  /** With which companies' providers people sign in. */
  async providers(options?: CallOptions): Promise<SignInProviders['providers']> {
    return (await this.#calls.get<SignInProviders>(routes.signInProviders.path, options)).providers
  }

  /** For which accounts a person of a company may read with this browser; none without a choice. */
  async choices(options?: CallOptions): Promise<SignInChoice['accounts']> {
    const { path } = routes.signInChoice
    return (await this.#calls.getPrivate<SignInChoice>(path, options)).accounts
  }

  /** Reads for another of them from now on. */
  async choose(account: number, options?: CallOptions): Promise<Session['session']> {
    const { path } = routes.chooseAccount
    return (await this.#calls.postPrivate<Session>(path, { account }, options)).session
  }

  async close(options?: CallOptions): Promise<void> {
    await this.#calls.transport.json({
      ...{ method: 'DELETE', path: routes.closeSession.path },
      ...options,
    })
  }
}
