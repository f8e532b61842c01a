import { join } from 'node:path'
import { runTradeDay } from '@busbar/simulator'
import type { Values } from '../arguments.ts'
import type { Output } from '../command.ts'
import { faultsFrom } from '../market/scenario.ts'
import { defaultSpeed } from '../market/scenario-options.ts'
import { energy } from '../text.ts'
import {
  interRetailer,
  startTradeMarket,
  tradeHomes,
  usualFaults,
} from '../day/trade-day.ts'
import { breakable, liveFaults } from '../market/market-run.ts'
import {
  announce,
  decidingWords,
  minutesOf,
  pagesOrNone,
  stopSignal,
  untilOver,
  untilStopped,
  upEnvironment,
} from './parts.ts'
import { fourEyes, secondPerson } from './deputy.ts'
import { welcomeTo } from './invitations.ts'

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
  const faults = { ...usualFaults, ...faultsFrom(values.text('faults')) }
  output.note(homes.source)
  const pages = values.flag('no-dashboard') ? undefined : await pagesOrNone(output)
  output.note('Starting the exchange, its database, its chain, and where its money is …')
  const environment = { ...upEnvironment(port, pages), ...breakable }
  const rules = { fourEyes }
  const market = await startTradeMarket({ homes, seed, dataDir, rules, environment })
  const signal = stopSignal()
  announce(output, json, market.server, {
    ...{ dataDir, speed, hasPages: pages !== undefined },
    paths: [['/v1/offers', 'the board: what is offered and asked for']],
    more:
      '  A payment provider, a bill network and a bank run beside it, and fail now and then.\n' +
      decidingWords,
  })
  const { client, houses } = market
  const minutes = (pacedFromMs - homes.startMs) / 60_000
  const fastIntervals = Math.floor((minutes * perDay) / 1_440)
  const welcomed = { seed, hasPages: pages !== undefined, fastIntervals }
  const welcome = welcomeTo(market, output, json, welcomed)
  let isFirst = true
  const show = (interval: number): void => {
    if (isFirst) void welcome.say()
    else if (interval > fastIntervals) void welcome.sayAgain()
    isFirst = false
    if (json) output.print(JSON.stringify({ event: 'settled', interval }))
    else output.print(`interval ${String(interval).padStart(4)}  metered and settled`)
  }
  const trading = untilOver(client, output, json, signal, async () => {
    const day = { client, homes, seed, faults, houses, rules, speed, pacedFromMs, signal }
    const looked = {
      ...{ second: secondPerson(client, seed), live: liveFaults(client, seed), hasDevices: true },
    }
    const { deliveredWh } = await runTradeDay({ ...day, ...looked }, show)
    return `The contracts are over: ${energy(deliveredWh)} delivered`
  })
  const code = await untilStopped(output, dataDir, market, trading, signal)
  // Of a server that ended by itself, the houses of its money are still there.
  if (!signal.aborted) await houses.stop()
  return code
}
