import { type JoinCode as JoinCodeView, routes } from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import type { JoinCode } from './join-codes.ts'
import { fill } from './requests.ts'

/** An account's further keys: `client.keys`. Signs nothing: who only reads needs no curves. */
export class KeyClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** Who issued a join code, for what pages and until when. @throws BusbarError `not_found` */
  joinCode(
    { account, publicKey }: Pick<JoinCode, 'account' | 'publicKey'>,
    options?: CallOptions,
  ): Promise<JoinCodeView> {
    const path = fill(routes.joinCode.path, { account, key: publicKey })
    return this.#calls.get<JoinCodeView>(path, options)
  }
}
