import { type OrderWord, routes, type SignedReading } from '@busbar/protocols/api'
import type { CallOptions, Calls } from './calls.ts'
import { fill } from './requests.ts'

/** What was signed, to be checked by whom it concerns: `client.signatures`. */
export class SignatureClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /**
   * An order as it was signed, and what opened it where it was sealed.
   *
   * @param at `digest`: of an open order its digest, of a sealed one its commitment
   */
  order(
    at: { readonly zone: number; readonly interval: number; readonly digest: string },
    options?: CallOptions,
  ): Promise<OrderWord> {
    return this.#calls.getPrivate<OrderWord>(fill(routes.orderWord.path, at), options)
  }

  /** The reading that counts at a boundary; see `provesReading` for what to make of it. */
  reading(
    at: { readonly meter: number; readonly boundary: number },
    options?: CallOptions,
  ): Promise<SignedReading> {
    return this.#calls.getPrivate<SignedReading>(fill(routes.signedReading.path, at), options)
  }
}
