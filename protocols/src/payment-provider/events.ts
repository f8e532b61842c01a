import { Type, type Static } from 'typebox'
import { Charge, Hold, isOf, Refund } from './messages.ts'

/** What each event is about, which is what its `data` holds, as it was after the event. */
export const providerEvents = {
  'hold.authorised': 'hold',
  'hold.declined': 'hold',
  'hold.renewed': 'hold',
  'hold.expired': 'hold',
  'hold.captured': 'hold',
  'hold.released': 'hold',
  'charge.succeeded': 'charge',
  'charge.failed': 'charge',
  'refund.succeeded': 'refund',
} as const satisfies Record<string, 'hold' | 'charge' | 'refund'>

export type ProviderEventType = keyof typeof providerEvents

export const providerEventTypes = Object.keys(providerEvents) as readonly ProviderEventType[]

const named = (types: readonly ProviderEventType[]) => Type.Enum([...types])

const about = (what: 'hold' | 'charge' | 'refund'): readonly ProviderEventType[] =>
  providerEventTypes.filter((type) => providerEvents[type] === what)

const head = {
  /** The same in every delivery of the event. */
  id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
  /** Of the hold or charge, from 1, without a gap: a lower one is older news. */
  sequence: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  createdAt: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
}

/** Of which hold or charge: a refund counts among the events of what it refunds. */
const Subject = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' })

const forms = {
  hold: Type.Object({ ...head, type: named(about('hold')), subject: Subject, data: Hold }),
  charge: Type.Object({ ...head, type: named(about('charge')), subject: Subject, data: Charge }),
  refund: Type.Object({ ...head, type: named(about('refund')), subject: Subject, data: Refund }),
}

/** A hold as it must be after the event; what a type may not say is not an event. */
const stateAfter: Readonly<Record<ProviderEventType, string>> = {
  'hold.authorised': 'authorised',
  'hold.declined': 'declined',
  'hold.renewed': 'authorised',
  'hold.expired': 'expired',
  'hold.captured': 'captured',
  'hold.released': 'released',
  'charge.succeeded': 'succeeded',
  'charge.failed': 'failed',
  'refund.succeeded': 'succeeded',
}

type EventOf<What extends keyof typeof forms> = Static<(typeof forms)[What]>

export type ProviderEvent =
  | ({ readonly about: 'hold' } & EventOf<'hold'>)
  | ({ readonly about: 'charge' } & EventOf<'charge'>)
  | ({ readonly about: 'refund' } & EventOf<'refund'>)

/** What goes over the wire: `about` follows from the type. */
export type ProviderEventBody = EventOf<'hold'> | EventOf<'charge'> | EventOf<'refund'>

/** The event that `value` is, or undefined where it is none of this contract. */
export function readEvent(value: unknown): ProviderEvent | undefined {
  const event = ofSomeForm(value)
  if (event === undefined || stateAfter[event.type] !== event.data.state) return undefined
  if (event.about === 'refund') return event.data.of === event.subject ? event : undefined
  const isOwn = event.data.id === event.subject && event.data.sequence === event.sequence
  return isOwn ? event : undefined
}

function ofSomeForm(value: unknown): ProviderEvent | undefined {
  if (isOf(forms.hold, value)) return { about: 'hold', ...value }
  if (isOf(forms.charge, value)) return { about: 'charge', ...value }
  if (isOf(forms.refund, value)) return { about: 'refund', ...value }
  return undefined
}
