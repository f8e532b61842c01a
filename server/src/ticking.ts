import type { Lane } from './app/lane.ts'
import type { NettingWorker } from './app/payments/netting-worker.ts'
import type { PaymentWorker } from './app/payments/payment-worker.ts'
import type { Scheduler } from './app/scheduler.ts'
import type { Service } from './app/service.ts'

export type Log = (message: string, details?: Readonly<Record<string, unknown>>) => void

const tickMs = 100
const movementsEveryTicks = 3
const tellTimeEveryTicks = 10
/** A snapshot after so many entries keeps a restart to seconds. */
const snapshotEntries = 250_000

/** With a manual clock nothing happens between two moments. */
export const idle = { stop: () => Promise.resolve() }

/** Looks at the clock, the chain and the length of the journal, until stopped. */
export function keepTicking(parts: {
  readonly lane: Lane
  readonly scheduler: Scheduler
  readonly service: Service
  readonly payments: PaymentWorker
  readonly netting: NettingWorker
  readonly saveState: () => Promise<string>
  readonly failed: (error: Error) => void
  readonly log: Log
}): { readonly stop: () => Promise<void> } {
  const { lane, scheduler, service, payments, netting, saveState, failed, log } = parts
  let stopped = false
  let snapshotAt = lane.state.sequence
  let ticks = 0
  const tick = async (): Promise<void> => {
    await scheduler.run()
    // Not waited for: a rail may take its time, and gates do not.
    payments.run().catch(failed)
    netting.run().catch(failed)
    ticks += 1
    if (ticks % tellTimeEveryTicks === 0) {
      service.tellTime()
      await service.lookForFailures()
    }
    if (ticks % movementsEveryTicks === 0) {
      await scheduler.recordMovements().catch((error: unknown) => {
        if (lane.broken !== undefined) throw error
        log('the chain does not answer', { error: String(error) })
      })
    }
    if (lane.state.sequence - snapshotAt >= snapshotEntries) {
      snapshotAt = lane.state.sequence
      await lane.durable()
      await saveState()
    }
  }
  const loop = (async () => {
    while (!stopped) {
      try {
        await tick()
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)))
        return
      }
      await new Promise((resolve) => setTimeout(resolve, tickMs))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await loop
    },
  }
}
