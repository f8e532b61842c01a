import type { ServerResponse } from 'node:http'
import type { StreamEvent } from '@busbar/protocols/api'
import { createEventLog, type EventLog, frameOf } from './event-log.ts'
import type { HttpLimits } from './limits.ts'
import { Refused } from './refused.ts'
import { eachInTurns, nextTurn } from './turns.ts'

/** The readers of the event stream. */
export type Streams = {
  readonly publish: (event: StreamEvent) => void
  /**
   * Begins a stream on `response`, first with what came after `lastEventId`.
   *
   * @throws Refused server_busy when there are too many
   */
  readonly open: (response: ServerResponse, lastEventId: string | undefined) => void
  /** To one reader alone, if its stream is open. */
  readonly write: (response: ServerResponse, frame: string) => void
  readonly count: () => number
  /** Ends all streams: readers come back when a server answers again. */
  readonly close: () => void
}

type Waiting = { readonly number: number; readonly frame: string }

export function createStreams(epoch: string, limits: HttpLimits['stream']): Streams {
  const log = createEventLog(epoch, limits.historyMax)
  /** With the number of the newest event that each has got. */
  const readers = new Map<ServerResponse, number>()
  let published = 0
  let waiting: Waiting[] = []
  let telling: Promise<void> | undefined
  let closed = false

  // A reader that does not keep up is cut off: it comes back with the last id it saw.
  const send = (reader: ServerResponse, frames: string): void => {
    reader.write(frames)
    if (reader.writableLength <= limits.bufferBytesMax) return
    readers.delete(reader)
    reader.destroy()
  }
  /** All that waits for a reader, in one write. */
  const tell = (reader: ServerResponse, got: number): void => {
    const frames = waiting.filter(({ number }) => number > got).map(({ frame }) => frame).join('')
    if (frames === '') return
    readers.set(reader, published)
    send(reader, frames)
  }
  const eachReader = (work: (reader: ServerResponse, got: number) => void): Promise<void> =>
    eachInTurns(readers, ([reader, got]) => {
      if (readers.has(reader)) work(reader, got)
    })
  const tellAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const newest = published
      await nextTurn()
      await eachReader(tell)
      waiting = waiting.filter(({ number }) => number > newest)
    }
    telling = undefined
  }
  const heartbeat = setInterval(
    () => void eachReader((reader) => send(reader, ': heartbeat\n\n')),
    limits.heartbeatMs,
  )
  heartbeat.unref()

  return {
    publish(event) {
      published += 1
      waiting.push({ number: published, frame: log.append(event) })
      telling ??= tellAll()
    },
    open(response, lastEventId) {
      if (closed) throw new Refused('server_stopping')
      if (readers.size >= limits.streamsMax) throw new Refused('server_busy')
      response.writeHead(200, streamHeaders)
      response.once('close', () => readers.delete(response))
      readers.set(response, published)
      // What was missed may be more than a buffer: it is bounded by the history instead.
      response.write(beginning(log, lastEventId))
    },
    write(response, frame) {
      // It may stand behind all that was missed; what all are told soon sees whether it is read.
      if (readers.has(response)) response.write(frame)
    },
    count: () => readers.size,
    close() {
      closed = true
      clearInterval(heartbeat)
      for (const [reader, got] of readers) {
        tell(reader, got)
        reader.end()
      }
      readers.clear()
    },
  }
}

export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const

/**
 * A reader without an id begins at the newest one (an id alone, without data, is no event), one
 * with an id gets what it missed, and one that missed too much is told so.
 */
function beginning(log: EventLog, lastEventId: string | undefined): string {
  const start = `retry: 1000\nid: ${log.lastId()}\n\n`
  if (lastEventId === undefined || lastEventId === '') return start
  const missed = log.after(lastEventId)
  if (missed !== undefined) return `retry: 1000\nid: ${lastEventId}\n\n${missed.join('')}`
  const reset = { name: 'stream_reset', data: { reason: 'history_unavailable' } } as const
  return `retry: 1000\n\n${frameOf(reset, log.lastId())}`
}
