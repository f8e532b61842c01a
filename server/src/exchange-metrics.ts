import { Counter, Gauge, type Registry, Summary } from 'prom-client'
import type { Lane, Told } from './app/lane.ts'
import type { Openings } from './app/opening/openings.ts'
import type { OperationsMeter } from './app/operations/operations-meter.ts'
import type { PaymentWorker } from './app/payments/payment-worker.ts'
import type { OutboxSender } from './app/ports/chain.ts'
import type { ProofWatch } from './app/proving/proof-watch.ts'
import type { ProvingQueue } from './app/proving/proving-queue.ts'
import type { Scheduler } from './app/scheduler.ts'

export type ExchangeMetrics = {
  readonly hear: (told: readonly Told[], queued: readonly string[]) => void
  readonly hearFinal: (id: string, gasUsed: number) => void
}

type WatchedParts = {
  readonly meter: OperationsMeter
  readonly lane: Lane
  readonly scheduler: Scheduler
  readonly sender: OutboxSender
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly payments: PaymentWorker
}

/** What an operator watches: commands, intervals, gas, and the time from gate to receipt. */
export function exchangeMetrics(
  registry: Registry,
  parts: WatchedParts,
): ExchangeMetrics {
  const registers = [registry]
  const effects = new Counter({
    name: 'busbar_effects_total',
    help: 'Effects of accepted commands, by kind.',
    labelNames: ['kind'],
    registers,
  })
  const gas = new Counter({
    name: 'busbar_chain_gas_total',
    help: 'Gas of final transactions, by what they were for.',
    labelNames: ['purpose'],
    registers,
  })
  const latency = new Summary({
    name: 'busbar_gate_to_receipt_seconds',
    help:
      'Work from the gate to the receipt of the commitment, ' +
      'and from the run to that of its money.',
    percentiles: [0.5, 0.9, 0.99],
    registers,
  })
  gauges(registers, parts)
  return {
    hear(told, queued) {
      parts.meter.hear(told, queued)
      for (const { effect } of told) effects.inc({ kind: effect.kind })
    },
    hearFinal(id, gasUsed) {
      gas.inc({ purpose: id.slice(0, id.indexOf('/')) }, gasUsed)
      const total = parts.meter.hearFinal(id)
      if (total !== undefined) latency.observe(total / 1_000)
    },
  }
}

function gauges(
  registers: Registry[],
  { lane, scheduler, sender, openings, proofs, proving, payments }: WatchedParts,
): void {
  const gauge = (what: string, help: string, value: () => number): void => {
    const name = `busbar_${what}`
    new Gauge({ name, help, registers, collect() { this.set(value()) } })
  }
  gauge('journal_sequence', 'The last durable entry of the journal.', () => lane.end.sequence)
  gauge('commands_waiting', 'Requests that wait for the disk.', () => lane.waiting)
  const outbox = 'Transactions that are not final; 129 for as many or more.'
  gauge('outbox_pending', outbox, () => sender.pending)
  gauge('intervals_unsettled', 'Intervals before their final run.', () => scheduler.unsettled)
  gauge('openings_waiting', 'Intervals whose orders are fixed and not opened.', () => {
    return openings.waiting
  })
  gauge('intervals_unproven', 'Cleared intervals without a proof.', () => proofs.unproven)
  gauge('proving_waiting', 'Batches that wait for a prover.', () => proving.waiting.count)
  railGauge(registers, 'waiting', 'Payments that wait for their rail.', payments)
  railGauge(registers, 'troubled', 'Payments whose rail fails again and again.', payments)
}

function railGauge(
  registers: Registry[],
  what: 'waiting' | 'troubled',
  help: string,
  payments: PaymentWorker,
): void {
  new Gauge({
    ...{ name: `busbar_payments_${what}`, help, labelNames: ['rail'], registers },
    collect() {
      for (const line of payments.lines) this.set({ rail: line.name }, line[what])
    },
  })
}
