import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Which connections have a request under way. The platform closes idle ones when a server closes,
 * but not those on which nothing was ever asked, nor those that become idle a moment later: either
 * would keep a stop waiting until it gives up.
 */
export type Connections = {
  /** Closes what is idle now, and the rest after their answers. */
  readonly drain: () => void
  readonly cut: () => void
}

export function trackConnections(server: Server): Connections {
  const underWay = new Map<Socket, number>()
  let draining = false
  server.on('connection', (socket: Socket) => {
    if (draining) {
      socket.destroy()
      return
    }
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1
      if (underWay.has(socket)) underWay.set(socket, left)
      if (draining && left === 0) socket.destroySoon()
    })
  })
  return {
    drain() {
      draining = true
      for (const [socket, requests] of underWay) if (requests === 0) socket.destroySoon()
    },
    cut() {
      for (const socket of underWay.keys()) socket.destroy()
    },
  }
}
