/**
 * The server of one market. Configured by environment variables, ends in order on SIGINT and
 * SIGTERM, and says when it is ready by one line of JSON on standard output.
 */
import { Fault } from '@busbar/core/errors'
import { configFrom } from './config.ts'
import { startServer } from './start.ts'

const log = (message: string, details: Readonly<Record<string, unknown>> = {}): void => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), message, ...details })}\n`)
}

const say = (event: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

try {
  const server = await startServer(configFrom(process.env), log)
  const { url, port, replayed, verifier, chain } = server
  say({ event: 'ready', url, port, replayed, verifier, chain })
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    server.stop().then(
      (stateHash) => {
        say({ event: 'stopped', stateHash })
        process.exit(0)
      },
      (error: unknown) => fail('the server could not stop in order', error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // A parent that dies closes the pipe: nobody is left to stop this server.
  if (process.env.BUSBAR_STOP_WITH_STDIN === '1') process.stdin.on('end', stop).resume()
  void server.failed.then((error) => fail('the market stopped: a broken invariant or a lost disk', error))
} catch (error) {
  fail('the server did not start', error)
}

function fail(message: string, error: unknown): never {
  const code = error instanceof Fault ? error.code : 'INTERNAL'
  log(message, { code, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  process.exit(1)
}
