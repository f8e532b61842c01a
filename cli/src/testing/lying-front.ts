/** A way to an exchange on which it says something else than it would by itself. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LyingFront = { readonly url: string; readonly close: () => Promise<void> }

/**
 * Passes reads on to `target`. `change` is given the path of each with the answer, and returns what
 * is answered instead.
 */
export async function startLyingFront(
  target: string,
  change: (path: string, answer: unknown) => unknown,
): Promise<LyingFront> {
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { url = '/', headers } = request
    const { authorization } = headers
    const answer = await fetch(`${target}${url}`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    const body = JSON.stringify(change(url, await answer.json()))
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
  }
  const server = createServer((request, response) => {
    // A server that is away: the client hears that as a cut connection.
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
