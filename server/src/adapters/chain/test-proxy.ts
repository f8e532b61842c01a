/** For tests: a node that loses what is sent to it, or its answers. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Treatment = 'pass' | 'lose_request' | 'lose_reply'

export type Proxy = {
  readonly url: string
  /** Decides for every call, by its method (`batch` for many). */
  treat: (method: string) => Treatment
  close(): Promise<void>
}

export async function startProxy(target: string): Promise<Proxy> {
  const proxy = { treat: (): Treatment => 'pass' } as { treat: Proxy['treat'] }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const body = Buffer.concat(parts)
      const call = JSON.parse(body.toString('utf8')) as { method?: string }
      const treatment = proxy.treat(call.method ?? 'batch')
      if (treatment === 'lose_request') return response.destroy()
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(target, { method: 'POST', headers, body })
      const text = await answer.text()
      if (treatment === 'lose_reply') return response.destroy()
      return response.writeHead(200, headers).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}
