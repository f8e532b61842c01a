import type { BusbarClient, ReceivedEvent } from '@busbar/client'
import type { StreamEvent } from '@busbar/protocols/api'
import type { HeardTime } from '../time/phases.ts'

export type LiveState = {
  readonly connection: 'connecting' | 'live' | 'offline'
  /** Undefined before the market's time was heard. */
  readonly time: HeardTime | undefined
}

/** What is read waits for the stream for so long, and no longer. */
export const openingMs = 1_500

/** The event stream as the pages see it: whether it is there, and what time it is in the market. */
export class LiveStore {
  readonly #client: Pick<BusbarClient, 'events'>
  readonly #steadyMs: () => number
  readonly #hear: (event: StreamEvent) => void
  readonly #listeners = new Set<() => void>()
  #state: LiveState = { connection: 'connecting', time: undefined }
  #lastEventId = ''
  #ending: AbortController | undefined
  #speed = 0
  /** When it was first begun, and whether it was open since. */
  #begunMs: number | undefined
  #wasOpen = false
  #opened = Promise.withResolvers<void>()

  constructor(
    client: Pick<BusbarClient, 'events'>,
    hear: (event: StreamEvent) => void,
    steadyMs: () => number = () => performance.now(),
  ) {
    this.#client = client
    this.#hear = hear
    this.#steadyMs = steadyMs
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly state = (): LiveState => this.#state

  /** Resolves when the stream was open once: what is read from then on misses no event. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** The market's time as an answer told it, and how fast it runs. */
  tell(clock: { readonly nowMs: number; readonly speed: number }): void {
    this.#speed = clock.speed
    this.#hearTime(clock.nowMs)
  }

  /** Begins, or goes on after the last event that was heard. */
  start(): void {
    if (this.#ending !== undefined) return
    const ending = new AbortController()
    this.#ending = ending
    this.#begunMs ??= this.#steadyMs()
    void this.#follow(ending)
  }

  /** Lets the connection go; `start` misses nothing that came in between. */
  stop(): void {
    this.#ending?.abort()
    this.#ending = undefined
  }

  /** Another connection in the place of the one that is there; nothing is missed in between. */
  again(): void {
    if (this.#ending === undefined) return
    this.stop()
    this.start()
  }

  async #follow(ending: AbortController): Promise<void> {
    const { signal } = ending
    try {
      const events = this.#client.events({
        signal,
        ...(this.#lastEventId === '' ? {} : { lastEventId: this.#lastEventId }),
        onOpen: () => this.#open(),
        onLost: () => {
          if (!signal.aborted) this.#set({ connection: 'offline' })
        },
      })
      for await (const received of events) this.#take(received)
    } catch {
      // Refused for good: the page goes on without it, and says so.
      if (!signal.aborted) this.#set({ connection: 'offline' })
    }
  }

  #open(): void {
    // Before the first event nothing says after which one to go on: what was read until now, by who
    // did not wait or before the connection was lost, may miss what came meanwhile.
    const isLate = this.#steadyMs() - (this.#begunMs ?? 0) >= openingMs
    if (this.#lastEventId === '' && (this.#wasOpen || isLate)) {
      this.#hear({ name: 'stream_reset', data: { reason: 'history_unavailable' } })
    }
    this.#wasOpen = true
    this.#set({ connection: 'live' })
    this.#opened.resolve()
  }

  #take({ id, event }: ReceivedEvent): void {
    this.#lastEventId = id
    if (event.name === 'clock') this.#hearTime(event.data.nowMs)
    this.#hear(event)
  }

  #hearTime(nowMs: number): void {
    this.#set({ time: { nowMs, speed: this.#speed, heardAtMs: this.#steadyMs() } })
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
