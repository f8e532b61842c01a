import { type StreamEvent, streamEvents } from '@busbar/protocols/api'

/** What one line of an event stream completed. */
export type Parsed =
  | { readonly kind: 'event'; readonly id: string; readonly event: StreamEvent }
  /** The server said how long to wait before coming back. */
  | { readonly kind: 'retry'; readonly delayMs: number }

/** Longer than any event: a line without end must not fill the memory. */
const lineLengthMax = 65_536

/**
 * Reads the text/event-stream format of the HTML standard, piece by piece. Events of names that
 * this version does not know are passed over, their ids are not.
 */
export class EventParser {
  #rest = ''
  #name = ''
  #data: string[] = []
  #lastId: string

  constructor(lastId = '') {
    this.#lastId = lastId
  }

  /** To send as Last-Event-ID; empty before the first. */
  get lastId(): string {
    return this.#lastId
  }

  /** @throws RangeError when a line is too long, SyntaxError when an event's data is not JSON */
  push(text: string): readonly Parsed[] {
    const parsed: Parsed[] = []
    const lines = `${this.#rest}${text}`.split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    if (this.#rest.length > lineLengthMax) throw new RangeError('a line of the stream is too long')
    for (const line of lines) {
      const found = line === '' ? this.#dispatch() : this.#field(line)
      if (found !== undefined) parsed.push(found)
    }
    return parsed
  }

  #field(line: string): Parsed | undefined {
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon === -1 ? line : line.slice(0, colon)
    const raw = colon === -1 ? '' : line.slice(colon + 1)
    const value = raw.startsWith(' ') ? raw.slice(1) : raw
    if (field === 'event') this.#name = value
    if (field === 'data') this.#data.push(value)
    if (field === 'id' && !value.includes('\0')) this.#lastId = value
    if (field !== 'retry' || !/^[0-9]{1,6}$/.test(value)) return undefined
    return { kind: 'retry', delayMs: Number(value) }
  }

  #dispatch(): Parsed | undefined {
    const name = this.#name
    const data = this.#data
    this.#name = ''
    this.#data = []
    if (data.length === 0 || !Object.hasOwn(streamEvents, name)) return undefined
    const event = { name, data: JSON.parse(data.join('\n')) } as StreamEvent
    return { kind: 'event', id: this.#lastId, event }
  }
}
