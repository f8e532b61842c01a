import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { noticeBytesMax } from '@busbar/protocols/api'
import { type NoticeDelivery, noticeSignatureHeader } from '@busbar/protocols/notices'

/** From the first byte of a delivery to its last: the exchange waits no longer for an answer. */
const deadlineMs = 10_000

export type RunningReceiver = {
  readonly url: string
  /** Resolves when what is under way was answered. */
  readonly stop: () => Promise<void>
}

/**
 * Takes what is brought to a webhook: the bytes as they came, with the header of their signature.
 *
 * @param judge says with which status a delivery is answered; only 2xx ends it
 */
export async function startReceiver(
  at: { readonly host: string; readonly port: number },
  judge: (delivery: NoticeDelivery) => Promise<number>,
): Promise<RunningReceiver> {
  const limits = { requestTimeout: deadlineMs, headersTimeout: deadlineMs, keepAliveTimeout: 1_000 }
  const server = createServer(limits, (request, response) => {
    answer(request, response, judge).catch(() => {
      // Whoever was bringing it has gone, or what it says cannot be told: it will come again.
      response.destroy()
    })
  })
  server.listen(at.port, at.host)
  await once(server, 'listening')
  const { address, family, port } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  judge: (delivery: NoticeDelivery) => Promise<number>,
): Promise<void> {
  response.setHeader('connection', 'close')
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end()
    return
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk as Buffer)
    length += (chunk as Buffer).length
    if (length > noticeBytesMax) break
  }
  const header = request.headers[noticeSignatureHeader]
  const status = await judge({ header, body: new Uint8Array(Buffer.concat(chunks)) })
  response.writeHead(status).end()
}
