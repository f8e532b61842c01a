import { routes, type StreamEvent } from '@busbar/protocols/api'
import { BusbarError, errorOfFailure } from './busbar-error.ts'
import { EventParser } from './event-parser.ts'
import { pause, type Transport } from './transport.ts'

export type ReceivedEvent = { readonly id: string; readonly event: StreamEvent }

export type EventOptions = {
  /** Ends the stream. */
  readonly signal?: AbortSignal
  /** Continue after this event. */
  readonly lastEventId?: string
  /** Without a byte for so long (the server has a heartbeat) the connection counts as dead. */
  readonly silenceMs?: number
  /** Called when connected, again after every reconnection. */
  readonly onOpen?: () => void
  /** Called when a connection is lost or could not be made, before the next attempt. */
  readonly onLost?: () => void
}

/** Whose own events come as well: asked for again for every connection. */
export type StreamCredential = () => Promise<string | undefined>

/**
 * The events of the exchange, for as long as somebody listens. Comes back after every loss and
 * continues after the last event seen; where the server no longer has what was missed, there is a
 * `stream_reset` and the listener has to ask for what it needs.
 *
 * Ends quietly by `signal` or by leaving the loop. Throws only what coming back cannot cure.
 */
export async function* eventStream(
  transport: Transport,
  options: EventOptions = {},
  credential: StreamCredential = async () => undefined,
): AsyncGenerator<ReceivedEvent, void, undefined> {
  const { signal, silenceMs = 60_000, onOpen, onLost } = options
  let lastId = options.lastEventId ?? ''
  let failures = 0
  let retryMs = 0
  const isEnded = (): boolean => signal?.aborted ?? false
  while (!isEnded()) {
    const connection = new Connection(transport, silenceMs, signal)
    const parser = new EventParser(lastId)
    try {
      await connection.open(lastId, await credential())
      onOpen?.()
      for (let text = await connection.read(); text !== undefined; text = await connection.read()) {
        failures = 0
        for (const parsed of parser.push(text)) {
          if (parsed.kind === 'retry') retryMs = parsed.delayMs
          else yield { id: parsed.id, event: parsed.event }
        }
        lastId = parser.lastId
      }
    } catch (error) {
      if (isEnded()) return
      if (error instanceof BusbarError && !error.transient) throw error
    } finally {
      connection.close()
    }
    failures += 1
    onLost?.()
    const delayMs = Math.max(transport.delayMs(failures), failures > 1 ? retryMs : 0)
    if (await isEndedWhileWaiting(delayMs, signal)) return
  }
}

async function isEndedWhileWaiting(
  delayMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    await pause(delayMs, signal)
    return false
  } catch (error) {
    if (error instanceof BusbarError && error.code === 'cancelled') return true
    throw error
  }
}

/** One HTTP answer that is read as it comes, given up when it falls silent. */
class Connection {
  readonly #transport: Transport
  readonly #silenceMs: number
  readonly #controller = new AbortController()
  readonly #signal: AbortSignal
  readonly #decoder = new TextDecoder()
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined

  constructor(transport: Transport, silenceMs: number, signal: AbortSignal | undefined) {
    this.#transport = transport
    this.#silenceMs = silenceMs
    const own = this.#controller.signal
    this.#signal = signal === undefined ? own : AbortSignal.any([own, signal])
  }

  async open(lastId: string, authorization: string | undefined): Promise<void> {
    const headers: Record<string, string> = { accept: 'text/event-stream' }
    if (authorization !== undefined) headers.authorization = authorization
    if (lastId !== '') headers['last-event-id'] = lastId
    const opened = this.#transport.open(routes.stream.path, headers, this.#signal)
    const response = await this.#unlessSilent(opened)
    if (response.body === null) throw errorOfFailure('answer_malformed', 'the stream has no body')
    this.#reader = response.body.getReader()
  }

  /** Undefined at the end. */
  async read(): Promise<string | undefined> {
    if (this.#reader === undefined) return undefined
    const { done, value } = await this.#unlessSilent(this.#reader.read())
    return done ? undefined : this.#decoder.decode(value, { stream: true })
  }

  close(): void {
    this.#controller.abort()
  }

  #unlessSilent<T>(promise: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(), this.#silenceMs)
    return promise.finally(() => clearTimeout(timer))
  }
}
