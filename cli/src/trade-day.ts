import { BusbarClient } from '@busbar/client'
import { castOf, runTradeDay, seededHomes, type TradeDaySummary } from '@busbar/simulator'
import type { Values } from './arguments.ts'
import { exitCodes, UsageError } from './cli-error.ts'
import type { Output } from './command.ts'
import { type ServerFigures, serverFigures } from './day-report.ts'
import { dataDirFor, writeRulebook } from './market-run.ts'
import { faultsFrom, marketEnvironment, writeChainKey } from './scenario.ts'
import { startServerProcess } from './server-process.ts'
import { count, energy, money, rows } from './text.ts'

const name = 'inter-retailer'
const perDay = 96

/** What `busbar day --scenario inter-retailer` found. Names and units are part of the interface. */
export type TradeDayReport = {
  readonly scenario: string
  readonly source: string
  readonly intervals: number
  readonly homes: number
  readonly contracts: Readonly<Record<string, number>>
  readonly invitations_declined: number
  readonly ladders_matched: number
  readonly contracted_wh: number
  /** What utilities let through of it. */
  readonly obliged_wh: number
  readonly delivered_wh: number
  readonly deliveries: {
    readonly complete: number
    readonly partial: number
    readonly failed: number
  }
  /** What buyers and sellers come to on each rail, fees and penalties included. */
  readonly micros_by_rail: TradeDaySummary['byRail']
  readonly readings: Readonly<Record<string, number>>
  readonly readings_sent_when_asked: number
  readonly conservation: { readonly money_micros: number; readonly energy_wh: number }
  readonly chain_equals_ledger: boolean
  readonly journal_entries: number
  readonly state_hash: string
  readonly seconds: number
}

/**
 * A day of contracts between customers of different retailers, on a server of its own.
 *
 * @throws UsageError for options that this scenario does not have
 */
export async function tradeDay(values: Values, output: Output): Promise<number> {
  for (const option of ['data', 'proofs', 'book', 'committee'] as const) {
    if (values.text(option) !== undefined) {
      throw new UsageError(`--${option} is not for ${name}: it is by seed, with an open book`)
    }
  }
  const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
  const intervals = values.integer('intervals', perDay, 1, 30 * perDay)
  const homes = seededHomes({ seed, date: values.text('date'), intervals })
  output.note(homes.source)
  const place = await dataDirFor(values.text('data-dir'))
  const began = performance.now()
  const cast = castOf(homes, seed)
  writeChainKey({ seed, name }, place.path)
  const server = await startServerProcess({
    BUSBAR_REQUESTS_PER_MINUTE: '10000000',
    ...marketEnvironment({ seed, name }, cast.openAtMs, place.path),
    BUSBAR_RULEBOOK: writeRulebook(cast, place.path),
    BUSBAR_PORT: '0',
  })
  // One request at a time: their order is part of what a repeated run repeats.
  const client = new BusbarClient({ baseUrl: server.url, concurrency: 1, timeoutMs: 120_000 })
  let report: TradeDayReport
  try {
    const faults = { ...usualFaults, ...faultsFrom(values.text('faults')) }
    const summary = await runTradeDay({ client, homes, seed, faults }, (n) =>
      output.progress(`interval ${n} of ${intervals}`),
    )
    output.progress('')
    const figures = await serverFigures(client)
    const stateHash = await server.stop()
    report = reportOf(summary, figures, stateHash, (performance.now() - began) / 1_000)
  } catch (error) {
    await server.stop().catch((late: unknown) => output.note(String(late)))
    throw error
  } finally {
    await place.done()
  }
  output.print(values.flag('json') ? JSON.stringify(report) : textOf(report))
  return isSound(report) ? exitCodes.ok : exitCodes.difference
}

/** Some batches of gateways are late, come twice, or only when they are asked for. */
const usualFaults = {
  late: { rate: 0.1, delayIntervals: 2 },
  duplicate: { rate: 0.1 },
  lost: { rate: 0.05 },
}

function reportOf(
  summary: TradeDaySummary,
  { conservation }: ServerFigures,
  stateHash: string,
  seconds: number,
): TradeDayReport {
  const { complete, partial, failed } = summary
  return {
    scenario: name,
    source: summary.source,
    intervals: summary.intervals,
    homes: summary.homes,
    contracts: summary.byStatus,
    invitations_declined: summary.declined,
    ladders_matched: summary.matched,
    contracted_wh: summary.contractedWh,
    obliged_wh: summary.obligedWh,
    delivered_wh: summary.deliveredWh,
    deliveries: { complete, partial, failed },
    micros_by_rail: summary.byRail,
    readings: summary.readings,
    readings_sent_when_asked: summary.answeredReadings,
    conservation: {
      money_micros: conservation.money.unexplainedMicros,
      energy_wh: conservation.energy.unexplainedWh,
    },
    chain_equals_ledger: conservation.chain?.equal === true,
    journal_entries: conservation.sequence,
    state_hash: stateHash,
    seconds: Math.round(seconds * 10) / 10,
  }
}

const isSound = ({ conservation, chain_equals_ledger: equal }: TradeDayReport): boolean =>
  conservation.money_micros === 0 && conservation.energy_wh === 0 && equal

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).map(([what, number]) => `${count(number)} ${what}`).join(', ')

function textOf(report: TradeDayReport): string {
  const exact = (value: number, unit: string): string =>
    value === 0 ? 'exact' : `UNEXPLAINED ${count(value)} ${unit}`
  const { contracted_wh: contracted, obliged_wh: obliged, delivered_wh: delivered } = report
  return [
    `${report.intervals} intervals, ${report.homes} homes, in ${report.seconds} s`,
    '',
    rows([
      ['contracts', listed(report.contracts)],
      ['ladders met', count(report.ladders_matched)],
      ['contracted', `${energy(contracted)}, of which wires let through ${energy(obliged)}`],
      ['delivered', energy(delivered)],
      ['deliveries', listed(report.deliveries)],
      ...Object.entries(report.micros_by_rail).map(([rail, { buyers, sellers }]) =>
        [rail, `buyers ${money(buyers)}, sellers ${money(sellers)}`] as const,
      ),
      ['readings', listed(report.readings)],
      ['sent when asked', count(report.readings_sent_when_asked)],
      ['money conserved', exact(report.conservation.money_micros, 'micros')],
      ['energy conserved', exact(report.conservation.energy_wh, 'Wh')],
      ['chain = ledger', report.chain_equals_ledger ? 'exact' : 'DIFFERENT'],
      ['state hash', report.state_hash],
    ]),
  ].join('\n')
}
