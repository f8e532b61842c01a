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
  const track = (socket: Socket): void => {
    if (draining) {
      socket.destroy()
      return
    }
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  }
  // By TLS requests come on another socket than the one that was opened, after the handshake.
  const plain = new Map<string, Socket>()
  server.on('connection', (socket: Socket) => {
    track(socket)
    const peer = peerOf(socket)
    plain.set(peer, socket)
    socket.once('close', () => {
      if (plain.get(peer) === socket) plain.delete(peer)
    })
  })
  server.on('secureConnection', (socket: Socket) => {
    const opened = plain.get(peerOf(socket))
    if (opened !== undefined) underWay.delete(opened)
    track(socket)
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

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`
