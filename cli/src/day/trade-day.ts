import { join } from 'node:path'
import { BusbarClient } from '@busbar/client'
import { type AllocationRule, allocationRules } from '@busbar/core/rulebook'
import {
  type Cast,
  castOf,
  type Homes,
  type MarketRules,
  measuredHomes,
  RailHouses,
  runTradeDay,
  seededHomes,
  type TradeDaySummary,
} from '@busbar/simulator'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { serverFigures } from './day-report.ts'
import { dataDirFor, writeRulebook } from '../market/market-run.ts'
import { faultsFrom, marketEnvironment, writeChainKey } from '../market/scenario.ts'
import { type ServerProcess, startServerProcess } from '../market/server-process.ts'
import { isSound, reportOf, textOf, type TradeDayReport } from './trade-report.ts'

export const interRetailer = 'inter-retailer'

/**
 * Days of contracts between customers of different retailers, on a server of its own, with the
 * payment provider, the bill network and the bank that it needs beside it.
 *
 * @throws UsageError for options that this scenario does not have
 */
export async function tradeDay(values: Values, output: Output): Promise<number> {
  const homes = tradeHomes(values)
  output.note(homes.source)
  const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
  const kept = values.text('data-dir')
  const place = await dataDirFor(kept)
  const dataDir = kept ?? join(place.path, 'market')
  const began = performance.now()
  const rules = { allocation: allocationIn(values) }
  const market = await startTradeMarket({ homes, seed, dataDir, rules })
  let report: TradeDayReport
  try {
    const { client, houses } = market
    const faults = { ...usualFaults, ...faultsFrom(values.text('faults')) }
    const summary = await runTradeDay({ client, homes, seed, faults, houses, rules }, (n) =>
      output.progress(`interval ${n} of ${homes.intervals}`),
    )
    output.progress('')
    output.progress('waiting for the chain')
    const figures = await serverFigures(client)
    output.progress('')
    const stateHash = await market.stop()
    const seconds = (performance.now() - began) / 1_000
    report = reportOf(interRetailer, summary, figures, { stateHash, seconds })
  } catch (error) {
    await market.stop().catch((late: unknown) => output.note(String(late)))
    throw error
  } finally {
    await place.done()
  }
  output.print(values.flag('json') ? JSON.stringify(report) : textOf(report))
  return isSound(report) ? exitCodes.ok : exitCodes.difference
}

/** @throws UsageError for a rule that there is not */
function allocationIn(values: Values): AllocationRule | undefined {
  const asked = values.text('allocation')
  const found = allocationRules.find((rule) => rule === asked)
  if (asked !== undefined && found === undefined) {
    throw new UsageError(`--allocation is ${asked}; it takes ${allocationRules.join(', ')}`)
  }
  return found
}

/** Some batches of gateways are late, come twice, or only when they are asked for. */
export const usualFaults = {
  late: { rate: 0.1, delayIntervals: 2 },
  duplicate: { rate: 0.1 },
  lost: { rate: 0.05 },
}

const lengths = [5, 15, 30] as const
const daysMax = 60

/**
 * @param intervals how many there are if nobody says; a day of them if undefined
 * @throws UsageError; the loader's own errors name files
 */
export function tradeHomes(values: Values, intervals?: number): Homes {
  for (const option of ['proofs', 'book', 'committee'] as const) {
    if (values.text(option) !== undefined) {
      throw new UsageError(`--${option} is not for ${interRetailer}: its book is open`)
    }
  }
  const days = values.integer('days', 0, 1, daysMax)
  if (days > 0 && values.text('intervals') !== undefined) {
    throw new UsageError('--days and --intervals say the same: give one of them')
  }
  const minutes = values.integer('minutes', days > 1 ? 30 : 15, 5, 30)
  if (!lengths.some((length) => length === minutes)) {
    throw new UsageError(`--minutes is ${minutes}; it takes ${lengths.join(', ')}`)
  }
  const perDay = (24 * 60) / minutes
  const asked = values.integer('intervals', intervals ?? perDay, 1, daysMax * perDay)
  const span = { intervals: days > 0 ? days * perDay : asked, intervalMs: minutes * 60_000 }
  const date = values.text('date')
  const folder = values.text('data') ?? process.env.BUSBAR_DATA
  if (folder === undefined || folder === '') {
    return seededHomes({ seed: values.integer('seed', 1, 0, 2 ** 31 - 1), date, ...span })
  }
  if (minutes === 5) throw new UsageError('--minutes is 5; data of households has 15 or 30')
  return measuredHomes(folder, { date, ...span })
}

export type TradeMarket = {
  readonly server: ServerProcess
  readonly client: BusbarClient
  readonly cast: Cast
  readonly houses: RailHouses
  /** Stops the server, then those beside it. Resolves with the state hash. */
  readonly stop: () => Promise<string>
}

/** Starts a market of contracts in `dataDir`, and beside it everything that its rails need. */
export async function startTradeMarket(options: {
  readonly homes: Homes
  readonly seed: number
  readonly dataDir: string
  readonly rules?: MarketRules
  readonly environment?: Readonly<Record<string, string>>
}): Promise<TradeMarket> {
  const { homes, seed, dataDir } = options
  const cast = castOf(homes, seed, options.rules)
  const name = interRetailer
  writeChainKey({ seed, name }, dataDir)
  const rulebook = writeRulebook(cast, dataDir)
  // Not inside of it: what is sealed there is the exchange's own.
  const directory = `${dataDir}.rails`
  const houses = await RailHouses.start({ market: name, cast, seed, directory })
  try {
    const server = await startServerProcess({
      BUSBAR_REQUESTS_PER_MINUTE: '10000000',
      ...marketEnvironment({ seed, name }, cast.openAtMs, dataDir),
      BUSBAR_RULEBOOK: rulebook,
      BUSBAR_RAILS: houses.writeFile(),
      BUSBAR_PORT: '0',
      ...options.environment,
    })
    // One request at a time: their order is part of what a repeated run repeats.
    const client = new BusbarClient({ baseUrl: server.url, concurrency: 1, timeoutMs: 120_000 })
    const stop = async (): Promise<string> => {
      try {
        return await server.stop()
      } finally {
        await houses.stop()
      }
    }
    return { server, client, cast, houses, stop }
  } catch (error) {
    await houses.stop()
    throw error
  }
}
