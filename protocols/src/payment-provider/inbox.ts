import { bytesToUtf8 } from '@noble/ciphers/utils.js'
import { type ProviderEvent, readEvent } from './events.ts'
import {
  checkSignature,
  type SignatureRefusal,
  type SignatureTerms,
  type SignedDelivery,
} from './signature.ts'

/** What a delivery turns out to be. */
export type Delivery =
  | { readonly kind: 'event'; readonly event: ProviderEvent; readonly sentAt: number }
  /** It was handled before: the provider is thanked again, and nothing else happens. */
  | { readonly kind: 'known'; readonly id: string }
  | { readonly kind: 'refused'; readonly reason: DeliveryRefusal }

/** `inbox_full`: more events than can be remembered, which passes. */
export type DeliveryRefusal = SignatureRefusal | 'event_malformed' | 'inbox_full'

/** The most events that are remembered at a time. */
export const rememberedMax = 100_000

/** The most bytes of a delivery's body. */
export const deliveryBytesMax = 65_536

/**
 * Believes deliveries of a provider, each event once.
 *
 * A captured delivery that somebody sends again is refused by its age, or is younger than that and
 * still remembered. So memory is bounded by time, and a restart forgets no more than the tolerance:
 * what is handled twice then is the same event with the same id.
 */
export class Inbox {
  readonly #terms: SignatureTerms
  readonly #limit: number
  /** By event id: until when a delivery of it could still pass the check of its age. */
  readonly #handled = new Map<string, number>()

  constructor(terms: SignatureTerms, limit: number = rememberedMax) {
    this.#terms = terms
    this.#limit = limit
  }

  receive(delivery: SignedDelivery, now: number): Delivery {
    const check = checkSignature(delivery, this.#terms, now)
    if (check.kind === 'refused') return check
    const event = eventIn(delivery.body)
    if (event === undefined) return { kind: 'refused', reason: 'event_malformed' }
    if (this.#handled.has(event.id)) return { kind: 'known', id: event.id }
    this.#forget(now)
    if (this.#handled.size >= this.#limit) return { kind: 'refused', reason: 'inbox_full' }
    return { kind: 'event', event, sentAt: check.sentAt }
  }

  /**
   * To be called when the event's effect is durable, and not before: what failed in between must
   * be taken when the provider brings it again.
   */
  handled({ event, sentAt }: Extract<Delivery, { kind: 'event' }>): void {
    this.#handled.set(event.id, sentAt + this.#terms.toleranceMs)
  }

  get remembered(): number {
    return this.#handled.size
  }

  /** The oldest first; one that was sent early keeps those behind it a little longer. */
  #forget(now: number): void {
    for (const [id, until] of this.#handled) {
      if (until >= now) return
      this.#handled.delete(id)
    }
  }
}

function eventIn(body: Uint8Array): ProviderEvent | undefined {
  if (body.length > deliveryBytesMax) return undefined
  try {
    return readEvent(JSON.parse(bytesToUtf8(body)))
  } catch (error) {
    // Not JSON, though its sender is who it says: told as malformed.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
