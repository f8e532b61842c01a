import { Fault } from '@busbar/core/errors'
import { configFrom } from './settings/config.ts'
import type { Decorators } from './decorators.ts'
import { startServer } from './start.ts'

/**
 * Runs the server of one market until it is told to stop. Configured by environment variables, ends
 * in order on SIGINT and SIGTERM, and says when it is ready by one line of JSON on standard output.
 */
export async function runProgram(decorate?: Decorators): Promise<void> {
  try {
    const server = await startServer(configFrom(process.env), log, decorate)
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
    const { url, port, replayed, verifier, chain, chainNode } = server
    // Last: who hears it may ask for the stop at once.
    say({ event: 'ready', url, port, replayed, verifier, chain, chainNode })
    void server.failed.then((error) =>
      fail('the market stopped: a broken invariant or a lost disk', error),
    )
  } catch (error) {
    fail('the server did not start', error)
  }
}

function log(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  const time = new Date().toISOString()
  process.stderr.write(`${JSON.stringify({ time, message, ...details })}\n`)
}

function say(event: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

function fail(message: string, error: unknown): never {
  const code = error instanceof Fault ? error.code : 'INTERNAL'
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error)
  log(message, { code, error: words })
  process.exit(1)
}
