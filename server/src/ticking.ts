import type { BookWatch } from './app/books/book-watch.ts'
import type { Lane } from './app/lane.ts'
import type { NettingWorker } from './app/payments/netting-worker.ts'
import type { PaymentWorker } from './app/payments/payment-worker.ts'
import type { Scheduler } from './app/scheduler.ts'
import type { Service } from './app/service.ts'
import type { Snapshots } from './app/snapshots.ts'

export type Log = (message: string, details?: Readonly<Record<string, unknown>>) => void

const tickMs = 100
const movementsEveryTicks = 3
const tellTimeEveryTicks = 10

/** With a manual clock nothing happens between two moments. */
export const idle = { stop: () => Promise.resolve() }

/** Looks at the clock, the chain and the length of the journal, until stopped. */
export function keepTicking(parts: {
  readonly lane: Lane
  readonly scheduler: Scheduler
  readonly service: Service
  readonly payments: PaymentWorker
  readonly netting: NettingWorker
  readonly bookWatch: BookWatch
  readonly snapshots: Snapshots
  readonly failed: (error: Error) => void
  readonly log: Log
}): { readonly stop: () => Promise<void> } {
  const { lane, scheduler, service, payments, netting, bookWatch, snapshots, failed, log } = parts
  let stopped = false
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
      // Not waited for either: what it compares is settled.
      if (bookWatch.isDue) bookWatch.look().catch(failed)
    }
    if (snapshots.isDue()) {
      await lane.durable()
      await snapshots.take()
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
