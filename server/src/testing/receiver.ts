/** Somebody's server that notices are brought to, with misbehaviours that a test chooses. */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Notice } from '@busbar/protocols/api'

export type Received = {
  readonly notice: Notice
  readonly header: string | readonly string[] | undefined
  readonly body: Uint8Array
  readonly atMs: number
}

/** A status to answer with, or not to answer at all. */
export type Manner = (notice: Notice, before: number) => number | 'silence' | Promise<number>

export class Receiver {
  readonly received: Received[] = []
  manner: Manner = () => 204
  readonly #server = createServer((request, response) => {
    void this.#take(request).then((status) => {
      if (status !== undefined) response.writeHead(status).end()
    })
  })
  #port = 0
  /** How many it is being told of now, and at most was. */
  open = 0
  openMax = 0

  /** On a port of its own, the same after a pause. */
  async start(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.closeAllConnections()
    this.#server.close()
    await closed
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/notices`
  }

  get sequences(): readonly number[] {
    return this.received.map(({ notice }) => notice.sequence)
  }

  /** Each once, as they came first. */
  get known(): readonly number[] {
    return [...new Set(this.sequences)]
  }

  /** Resolves when `done` holds; what is not so within the time is the caller's failure. */
  async until(done: () => boolean, what: string, withinMs = 30_000): Promise<void> {
    const end = performance.now() + withinMs
    while (!done()) {
      if (performance.now() > end) throw new Error(`${what}: only ${this.sequences.join(' ')}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async #take(request: IncomingMessage): Promise<number | undefined> {
    this.open += 1
    this.openMax = Math.max(this.openMax, this.open)
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      const notice = JSON.parse(body.toString()) as Notice
      const before = this.received.filter((one) => one.notice.id === notice.id).length
      const header = request.headers['busbar-signature']
      this.received.push({ notice, header, body, atMs: Date.now() })
      const status = await this.manner(notice, before)
      return status === 'silence' ? undefined : status
    } finally {
      this.open -= 1
    }
  }
}
