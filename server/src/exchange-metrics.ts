import { Counter, Gauge, type Registry, Summary } from 'prom-client'
import type { Lane, Told } from './app/lane.ts'
import type { Openings } from './app/opening/openings.ts'
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
  const work = new IntervalWork()
  return {
    hear(told, queued) {
      for (const id of queued) work.expect(id)
      for (const { effect, begunMs } of told) {
        effects.inc({ kind: effect.kind })
        if (effect.kind === 'interval_cleared') work.begin('commit', effect, begunMs)
        if (effect.kind === 'run_posted' && effect.run === 0) work.begin('settle', effect, begunMs)
      }
    },
    hearFinal(id, gasUsed) {
      gas.inc({ purpose: id.slice(0, id.indexOf('/')) }, gasUsed)
      const total = work.end(id, performance.now())
      if (total !== undefined) latency.observe(total / 1_000)
    },
  }
}

type Piece = { begunMs: number; waiting: number; tookMs: number | undefined }

/**
 * Adds up an interval's two pieces of work: from the gate to the receipt of its commitment, and
 * from the beginning of its first run to the receipt of all its money. Delivery, which lies between
 * them, is not work.
 */
class IntervalWork {
  readonly #pieces = new Map<string, Piece>()

  begin(
    piece: 'commit' | 'settle',
    { zone, interval }: { readonly zone: number; readonly interval: number },
    begunMs: number,
  ): void {
    const id = piece === 'commit' ? `commit/${zone}/${interval}` : `settle/${zone}/${interval}/0`
    const waiting = this.#pieces.get(id)?.waiting ?? 0
    this.#pieces.set(id, { begunMs, waiting, tookMs: undefined })
  }

  /** A transaction was queued: its piece of work ends with the last of them. */
  expect(id: string): void {
    const group = groupOf(id)
    if (!/^(commit\/\d+\/\d+|settle\/\d+\/\d+\/0)$/.test(group)) return
    const piece = this.#pieces.get(group)
    if (piece !== undefined) piece.waiting += 1
    else this.#pieces.set(group, { begunMs: performance.now(), waiting: 1, tookMs: undefined })
  }

  /** Milliseconds of both pieces, once the second of them is done. */
  end(id: string, nowMs: number): number | undefined {
    const piece = this.#pieces.get(groupOf(id))
    if (piece === undefined) return undefined
    piece.waiting -= 1
    if (piece.waiting > 0) return undefined
    piece.tookMs = nowMs - piece.begunMs
    const [, zone, interval] = id.split('/')
    const ids = [`commit/${zone}/${interval}`, `settle/${zone}/${interval}/0`]
    const [commit, settle] = ids.map((each) => this.#pieces.get(each)?.tookMs)
    if (commit === undefined || settle === undefined) return undefined
    for (const each of ids) this.#pieces.delete(each)
    return commit + settle
  }
}

const groupOf = (id: string): string => id.replace(/\/(stage|apply)\/\d+$/, '')

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
