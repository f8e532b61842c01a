import type { RailAnswer } from './rails.ts'

/** What a rail says by itself: how it stands with a payment now. */
export type RailNotice = {
  /** Of the event at the rail: the same however often it is brought. */
  readonly event: string
  readonly payment: number
  /** `refund`: so much of the payment went back; how it stands with the payment is unchanged. */
  readonly about: 'payment' | 'refund'
  /** Counts what happened to `answer.reference`: a lower one is older news. */
  readonly sequence: number
  readonly answer: RailAnswer
}

/** A request to the server, by somebody who says to be the rail. */
export type RailDelivery = {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** Before anything has parsed it. */
  readonly body: Uint8Array
}

export type RailNews =
  /** `handled` is called when the effect is durable: what fails before is brought again. */
  | { readonly kind: 'notice'; readonly notice: RailNotice; readonly handled: () => void }
  /** To be answered with thanks and without effect. */
  | { readonly kind: 'ignored'; readonly why: 'known' | 'foreign' }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 503; readonly reason: string }

/** Tells what the rail sent from what others sent. Asks nobody and waits for nothing. */
export interface RailDoor {
  receive(delivery: RailDelivery, now: number): RailNews
}

/** How a delivery is answered: any 2xx takes it, else it is brought again. */
export type NoticeAnswer = { readonly status: 204 | 400 | 401 | 404 | 503; readonly reason: string }
