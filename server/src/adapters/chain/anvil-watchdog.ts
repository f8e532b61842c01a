/**
 * Ends the embedded chain when the server is gone, however it went: the server holds the other end
 * of this program's standard input, and the system closes it with the server.
 *
 *     node anvil-watchdog.ts PID START
 */
import { endProcess } from './child-process.ts'

const [pid = '', start = ''] = process.argv.slice(2)

// The terminal's signals are meant for the server, which stops in order and lets go of us then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const end = (): never => {
  endProcess({ pid: Number(pid), start })
  process.exit(0)
}
process.stdin.on('end', end).on('close', end).on('error', end).resume()
