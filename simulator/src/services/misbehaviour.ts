import { random, type Random } from '../scenario/random.ts'

/**
 * What may go wrong between a market and a service that it speaks to.
 *
 * Of a request: `timeout` does the work and answers nothing, `fail-before` and `fail-after` answer
 * that it failed before and after the work, `garbled` answers half of it, and the process dies
 * before, in the middle of or after the work. Of a webhook, or of what else a service says by
 * itself: it comes twice, late, after its successor or never, or the process dies
 * around sending it.
 */
export const requestFaults = [
  ...(['timeout', 'fail-before', 'fail-after', 'garbled'] as const),
  ...(['crash-before', 'crash-during', 'crash-after'] as const),
] as const
export const webhookFaults = [
  ...(['duplicate', 'late', 'reorder', 'lose'] as const),
  ...(['crash-before-sending', 'crash-after-sending'] as const),
] as const

export type RequestFault = (typeof requestFaults)[number]
export type WebhookFault = (typeof webhookFaults)[number]
export type FaultKind = RequestFault | WebhookFault

export const faultKinds: readonly FaultKind[] = [...requestFaults, ...webhookFaults]

/** How often each kind happens, as a share of requests or webhooks. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>

/** The next `times` requests of an operation, or webhooks of a type, go wrong in this way. */
export type PlannedFault = {
  readonly kind: FaultKind
  /** Any where it is null. */
  readonly what: string | null
  readonly times: number
}

/** Decides what goes wrong: first what is planned, then by rates, from one seed. */
export class Misbehaviour {
  #rates: FaultRates
  #planned: readonly PlannedFault[] = []
  readonly #random: Random

  constructor(rates: FaultRates, seed: number) {
    this.#rates = rates
    this.#random = random(seed, 'payments', 'misbehaviour')
  }

  get rates(): FaultRates {
    return this.#rates
  }

  get planned(): readonly PlannedFault[] {
    return this.#planned
  }

  plan(fault: PlannedFault): void {
    this.#planned = [...this.#planned, fault]
  }

  setRates(rates: FaultRates): void {
    this.#rates = rates
  }

  clear(): void {
    this.#planned = []
    this.#rates = {}
  }

  ofRequest(operation: string): RequestFault | undefined {
    return this.#next(requestFaults, operation)
  }

  ofWebhook(type: string): WebhookFault | undefined {
    return this.#next(webhookFaults, type)
  }

  #next<Kind extends FaultKind>(kinds: readonly Kind[], what: string): Kind | undefined {
    for (const [place, fault] of this.#planned.entries()) {
      const kind = kinds.find((one) => one === fault.kind)
      if (kind === undefined || (fault.what !== null && fault.what !== what)) continue
      const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []
      this.#planned = this.#planned.toSpliced(place, 1, ...left)
      return kind
    }
    // One draw each, whatever the rates are: changing one of them moves no other.
    const drawn = kinds.map(() => this.#random.uniform())
    return kinds.find((kind, i) => (drawn[i] ?? 1) < (this.#rates[kind] ?? 0))
  }
}
