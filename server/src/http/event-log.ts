import type { StreamEvent } from '@busbar/protocols/api'

/**
 * The last events, each as the bytes that every reader gets, under an id that says how far a reader
 * came: `<epoch>-<number>`. The epoch is another for every start of the server, because its numbers
 * begin again.
 */
export type EventLog = {
  readonly append: (event: StreamEvent) => string
  /** The id of the newest event; number 0 before the first. */
  readonly lastId: () => string
  /** The frames after `id`; undefined where some are gone or the id is not one of ours. */
  readonly after: (id: string) => readonly string[] | undefined
}

export function createEventLog(epoch: string, historyMax: number): EventLog {
  const frames: string[] = []
  let last = 0
  const idOf = (number: number): string => `${epoch}-${number}`
  return {
    append(event) {
      last += 1
      const frame = frameOf(event, idOf(last))
      frames[(last - 1) % historyMax] = frame
      return frame
    },
    lastId: () => idOf(last),
    after(id) {
      const number = numberOf(id, epoch)
      if (number === undefined || number > last || number < last - historyMax) return undefined
      const missed: string[] = []
      for (let next = number + 1; next <= last; next += 1) {
        const frame = frames[(next - 1) % historyMax]
        if (frame !== undefined) missed.push(frame)
      }
      return missed
    },
  }
}

/** One event of the HTML standard's event stream: its data is one line of JSON. */
export const frameOf = ({ name, data }: StreamEvent, id: string): string =>
  `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`

/** Of what one reader alone is told: without an id, since it is in nobody's history. */
export const privateFrameOf = ({ name, data }: StreamEvent): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`

function numberOf(id: string, epoch: string): number | undefined {
  if (!id.startsWith(`${epoch}-`)) return undefined
  const text = id.slice(epoch.length + 1)
  return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : undefined
}
