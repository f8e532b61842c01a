import { Counter, Gauge, type Registry, Summary } from 'prom-client'
import type { Lane, Told } from './lane.ts'
import type { OutboxSender } from './ports/chain.ts'
import type { Scheduler } from './scheduler.ts'

export type ExchangeMetrics = {
  readonly hear: (told: readonly Told[]) => void
  readonly hearFinal: (id: string, gasUsed: number) => void
}

/** What an operator watches: commands, intervals, gas, and the time from gate to receipt. */
export function exchangeMetrics(
  registry: Registry,
  parts: { readonly lane: Lane; readonly scheduler: Scheduler; readonly sender: OutboxSender },
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
    help: 'Work from the gate to the receipt of the commitment, and from the run to that of its money.',
    percentiles: [0.5, 0.9, 0.99],
    registers,
  })
  gauges(registers, parts)
  const work = new IntervalWork()
  return {
    hear(told) {
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

type Work = { commitBegun?: number; settleBegun?: number; commitMs?: number; settleMs?: number }

/**
 * Adds up an interval's two pieces of work: from the gate to the receipt of its commitment, and from
 * the beginning of its first run to the receipt of its money. Delivery, which lies between them, is
 * not work.
 */
class IntervalWork {
  readonly #work = new Map<string, Work>()

  begin(
    piece: 'commit' | 'settle',
    { zone, interval }: { readonly zone: number; readonly interval: number },
    nowMs: number,
  ): void {
    const key = `${zone}/${interval}`
    const work = this.#work.get(key) ?? {}
    if (piece === 'commit') work.commitBegun = nowMs
    else work.settleBegun = nowMs
    this.#work.set(key, work)
  }

  /** Milliseconds of both pieces, once the second of them is done. */
  end(id: string, nowMs: number): number | undefined {
    const [piece, zone, interval, run, step] = id.split('/')
    const key = `${zone}/${interval}`
    const work = this.#work.get(key)
    if (work === undefined || step === 'stage') return undefined
    if (piece === 'commit' && work.commitBegun !== undefined) work.commitMs = nowMs - work.commitBegun
    if (piece === 'settle' && run === '0' && work.settleBegun !== undefined) {
      work.settleMs = nowMs - work.settleBegun
    }
    if (work.commitMs === undefined || work.settleMs === undefined) return undefined
    this.#work.delete(key)
    return work.commitMs + work.settleMs
  }
}

function gauges(
  registers: Registry[],
  { lane, scheduler, sender }: { lane: Lane; scheduler: Scheduler; sender: OutboxSender },
): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({ name, help, registers, collect() { this.set(value()) } })
  }
  gauge('busbar_journal_sequence', 'The last durable entry of the journal.', () => lane.end.sequence)
  gauge('busbar_commands_waiting', 'Requests that wait for the disk.', () => lane.waiting)
  gauge('busbar_outbox_pending', 'Transactions that are not final.', () => sender.pending)
  gauge('busbar_intervals_unsettled', 'Intervals before their final run.', () => scheduler.unsettled)
}
