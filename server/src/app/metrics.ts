import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
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
  const receipt = new Histogram({
    name: 'busbar_receipt_seconds',
    help: 'From a durable command to the receipt of its last transaction, by purpose.',
    labelNames: ['purpose'],
    buckets: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    registers,
  })
  gauges(registers, parts)
  const waiting = new Map<string, number>()
  return {
    hear(told) {
      const now = performance.now()
      for (const { effect } of told) {
        effects.inc({ kind: effect.kind })
        if (effect.kind === 'interval_cleared') waiting.set(`commit/${effect.zone}/${effect.interval}`, now)
        if (effect.kind === 'run_posted') {
          waiting.set(`settle/${effect.zone}/${effect.interval}/${effect.run}`, now)
        }
      }
    },
    hearFinal(id, gasUsed) {
      const purpose = id.slice(0, id.indexOf('/'))
      gas.inc({ purpose }, gasUsed)
      const group = id.replace(/\/(stage|apply)\/\d+$/, '')
      const since = waiting.get(group)
      if (since === undefined) return
      receipt.observe({ purpose }, (performance.now() - since) / 1_000)
      waiting.delete(group)
    },
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
