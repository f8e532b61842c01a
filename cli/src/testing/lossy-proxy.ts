/** A way to a server on which answers are lost after the server gave them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LossyProxy = {
  readonly url: string
  /** Answers that the server gave and nobody got. */
  readonly lost: () => number
  readonly close: () => Promise<void>
}

/**
 * Passes requests on to `target`. The first answer to every write is not delivered: the connection
 * is cut before its first byte, or, every other time, in the middle of its body.
 */
export async function startLossyProxy(target: string): Promise<LossyProxy> {
  const seen = new Set<string>()
  let lost = 0
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/', headers } = request
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const answer = await fetch(`${target}${url}`, {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        carried.has(name) && typeof value === 'string' ? [[name, value] as const] : [],
      ),
      ...(body.length === 0 ? {} : { body }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const key = `${url} ${body.toString('latin1')}`
    const isFirst = method === 'POST' && !seen.has(key)
    seen.add(key)
    if (isFirst && lost % 2 === 0) {
      lost += 1
      response.destroy()
      return
    }
    const type = answer.headers.get('content-type') ?? 'application/json'
    response.writeHead(answer.status, { 'content-type': type, 'content-length': bytes.length })
    if (!isFirst) {
      response.end(bytes)
      return
    }
    lost += 1
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  }
  const server = createServer((request, response) => {
    // A server that is away: the client hears that as a cut connection too.
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    lost: () => lost,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const carried = new Set(['accept', 'authorization', 'content-type'])
