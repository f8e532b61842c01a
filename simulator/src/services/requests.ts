import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** Whether a request shows this key. */
export function isBearer(request: IncomingMessage, wanted: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '')
  const expected = Buffer.from(`Bearer ${wanted}`)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Its body; undefined where it is longer than `bytesMax`. */
export async function textOf(
  request: IncomingMessage,
  bytesMax: number,
): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= bytesMax) chunks.push(chunk)
  }
  return size > bytesMax ? undefined : Buffer.concat(chunks).toString('utf8')
}
