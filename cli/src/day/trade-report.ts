import type { TradeDaySummary } from '@busbar/simulator'
import type { ServerFigures } from './day-report.ts'
import { count, energy, money, rows } from '../text.ts'

/** What `busbar day --scenario inter-retailer` found. Names and units are part of the interface. */
export type TradeDayReport = {
  readonly scenario: string
  readonly source: string
  readonly intervals: number
  readonly homes: number
  readonly contracts: Readonly<Record<string, number>>
  readonly invitations_declined: number
  /** Contracts that the exchange did not take, by code. */
  readonly contracts_refused: Readonly<Record<string, number>>
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
  /** By the steps that were taken and how each ended. */
  readonly defaults: Readonly<Record<string, number>>
  readonly recovered_micros: number
  /** Bills that were given another term before they were due, and what that cost their payer. */
  readonly postponed: { readonly bills: number; readonly fee_micros: number }
  /** Contracts whose retailers nothing binds, and what was drawn of what both sides left. */
  readonly collateral: { readonly contracts: number; readonly drawn_micros: number }
  /** Readings that were put right, and what that changed of trades. */
  readonly corrections: TradeDaySummary['corrections']
  /** Of meters that trade: what they showed, and what of it went to contracts. */
  readonly traded_meters: TradeDaySummary['audit']['sinks']
  readonly conservation: { readonly money_micros: number; readonly energy_wh: number }
  readonly chain_equals_ledger: boolean
  readonly auditor_agrees: boolean
  readonly auditor_differences: TradeDaySummary['audit']['differences']
  readonly audited: TradeDaySummary['audit']['compared']
  readonly open_netting_micros: Readonly<Record<string, number>>
  readonly journal_entries: number
  readonly state_hash: string
  readonly seconds: number
}

/** A long list of differences says no more than its beginning. */
const differencesMax = 50

export function reportOf(
  scenario: string,
  summary: TradeDaySummary,
  { conservation }: ServerFigures,
  run: { readonly stateHash: string; readonly seconds: number },
): TradeDayReport {
  const { complete, partial, failed, audit } = summary
  return {
    ...{ scenario, source: summary.source, intervals: summary.intervals, homes: summary.homes },
    contracts: summary.byStatus,
    invitations_declined: summary.declined,
    contracts_refused: summary.refused,
    ladders_matched: summary.matched,
    contracted_wh: summary.contractedWh,
    obliged_wh: summary.obligedWh,
    delivered_wh: summary.deliveredWh,
    deliveries: { complete, partial, failed },
    micros_by_rail: summary.byRail,
    readings: summary.readings,
    readings_sent_when_asked: summary.answeredReadings,
    defaults: summary.defaults,
    recovered_micros: summary.recoveredMicros,
    postponed: { bills: summary.postponed.bills, fee_micros: summary.postponed.feeMicros },
    collateral: {
      contracts: summary.collateral.contracts,
      drawn_micros: summary.collateral.drawnMicros,
    },
    corrections: summary.corrections,
    traded_meters: audit.sinks,
    conservation: {
      money_micros: conservation.money.unexplainedMicros,
      energy_wh: conservation.energy.unexplainedWh,
    },
    chain_equals_ledger: conservation.chain?.equal === true,
    auditor_agrees: audit.differences.length === 0,
    auditor_differences: audit.differences.slice(0, differencesMax),
    audited: audit.compared,
    open_netting_micros: audit.openNettingMicros,
    journal_entries: conservation.sequence,
    state_hash: run.stateHash,
    seconds: Math.round(run.seconds * 10) / 10,
  }
}

export const isSound = (report: TradeDayReport): boolean =>
  report.conservation.money_micros === 0 &&
  report.conservation.energy_wh === 0 &&
  report.chain_equals_ledger &&
  report.auditor_agrees

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).map(([what, number]) => `${count(number)} ${what}`).join(', ')

export function textOf(report: TradeDayReport): string {
  return [
    `${report.intervals} intervals, ${report.homes} homes, in ${report.seconds} s`,
    '',
    rows([...tradeRows(report), ...checkRows(report)]),
    ...report.auditor_differences.map(({ about, subject, interval, expected, got }) =>
      `DIFFERENT  ${about}, ${subject}, interval ${interval}: ${got}, must be ${expected}`,
    ),
  ].join('\n')
}

type Rows = readonly (readonly [string, string])[]

function tradeRows(report: TradeDayReport): Rows {
  const { contracted_wh: contracted, obliged_wh: obliged, delivered_wh: delivered } = report
  const { postponed, collateral } = report
  const changed = report.corrections.reduce((sum, { changes }) => sum + changes.length, 0)
  return [
    ['contracts', listed(report.contracts)],
    ['not taken', listed(report.contracts_refused) || 'none'],
    ['ladders met', count(report.ladders_matched)],
    ['contracted', `${energy(contracted)}, of which wires let through ${energy(obliged)}`],
    ['delivered', energy(delivered)],
    ['deliveries', listed(report.deliveries)],
    ...Object.entries(report.micros_by_rail).map(([rail, { buyers, sellers }]) =>
      [rail, `buyers ${money(buyers)}, sellers ${money(sellers)}`] as const,
    ),
    ['readings', listed(report.readings)],
    ['sent when asked', count(report.readings_sent_when_asked)],
    ['corrections', `${count(report.corrections.length)}, money of ${count(changed)} deliveries`],
    ...Object.entries(report.defaults).map(([story, number]) =>
      ['defaults', `${count(number)} × ${story}`] as const,
    ),
    ['recovered', money(report.recovered_micros)],
    ['postponed', `${count(postponed.bills)} bills, for ${money(postponed.fee_micros)}`],
    [
      'collateral',
      `${count(collateral.contracts)} contracts, of which ${money(collateral.drawn_micros)} drawn`,
    ],
  ]
}

function checkRows(report: TradeDayReport): Rows {
  const exact = (value: number, unit: string): string =>
    value === 0 ? 'exact' : `UNEXPLAINED ${count(value)} ${unit}`
  const { audited, traded_meters: meters } = report
  const cuts = audited.cuts > 0 ? `${count(audited.cuts)} cuts, ` : ''
  const looked =
    `${count(audited.deliveries)} deliveries, ${cuts}` +
    `${count(audited.declarations)} declarations, ${count(audited.accounts)} accounts`
  return [
    [
      'traded meters',
      `exported ${energy(meters.exportedWh)}, sold ${energy(meters.soldWh)}; ` +
        `imported ${energy(meters.importedWh)}, bought ${energy(meters.boughtWh)}`,
    ],
    ['money conserved', exact(report.conservation.money_micros, 'micros')],
    ['energy conserved', exact(report.conservation.energy_wh, 'Wh')],
    ['chain = ledger', report.chain_equals_ledger ? 'exact' : 'DIFFERENT'],
    ['auditor', report.auditor_agrees ? `agrees: ${looked}` : 'FINDS DIFFERENCES'],
    ['state hash', report.state_hash],
  ]
}
