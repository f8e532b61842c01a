import { join } from 'node:path'
import type { Progress } from '@busbar/simulator'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { interRetailer } from '../day/trade-day.ts'
import { type MarketRun, type Pace, startMarket } from '../market/market-run.ts'
import { defaultSpeed } from '../market/scenario-options.ts'
import { scenarioFrom } from '../market/scenario.ts'
import { energy, money, price } from '../text.ts'
import { withDeputy, withFourEyes } from './deputy.ts'
import { type Welcomed, welcomeTo } from './invitations.ts'
import {
  announce,
  decidingWords,
  minutesOf,
  pagesOrNone,
  provenInRealTime,
  stopSignal,
  untilOver,
  untilStopped,
  upEnvironment,
} from './parts.ts'
import { upTrades } from './trade-up.ts'

/** `busbar up`: everything on this machine, until it is told to stop. */
export async function runUp(values: Values, output: Output): Promise<number> {
  if (values.text('scenario') === interRetailer) return upTrades(values, output)
  if (values.text('intervals') !== undefined) {
    throw new UsageError(`--intervals is for --scenario ${interRetailer}: a district has a day`)
  }
  const speed = values.integer('speed', defaultSpeed, 1, 100_000)
  const scenario = provenInRealTime(withFourEyes(scenarioFrom(values, undefined)), speed)
  const minutes = minutesOf(values.text('from') ?? '09:00')
  const pacedFromMs = scenario.district.startMs + minutes * 60_000
  const port = values.integer('port', 8_420, 0, 65_535)
  const dataDir = values.text('data-dir') ?? join('.busbar', scenario.name)
  output.note(scenario.source)
  const pages = values.flag('no-dashboard') ? undefined : await pagesOrNone(output)
  output.note('Starting the exchange, its database and its chain …')
  const market = await startMarket(scenario, dataDir, {
    environment: upEnvironment(port, pages),
    proofs: values.flag('no-prover') ? 'none' : 'trailing',
    isBreakable: true,
    hasDevices: true,
    say: output.note,
  })
  const signal = stopSignal()
  const json = values.flag('json')
  announce(output, json, market.server, {
    ...{ dataDir, speed, hasPages: pages !== undefined },
    paths: [
      ['/v1/market', 'the market: rules, clock, next gate'],
      ['/v1/intervals?zone=0', 'prices, energy, proofs'],
    ],
    more: newcomersWords(market, scenario.district.sites[0]?.name ?? 'WHO'),
  })
  const { seed } = scenario
  const welcomed = { seed, hasPages: pages !== undefined, fastIntervals: minutes / 5 }
  const trading = trade(market, output, json, { speed, pacedFromMs, signal, ...welcomed })
  return untilStopped(output, dataDir, market, trading, signal)
}

/** What a newcomer should know of the processes that run beside the exchange, and may ask next. */
function newcomersWords({ server, committee, proofs }: MarketRun, who: string): string {
  const opening =
    '  Orders are sealed: two of three committee processes open them after each gate.\n'
  const proving =
    '  A prover proves each clearing in the background, verified on the chain (development, not\n' +
    '  secure: the reference string was made on this machine). Money does not wait for it.\n'
  const why = `\n  npx busbar explain ${who} last --server ${server.url}   why this cent?`
  const beside = `${committee === null ? '' : opening}${proofs === null ? '' : proving}`
  return `${beside}${decidingWords}\n${why}`
}

/** Runs the day; ends quietly when it is told to stop. */
async function trade(
  market: MarketRun,
  output: Output,
  json: boolean,
  pace: Pace & Welcomed,
): Promise<void> {
  const welcome = welcomeTo(market, output, json, pace)
  const show = (progress: Progress): void => {
    const { step, interval, intervals, priceMicrosPerKwh, energyWh } = progress
    if (step === 'opened') {
      if (!json) output.print('Participants, meters and deposits are in place. Trading begins.')
      void welcome.say()
      return
    }
    if (step === 'cleared' && interval > pace.fastIntervals) void welcome.sayAgain()
    if (json) {
      const figures = { price_micros_per_kwh: priceMicrosPerKwh, energy_wh: energyWh }
      output.print(JSON.stringify({ event: step, interval, ...figures }))
      return
    }
    const traded =
      priceMicrosPerKwh === null ? 'no trade' : `${energy(energyWh)} at ${price(priceMicrosPerKwh)}`
    const proven = market.proofs === null ? '' : `; ${market.proofs.figures.made} proven so far`
    const shown = step === 'cleared' ? traded : `metered and settled${proven}`
    output.print(`interval ${String(interval).padStart(3)} of ${intervals}  ${shown}`)
  }
  await untilOver(market.client, output, json, pace.signal, async () => {
    const two = withDeputy(market.client, pace.seed)
    const { tradedWh, movedMicros } = await market.day(show, pace, two)
    return `The day is over: ${energy(tradedWh)} traded, ${money(movedMicros)} moved`
  })
}
