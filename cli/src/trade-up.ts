import { join } from 'node:path'
import { runTradeDay } from '@busbar/simulator'
import type { Values } from './arguments.ts'
import { exitCodes } from './cli-error.ts'
import type { Output } from './command.ts'
import { serverFigures } from './day-report.ts'
import { faultsFrom } from './scenario.ts'
import { energy } from './text.ts'
import {
  interRetailer,
  startTradeMarket,
  type TradeMarket,
  tradeHomes,
  usualFaults,
} from './trade-day.ts'
import { defaultSpeed, minutesOf, pagesOrNone } from './up-parts.ts'

const days = 7
const perDay = 96

/** `busbar up --scenario inter-retailer`: a week of contracts at a pace, with pages. */
export async function upTrades(values: Values, output: Output): Promise<number> {
  const homes = tradeHomes(values, days * perDay)
  const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
  const speed = values.integer('speed', defaultSpeed, 1, 100_000)
  const pacedFromMs = homes.startMs + minutesOf(values.text('from') ?? '09:00') * 60_000
  const dataDir = values.text('data-dir') ?? join('.busbar', interRetailer)
  const port = values.integer('port', 8_420, 0, 65_535)
  const json = values.flag('json')
  output.note(homes.source)
  const pages = values.flag('no-dashboard') ? undefined : await pagesOrNone(output)
  output.note('Starting the exchange, its database, its chain, and where its money is …')
  const environment = {
    BUSBAR_PORT: String(port),
    BUSBAR_CURRENCY: 'EUR',
    ...(pages === undefined ? {} : { BUSBAR_DASHBOARD: pages }),
  }
  const market = await startTradeMarket({ homes, seed, dataDir, environment })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  announce(output, json, market, { dataDir, speed, hasPages: pages !== undefined })
  const faults = { ...usualFaults, ...faultsFrom(values.text('faults')) }
  const pace = { speed, pacedFromMs, signal: stop.signal }
  const { client, houses, server } = market
  const trading = trade(market, output, json, stop.signal, (show) =>
    runTradeDay({ client, homes, seed, faults, houses, ...pace }, show),
  )
  const { code } = await Promise.race([
    server.ended,
    new Promise<{ code: null }>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve({ code: null }))
    }),
  ])
  if (!stop.signal.aborted) {
    await houses.stop()
    output.note(`The server ended by itself (code ${code}); what was accepted is in ${dataDir}.`)
    return exitCodes.failed
  }
  await trading
  output.note('Stopping …')
  const stateHash = await market.stop()
  const check = `busbar verify --data-dir ${dataDir} checks it.`
  output.note(`Stopped in order. State hash ${stateHash}; ${check}`)
  return exitCodes.ok
}

function announce(
  output: Output,
  json: boolean,
  { server }: TradeMarket,
  { dataDir, speed, hasPages }: { dataDir: string; speed: number; hasPages: boolean },
): void {
  const { url, chain, replayed, pid } = server
  if (json) {
    const ready = { event: 'ready', url, chain, replayed, pid, data_dir: dataDir, speed }
    output.print(JSON.stringify(ready))
    return
  }
  output.print(`
The exchange is up.
${hasPages ? `\n  ${url}                      its pages, for everybody\n` : ''}
  ${url}/v1/offers            the board: what is offered and asked for
  ${url}/v1/stream            everything as it happens
  ${url}/v1/conservation      money, energy and chain, exact or not
  ${url}/v1/openapi.json      the whole interface

  chain: ${chain}; data: ${dataDir}${replayed === 0 ? '' : `; ${replayed} journal entries replayed`}

  A payment provider, a bill network and a bank run beside it, and fail now and then.
  Ctrl-C stops.
`)
}

type Summary = Awaited<ReturnType<typeof runTradeDay>>

/** Runs the days; ends quietly when it is told to stop. */
async function trade(
  { client }: TradeMarket,
  output: Output,
  json: boolean,
  signal: AbortSignal,
  run: (show: (interval: number) => void) => Promise<Summary>,
): Promise<void> {
  const show = (interval: number): void => {
    if (json) output.print(JSON.stringify({ event: 'settled', interval }))
    else output.print(`interval ${String(interval).padStart(4)}  metered and settled`)
  }
  try {
    const summary = await run(show)
    const { conservation } = await serverFigures(client)
    if (json) return
    const exact = conservation.money.unexplainedMicros === 0 && conservation.chain?.equal === true
    output.print(`
The contracts are over: ${energy(summary.deliveredWh)} delivered, ${
      exact ? 'every micro explained, chain and ledger equal' : 'NOT EXACT: see /v1/conservation'
    }.
The exchange keeps serving. Ctrl-C stops.`)
  } catch (error) {
    if (signal.aborted) return
    output.note(`The scenario stopped: ${error instanceof Error ? error.message : String(error)}`)
  }
}
