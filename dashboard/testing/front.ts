/** What stands between a browser and an exchange, and can be gone, with all connections. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export type Front = {
  readonly url: string
  /** Nobody gets through, and who was through is cut off. */
  readonly leave: () => void
  readonly comeBack: () => void
  readonly close: () => Promise<void>
}

/** Passes all bytes on to `target`. */
export async function startFront(target: string): Promise<Front> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let isThere = true
  const kept = (socket: Socket): Socket => {
    sockets.add(socket)
    // A connection that is cut is what this is for; the other end of it goes as well.
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    if (!isThere) {
      near.destroy()
      return
    }
    const far = kept(connect(Number(port), hostname))
    kept(near).pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const leave = (): void => {
    isThere = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leave,
    comeBack: () => {
      isThere = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        leave()
      }),
  }
}
