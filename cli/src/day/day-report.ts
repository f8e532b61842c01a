import type { BusbarClient } from '@busbar/client'
import type { Conservation } from '@busbar/protocols/api'
import type { DaySummary } from '@busbar/simulator'
import type { ProofReport } from './proof-report.ts'

/** What `busbar day` found. Names and units of the JSON form are part of the interface. */
export type DayReport = {
  readonly scenario: string
  readonly source: string
  readonly intervals: number
  readonly sites: number
  readonly orders: number
  readonly orders_filled: number
  readonly orders_rejected: Readonly<Record<string, number>>
  /** Sealed orders that counted for nothing, by reason. */
  readonly orders_void: Readonly<Record<string, number>>
  /** Traded in the auctions. */
  readonly energy_wh: number
  readonly average_price_micros_per_kwh: number | null
  readonly load_wh: number
  readonly solar_wh: number
  readonly self_supply: number
  readonly imbalance_wh: number
  /** What all runs together moved between accounts, one side of it. */
  readonly money_moved_micros: number
  readonly conservation: { readonly money_micros: number; readonly energy_wh: number }
  readonly chain_equals_ledger: boolean
  readonly chain: { readonly custody_micros: number; readonly ledger_micros: number } | null
  readonly auditor_agrees: boolean
  readonly auditor_differences: number
  readonly estimated_meter_intervals: number
  readonly readings: Readonly<Record<string, number>>
  readonly suspect_meters: readonly string[]
  readonly latency_ms: { readonly p50: number | null; readonly p99: number | null }
  readonly gas: {
    readonly total: number
    readonly per_participant: number | null
    readonly by_purpose: Readonly<Record<string, number>>
  }
  /** Null where the book is open. */
  readonly proofs: ProofReport | null
  readonly journal_entries: number
  readonly state_hash: string
  readonly seconds: number
}

export type ServerFigures = {
  readonly conservation: Conservation
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null }
  readonly gas: Readonly<Record<string, number>>
}

/**
 * Waits until nothing is on its way to the chain any more, and asks the server what it measured. Of
 * a run of many days much is on its way: it waits for as long as more of it arrives.
 */
export async function serverFigures(client: BusbarClient): Promise<ServerFigures> {
  let arrived = ''
  let until = 0
  for (;;) {
    const metrics = await client.metrics()
    const pending = sampleOf(metrics, 'busbar_outbox_pending') ?? 0
    const gas = JSON.stringify(gasByPurpose(metrics))
    if (gas !== arrived) until = performance.now() + stallMs
    arrived = gas
    if (pending === 0 || performance.now() > until) {
      return {
        conservation: await client.conservation(),
        latencyMs: {
          p50: milliseconds(sampleOf(metrics, 'busbar_gate_to_receipt_seconds{quantile="0.5"}')),
          p99: milliseconds(sampleOf(metrics, 'busbar_gate_to_receipt_seconds{quantile="0.99"}')),
        },
        gas: gasByPurpose(metrics),
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A chain of which nothing was heard for so long is not waited for. */
const stallMs = 60_000

/** The value of one sample of Prometheus' text format. */
function sampleOf(metrics: string, sample: string): number | undefined {
  for (const line of metrics.split('\n')) {
    if (!line.startsWith(`${sample} `)) continue
    const value = Number(line.slice(sample.length + 1))
    return Number.isFinite(value) ? value : undefined
  }
  return undefined
}

const milliseconds = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.round(seconds * 10_000) / 10

function gasByPurpose(metrics: string): Record<string, number> {
  const gas: Record<string, number> = {}
  for (const match of metrics.matchAll(/^busbar_chain_gas_total\{purpose="([a-z_]+)"\} (\d+)$/gm)) {
    gas[match[1] ?? ''] = Number(match[2])
  }
  return gas
}

export function dayReport(run: {
  readonly scenario: string
  readonly summary: DaySummary
  readonly figures: ServerFigures
  readonly proofs: Omit<ProofReport, 'gas_per_proof'> | null
  readonly moneyMovedMicros: number
  readonly stateHash: string
  readonly seconds: number
}): DayReport {
  const { summary, figures } = run
  const { conservation, gas } = figures
  const perInterval = (gas.commit ?? 0) + (gas.settle ?? 0)
  const participantIntervals = summary.sites * summary.intervals
  return {
    scenario: run.scenario,
    source: summary.source,
    intervals: summary.intervals,
    sites: summary.sites,
    orders: summary.orders,
    orders_filled: summary.ordersFilled,
    orders_rejected: summary.rejections,
    orders_void: summary.voids,
    energy_wh: summary.tradedWh,
    average_price_micros_per_kwh: summary.averagePriceMicrosPerKwh,
    load_wh: summary.loadWh,
    solar_wh: summary.pvWh,
    self_supply: Math.round(summary.selfSupply * 10_000) / 10_000,
    imbalance_wh: summary.imbalanceWh,
    money_moved_micros: run.moneyMovedMicros,
    conservation: {
      money_micros: conservation.money.unexplainedMicros,
      energy_wh: conservation.energy.unexplainedWh,
    },
    chain_equals_ledger: conservation.chain?.equal === true,
    chain:
      conservation.chain === null
        ? null
        : {
            custody_micros: conservation.chain.custodyMicros,
            ledger_micros: conservation.chain.ledgerMicros,
          },
    auditor_agrees: summary.audit.agrees,
    auditor_differences: summary.audit.differences.length,
    estimated_meter_intervals: summary.estimatedMeterIntervals,
    readings: summary.readings,
    suspect_meters: summary.suspicion.suspectNames,
    latency_ms: figures.latencyMs,
    gas: {
      total: Object.values(gas).reduce((sum, value) => sum + value, 0),
      per_participant: perInterval === 0 ? null : Math.round(perInterval / participantIntervals),
      by_purpose: gas,
    },
    proofs:
      run.proofs === null ? null : { ...run.proofs, gas_per_proof: perProof(gas, run.proofs) },
    journal_entries: conservation.sequence,
    state_hash: run.stateHash,
    seconds: Math.round(run.seconds * 10) / 10,
  }
}

const perProof = (
  gas: Readonly<Record<string, number>>,
  { made }: { readonly made: number },
): number | null => (gas.prove === undefined || made === 0 ? null : Math.round(gas.prove / made))

export const isSound = (report: DayReport): boolean =>
  report.conservation.money_micros === 0 &&
  report.conservation.energy_wh === 0 &&
  report.chain_equals_ledger &&
  report.auditor_agrees &&
  // Where a prover ran, it was to prove every clearing.
  (report.proofs === null || report.proofs.mode === 'none' || report.proofs.unproven.length === 0)
