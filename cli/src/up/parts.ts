import { rulebookBounds } from '@busbar/core/rulebook'
import { builtPages } from '@busbar/dashboard/build'
import type { BusbarClient } from '@busbar/client'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { serverFigures } from '../day/day-report.ts'
import type { Scenario } from '../market/scenario.ts'
import type { ServerProcess } from '../market/server-process.ts'

/**
 * The scenario, whose proofs have the same hour of real time at any speed: a prover works in real
 * time, and what was passed as fast as it goes is proven after the fact.
 */
export function provenInRealTime<T extends Pick<Scenario, 'rulebook'>>(
  scenario: T,
  speed: number,
): T {
  const { proof, proofDeadlineSeconds } = scenario.rulebook
  if (proof === 'none') return scenario
  const scaled = Math.min(rulebookBounds.proofDeadlineSeconds.max, proofDeadlineSeconds * speed)
  return { ...scenario, rulebook: { ...scenario.rulebook, proofDeadlineSeconds: scaled } }
}

/** Pages that cannot be built keep nobody from trading. */
export async function pagesOrNone(output: Output): Promise<string | undefined> {
  try {
    return await builtPages(output.note)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    output.note(`${why}\nThe exchange starts without its pages; the interface is complete.`)
    return undefined
  }
}

/** @throws UsageError for what is no time of day */
export function minutesOf(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match === null) {
    throw new UsageError(`--from is ${text}; it takes a time of day such as 09:00`)
  }
  return Number(match[1]) * 60 + Number(match[2])
}

/** What the server that is brought up is told besides its scenario. */
export const upEnvironment = (port: number, pages: string | undefined): Record<string, string> => ({
  BUSBAR_PORT: String(port),
  BUSBAR_CURRENCY: 'EUR',
  ...(pages === undefined ? {} : { BUSBAR_DASHBOARD: pages }),
})

/** Aborted by Ctrl-C, or when the process is told to end. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  return stop.signal
}

/** Of a market in which two people decide. */
export const decidingWords =
  '  Two people run it, operator and deputy: what moves money or rules takes both\n' +
  '  (npx busbar authority proposals --as deputy).'

export type Announced = {
  readonly dataDir: string
  readonly speed: number
  readonly hasPages: boolean
  /** Of the interface, what is worth a look: path and words. */
  readonly paths: readonly (readonly [path: string, words: string])[]
  /** What else a newcomer should know. */
  readonly more: string
}

/** Says where the exchange listens, to people or to a program. */
export function announce(
  output: Output,
  json: boolean,
  { url, chain, replayed, pid }: ServerProcess,
  { dataDir, speed, hasPages, paths, more }: Announced,
): void {
  if (json) {
    const ready = { event: 'ready', url, chain, replayed, pid, data_dir: dataDir, speed }
    output.print(JSON.stringify(ready))
    return
  }
  const interfaces = [
    ...paths,
    ['/v1/stream', 'everything as it happens'],
    ['/v1/conservation', 'money, energy and chain, exact or not'],
    ['/v1/openapi.json', 'the whole interface'],
  ] as const
  output.print(`
The exchange is up.
${hasPages ? `\n  ${url}                      its pages, for everybody\n` : ''}
${interfaces.map(([path, words]) => `  ${url}${path.padEnd(20)}  ${words}`).join('\n')}

  chain: ${chain}; data: ${dataDir}${replayed === 0 ? '' : `; ${replayed} journal entries replayed`}

${more}
  Ctrl-C stops.
`)
}

/**
 * Says what has come of a scenario when it is over; nothing where it was told to stop.
 *
 * @param run resolves with the first words of the end, such as `The day is over: 5 kWh traded`
 */
export async function untilOver(
  client: BusbarClient,
  output: Output,
  json: boolean,
  signal: AbortSignal,
  run: () => Promise<string>,
): Promise<void> {
  try {
    const words = await run()
    const { conservation } = await serverFigures(client)
    if (json) return
    const exact = conservation.money.unexplainedMicros === 0 && conservation.chain?.equal === true
    output.print(`
${words}, ${
      exact ? 'every micro explained, chain and ledger equal' : 'NOT EXACT: see /v1/conservation'
    }.
The exchange keeps serving. Ctrl-C stops.`)
  } catch (error) {
    if (signal.aborted) return
    output.note(`The scenario stopped: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Keeps it up until it is told to stop, and stops it in order; gives the exit code. */
export async function untilStopped(
  output: Output,
  dataDir: string,
  market: { readonly server: ServerProcess; readonly stop: () => Promise<string> },
  trading: Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const { code } = await Promise.race([
    market.server.ended,
    new Promise<{ code: null }>((resolve) => {
      signal.addEventListener('abort', () => resolve({ code: null }))
    }),
  ])
  if (!signal.aborted) {
    output.note(`The server ended by itself (code ${code}); what was accepted is in ${dataDir}.`)
    return exitCodes.failed
  }
  await trading
  output.note('Stopping …')
  const stateHash = await market.stop()
  const check = `npx busbar verify --data-dir ${dataDir} checks it.`
  output.note(`Stopped in order. State hash ${stateHash}; ${check}`)
  return exitCodes.ok
}
