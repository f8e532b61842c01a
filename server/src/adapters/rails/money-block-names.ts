import { Fault } from '@busbar/core/errors'
import type { Charge, Hold } from '@busbar/protocols/payment-provider'
import type { RailAnswer, RailRequest } from '../../app/ports/rails.ts'

export type NamingOptions = {
  /** The market's id: a provider may serve several. */
  readonly market: string
  /** The provider's token of an account; `<market>.<account>` where it is left out. */
  readonly tokenOf?: ((account: number) => string) | undefined
}

/** What market and provider call the same things. */
export type Names = {
  readonly token: (account: number) => string
  /** Under which all of a payment is found again. */
  readonly reference: (payment: number) => string
  /** Whose reference it is, or undefined where it is none of this market. */
  readonly payment: (reference: string) => number | undefined
}

export function namesOf({ market, tokenOf }: NamingOptions): Names {
  const prefix = `${market}.payment.`
  return {
    token: tokenOf ?? ((account) => `${market}.${account}`),
    reference: (payment) => `${prefix}${payment}`,
    payment(reference) {
      const digits = reference.startsWith(prefix) ? reference.slice(prefix.length) : ''
      return /^[1-9][0-9]{0,14}$/.test(digits) ? Number(digits) : undefined
    },
  }
}

type Kind = 'hold' | 'charge'

/** The provider's id behind the reference that the rail gave: `hold:…` or `charge:…`. */
export function idIn({ reference }: RailRequest, step: string, ...kinds: readonly Kind[]): string {
  for (const kind of kinds) {
    if (reference.startsWith(`${kind}:`)) return reference.slice(kind.length + 1)
  }
  const reason = `the reference names no ${kinds.join(' or ')}`
  throw new Fault('RAIL_REFUSED', { rail: 'money-block', step, reason })
}

/** @throws Fault UNIT_OUT_OF_RANGE for an amount that JSON does not hold exactly, or none */
export function amountIn({ amountMicros }: RailRequest): number {
  const value = Number(amountMicros)
  if (amountMicros > 0n && Number.isSafeInteger(value)) return value
  throw new Fault('UNIT_OUT_OF_RANGE', { field: 'amountMicros', value: amountMicros })
}

const stateOfHold = {
  pending: 'pending',
  authorised: 'reserved',
  declined: 'failed',
  expired: 'expired',
  captured: 'captured',
  released: 'released',
} as const satisfies Record<Hold['state'], RailAnswer['state']>

const stateOfCharge = {
  pending: 'pending',
  succeeded: 'captured',
  failed: 'failed',
} as const satisfies Record<Charge['state'], RailAnswer['state']>

export function answerOfHold(hold: Hold): RailAnswer {
  const isAlive = hold.state === 'authorised' || hold.state === 'pending'
  return {
    state: stateOfHold[hold.state],
    reference: `hold:${hold.id}`,
    amountMicros: BigInt(hold.state === 'captured' ? hold.capturedMicros : hold.amountMicros),
    expiresAt: isAlive ? hold.expiresAt : null,
    reason: hold.reason,
  }
}

export const answerOfCharge = (charge: Charge): RailAnswer => ({
  state: stateOfCharge[charge.state],
  reference: `charge:${charge.id}`,
  amountMicros: BigInt(charge.amountMicros),
  expiresAt: null,
  reason: charge.reason,
})
