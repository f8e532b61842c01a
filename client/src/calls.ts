import {
  batchLimits,
  type ContractItemResult,
  type DeviceReadingsItemResult,
  type InstructionItemResult,
  type ItemResult,
  type ReadingsItemResult,
  type RevealResult,
  type SealedItemResult,
} from '@busbar/protocols/api'
import { batchesOf, inParallel } from './batches.ts'
import { errorOfFailure } from './busbar-error.ts'
import { type Known, rejectionOf, resultsOf } from './requests.ts'
import type { Credential } from './signer.ts'
import { Transport, type TransportOptions } from './transport.ts'

export type ClientOptions = TransportOptions & {
  /** For private reads; see `credentialOf`. */
  readonly credential?: Credential
  /** Requests of one large submission that are under way at a time. */
  readonly concurrency?: number
}

/** Ends a request early. */
export type CallOptions = { readonly signal?: AbortSignal }

export type Accepted<Result> = Extract<Result, { kind: 'accepted' }>
type AnyResult =
  | ItemResult
  | ContractItemResult
  | InstructionItemResult
  | ReadingsItemResult
  | DeviceReadingsItemResult
  | SealedItemResult
  | RevealResult

/** Reads and writes of one server, as the clients of its nouns make them. */
export class Calls {
  readonly #options: ClientOptions
  readonly transport: Transport

  constructor(options: ClientOptions) {
    this.#options = options
    this.transport = new Transport(options)
  }

  // The casts below are the border: what the server sends is what the schemas say it sends, and its
  // tests hold it to that. Checking every answer again here would cost more than parsing it.
  async get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return (await this.transport.json({ method: 'GET', path, ...options })) as T
  }

  async getPrivate<T>(path: string, options: CallOptions = {}): Promise<T> {
    const credential = await this.#credential()
    return (await this.transport.json({ method: 'GET', path, ...credential, ...options })) as T
  }

  async postPrivate<T>(
    path: string,
    content: object | undefined,
    options: CallOptions = {},
  ): Promise<T> {
    const body = content === undefined ? {} : { body: JSON.stringify(content) }
    const ask = { method: 'POST', path, ...body } as const
    const credential = await this.#credential()
    return (await this.transport.json({ ...ask, ...credential, ...options })) as T
  }

  async post<T>(path: string, content: object, options: CallOptions = {}): Promise<T> {
    const ask = { method: 'POST', path, body: JSON.stringify(content) } as const
    return (await this.transport.json({ ...ask, ...options })) as T
  }

  async #credential(): Promise<{ readonly authorization?: string }> {
    const authorization = await this.#options.credential?.()
    return authorization === undefined ? {} : { authorization }
  }

  async one<Result extends AnyResult>(
    path: string,
    field: keyof typeof batchLimits,
    item: Known,
    options: CallOptions = {},
  ): Promise<Accepted<Result>> {
    const body = JSON.stringify({ [field]: [item] })
    const answer = await this.transport.json({ method: 'POST', path, body, ...options })
    const [result] = resultsOf<Result>(answer, 1, path)
    if (result?.kind === 'accepted') return result as Accepted<Result>
    throw errorOfFailure('answer_malformed', `${path}: neither accepted nor refused`)
  }

  async submit<Result extends AnyResult>(
    path: string,
    field: keyof typeof batchLimits,
    items: readonly Known[],
    options: CallOptions = {},
  ): Promise<Result[]> {
    const batches = batchesOf(field, items, batchLimits[field])
    const { concurrency = 4 } = this.#options
    const answers = await inParallel(batches, concurrency, async ({ body, count, first }) => {
      try {
        const answer = await this.transport.json({ method: 'POST', path, body, ...options })
        return resultsOf<Result>(answer, count, path)
      } catch (error) {
        const [item] = count === 1 ? items.slice(first) : []
        const rejected = item === undefined ? undefined : rejectionOf(error, item)
        // A rejected item has the same form in every answer.
        if (rejected !== undefined) return [rejected as Result]
        throw error
      }
    })
    return answers.flat()
  }
}
