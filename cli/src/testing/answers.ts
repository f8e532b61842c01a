/** What a client was told, so that it can be held against what was written. */

export type Answer = {
  readonly id: string
  readonly kind: 'accepted' | 'rejected'
  /** The place in the journal; 0 for a rejection. */
  readonly sequence: number
  /** The answer but for its mark that the command had been taken before. */
  readonly text: string
}

type Item = {
  readonly kind: 'accepted' | 'rejected'
  readonly id: string
  readonly sequence?: number
  readonly repeated?: boolean
}

/** The platform's `fetch`, which keeps the answers to commands that arrived whole. */
export class AnswerBook {
  readonly answers: Answer[] = []
  /** Commands that were answered as repeated: they had been taken before. */
  readonly repeated = new Set<string>()
  /** Requests that were answered, whatever the answer. */
  served = 0
  readonly #onServed: (served: number) => void

  /** `onServed` is called after each answer, with their number so far. */
  constructor(onServed: (served: number) => void = () => undefined) {
    this.#onServed = onServed
  }

  /** For `ClientOptions`. */
  readonly fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const body = await response.text()
    this.served += 1
    this.#onServed(this.served)
    if (init?.method === 'POST' && response.status === 200) this.#keep(body)
    const { status, headers } = response
    return new Response(body, { status, headers })
  }

  /** By command; an answer that was given twice must be the same both times. */
  byId(): ReadonlyMap<string, Answer> {
    const found = new Map<string, Answer>()
    for (const answer of this.answers) {
      const before = found.get(answer.id)
      if (before !== undefined && before.text !== answer.text) {
        throw new Error(`${answer.id} was answered ${before.text}, then ${answer.text}`)
      }
      found.set(answer.id, answer)
    }
    return found
  }

  #keep(body: string): void {
    const { results = [] } = JSON.parse(body) as { readonly results?: readonly Item[] }
    for (const item of results) {
      const { repeated = false, ...rest } = item
      const { id, kind, sequence = 0 } = item
      if (repeated) this.repeated.add(id)
      this.answers.push({ id, kind, sequence, text: JSON.stringify(rest) })
    }
  }
}
