import {
  Amount,
  idempotencyKeyForm,
  isOf,
  PartyToken,
  type ProviderRefusal,
  readMessage,
} from '@busbar/protocols/payment-provider'
import type { ServiceClock } from '../services/clock.ts'
import { isLoopback } from '../services/loopback.ts'
import { faultKinds, type FaultRates, type Misbehaviour } from '../services/misbehaviour.ts'
import { type Answer, answered, refusal } from './answers.ts'
import { declinable } from './parties.ts'
import type { PaymentBook } from './payment-book.ts'
import type { PaymentStore } from './store.ts'
import type { Webhooks } from './webhooks.ts'

/** What the simulator can be told besides: no part of the contract, and behind its own key. */
export type AdminParts = {
  readonly store: PaymentStore
  readonly book: PaymentBook
  readonly clock: ServiceClock
  readonly misbehaviour: Misbehaviour
  readonly webhooks: Webhooks
}

type Message = Readonly<Record<string, unknown>>

/** Answers `METHOD /admin/…`, or undefined where there is nothing of that name. */
export function admin(
  parts: AdminParts,
  method: string,
  { pathname, searchParams }: URL,
  body: string,
): Answer | undefined {
  const after = Number(searchParams.get('after') ?? 0)
  switch (`${method} ${pathname}`) {
    case 'GET /admin/parties':
      return answered(200, { parties: parts.book.parties.list() })
    case 'GET /admin/clock':
      return answered(200, { nowMs: parts.clock.now() })
    case 'GET /admin/moves':
      return answered(200, { moves: parts.book.parties.moves(after) })
    case 'GET /admin/events':
      return answered(200, { events: events(parts.store, after) })
    case 'POST /admin/parties':
      return told(body, (message) => party(parts, message))
    case 'POST /admin/deposits':
      return told(body, (message) => deposit(parts, message))
    case 'POST /admin/misbehaviour':
      return told(body, (message) => plan(parts, message))
    case 'POST /admin/misbehaviour/rates':
      return told(body, (message) => {
        const rates = ratesIn(message)
        return rates === undefined ? 'field_invalid' : parts.misbehaviour.setRates(rates)
      })
    case 'DELETE /admin/misbehaviour':
      parts.misbehaviour.clear()
      return answered(200, {})
    case 'POST /admin/webhook':
      return told(body, ({ url }) => {
        const isGood = url === null || (typeof url === 'string' && isLoopback(url))
        return isGood ? parts.webhooks.setUrl(url) : 'field_invalid'
      })
    case 'POST /admin/clock':
      return told(body, ({ nowMs }) => {
        if (!isCount(nowMs) || !parts.clock.advance(nowMs)) return 'field_invalid'
        return parts.store.transaction(() => parts.book.passTime(nowMs))
      })
    default:
      return undefined
  }
}

/** Nothing where it was done. */
type Told = ProviderRefusal | undefined | void

function told(body: string, act: (message: Message) => Told): Answer {
  const message = readMessage(anything, body)
  if (!isRecord(message)) return refusal('request_malformed')
  const refused = act(message)
  return refused === undefined ? answered(200, {}) : refusal(refused)
}

const anything = {}

const isRecord = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function party({ book }: AdminParts, { token, declines = [] }: Message): Told {
  if (!isOf(PartyToken, token) || !Array.isArray(declines)) return 'field_invalid'
  const known = declinable.filter((one) => declines.includes(one))
  if (known.length !== declines.length) return 'field_invalid'
  book.parties.put(token, known)
}

function deposit({ book, store, clock }: AdminParts, { id, token, amountMicros }: Message): Told {
  if (typeof id !== 'string' || !idempotencyKeyForm.test(id)) return 'field_invalid'
  if (!isOf(PartyToken, token) || !isOf(Amount, amountMicros)) return 'field_invalid'
  if (book.parties.find(token) === undefined) return 'not_found'
  const now = clock.now()
  const isTaken = store.transaction(() => book.parties.deposit(id, token, amountMicros, now))
  return isTaken ? undefined : 'amount_exceeded'
}

function plan({ misbehaviour }: AdminParts, { kind, what = null, times = 1 }: Message): Told {
  const known = faultKinds.find((one) => one === kind)
  if (known === undefined || !isCount(times) || times < 1) return 'field_invalid'
  if (what !== null && typeof what !== 'string') return 'field_invalid'
  misbehaviour.plan({ kind: known, what, times })
}

function ratesIn(message: Message): FaultRates | undefined {
  const isRate = ([name, rate]: readonly [string, unknown]): boolean =>
    faultKinds.some((kind) => kind === name) && typeof rate === 'number' && rate >= 0 && rate <= 1
  return Object.entries(message).every(isRate) ? (message as FaultRates) : undefined
}

type EventRow = { number: number; body: string; state: string; attempts: number }

function events(store: PaymentStore, after: number): readonly object[] {
  const sql =
    'select number, body, state, attempts from events where number > ? order by number limit 1000'
  return store.rows<EventRow>(sql, after).map(({ body, ...rest }) => ({
    ...rest,
    event: JSON.parse(body) as unknown,
  }))
}
