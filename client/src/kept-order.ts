import { Fault } from '@busbar/core/errors'
import type { Reveal } from '@busbar/protocols/api'
import { commitmentOf, type Opening } from '@busbar/protocols/sealed-orders'

/**
 * What a trader keeps of a sealed order, as plain JSON: without it nobody can say later what the
 * order was, what it got or that it was left out. Keep it before the order is sent, and where the
 * private key is kept: before the gate it tells the order.
 */
export type KeptOrder = {
  /** The command's id, under which the order can be cancelled. */
  readonly id: string
  readonly zone: number
  readonly interval: number
  /** See `SealingTerms`. */
  readonly context: string
  readonly commitment: string
  readonly opening: Opening
}

/**
 * A kept order read back from JSON.
 *
 * @throws Fault OPENING_INVALID where it is none or its parts do not belong together;
 * FIELD_MALFORMED, HEX_MALFORMED, UNIT_OUT_OF_RANGE for a part that is not in its form
 */
export function parseKeptOrder(value: unknown): KeptOrder {
  const { id, zone, interval, context, commitment, opening } = fieldsOf(value)
  const { account, meter, side, energyWh, limitMicrosPerKwh, salt } = fieldsOf(opening)
  // The casts are checked by what makes the commitment of them: it takes no other types.
  const read = { account, meter, side, energyWh, limitMicrosPerKwh, salt } as Opening
  if (commitmentOf(String(context), read) !== commitment) {
    throw new Fault('OPENING_INVALID', { field: 'commitment', limit: 'that of its opening' })
  }
  const isPlace = Number.isSafeInteger(zone) && Number.isSafeInteger(interval)
  if (!isPlace) throw new Fault('OPENING_INVALID', { field: 'interval', limit: 'an integer' })
  return {
    id: String(id),
    zone: Number(zone),
    interval: Number(interval),
    context: String(context),
    commitment,
    opening: read,
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw new Fault('OPENING_INVALID', { field: 'opening', limit: 'an object' })
}

/** Opens a kept order after its gate, where the rulebook has owners reveal their orders. */
export const revealOf = ({ zone, interval, commitment, opening }: KeptOrder): Reveal => ({
  zone, interval, commitment, opening,
})
