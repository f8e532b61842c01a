import type { NoticeAnswer, RailDelivery, RailDoor } from '../ports/rail-notices.ts'
import type { PaymentWorker } from './payment-worker.ts'

/** By the name in their address: one door may be that of several rails. */
export type RailDoors = Readonly<Record<string, RailDoor>>

/**
 * Takes what rails say by themselves. It is never believed further than that there is news: the
 * rail is asked, so that money moves once whichever comes first, answer or notice.
 */
export class NoticeDesk {
  readonly #doors: RailDoors
  readonly #worker: PaymentWorker
  /** By which the moment of sending is judged. */
  readonly #now: () => number

  constructor(doors: RailDoors, worker: PaymentWorker, now: () => number) {
    this.#doors = doors
    this.#worker = worker
    this.#now = now
  }

  async receive(rail: string, delivery: RailDelivery): Promise<NoticeAnswer> {
    const door = Object.hasOwn(this.#doors, rail) ? this.#doors[rail] : undefined
    if (door === undefined) return { status: 404, reason: 'not_found' }
    const news = door.receive(delivery, this.#now())
    if (news.kind === 'refused') return { status: news.status, reason: news.reason }
    if (news.kind === 'notice') {
      // What went back was asked for, and answered then.
      const { about, payment } = news.notice
      const isHeard = about === 'refund' || (await this.#worker.wake(payment))
      if (!isHeard) return { status: 503, reason: 'not_now' }
      news.handled()
    }
    return { status: 204, reason: '' }
  }
}
