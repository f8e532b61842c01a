import type { BankBook } from '../bank/bank-book.ts'
import type { ServiceClock } from '../services/clock.ts'
import { isLoopback } from '../services/loopback.ts'
import { faultKinds, type FaultRates, type Misbehaviour } from '../services/misbehaviour.ts'
import type { SqlStore } from '../services/sql-store.ts'
import { type Answer, json, no } from './answers.ts'
import type { Notices } from './notices.ts'
import { type Parties, payerHabits } from './parties.ts'
import { publicKeyIn } from './signature.ts'

/** What the simulator can be told besides: no part of the network, and behind its own key. */
export type AdminParts = {
  readonly store: SqlStore
  readonly parties: Parties
  readonly notices: Notices
  readonly bank: BankBook
  readonly clock: ServiceClock
  readonly misbehaviour: Misbehaviour
  readonly passTime: (now: number) => void
}

type Message = Readonly<Record<string, unknown>>

/** Answers `METHOD /admin/…`, or undefined where there is nothing of that name. */
export function admin(parts: AdminParts, method: string, url: URL, body: string) {
  const after = Number(url.searchParams.get('after') ?? 0)
  switch (`${method} ${url.pathname}`) {
    case 'GET /admin/parties':
      return json(200, { parties: parts.parties.list() })
    case 'GET /admin/clock':
      return json(200, { nowMs: parts.clock.now() })
    case 'GET /admin/moves':
      return json(200, { moves: parts.parties.moves(after) })
    case 'GET /admin/notices':
      return json(200, { notices: parts.notices.list(after) })
    case 'GET /admin/bank/accounts':
      return json(200, { accounts: parts.bank.accounts() })
    case 'DELETE /admin/misbehaviour':
      parts.misbehaviour.clear()
      return json(200, {})
    default:
      return method === 'POST' ? told(parts, url.pathname, body) : undefined
  }
}

const acts: Readonly<Record<string, (parts: AdminParts, message: Message) => boolean>> = {
  '/admin/institutions': institution,
  '/admin/parties': party,
  '/admin/misbehaviour': plan,
  '/admin/misbehaviour/rates': rates,
  '/admin/clock': clock,
  '/admin/bank/accounts': account,
  '/admin/bank/returns': giveBack,
}

function told(parts: AdminParts, path: string, body: string): Answer | undefined {
  const act = Object.hasOwn(acts, path) ? acts[path] : undefined
  if (act === undefined) return undefined
  const message = messageIn(body)
  return message !== undefined && act(parts, message) ? json(200, {}) : no(400, 'field_invalid')
}

function messageIn(body: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isRecord ? (value as Message) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/.test(value)

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

function institution({ store }: AdminParts, { name, key, url = null }: Message): boolean {
  if (!isName(name) || typeof key !== 'string') return false
  if (url !== null && (typeof url !== 'string' || !isLoopback(url))) return false
  if (!isKey(key)) return false
  const sql = `insert into institutions values (?, ?, ?)
    on conflict do update set key = excluded.key, url = excluded.url`
  store.change(sql, name, key, url)
  return true
}

function isKey(pem: string): boolean {
  try {
    return publicKeyIn(pem).type === 'public'
  } catch (error) {
    // Not PEM, or a key that is too weak.
    if (error instanceof Error) return false
    throw error
  }
}

function party({ parties }: AdminParts, message: Message): boolean {
  const { name, institution: of, pays = 'at-once', delayMs = 0, creditCents = null } = message
  const habit = payerHabits.find((one) => one === pays)
  if (!isName(name) || !isName(of) || habit === undefined || !isCount(delayMs)) return false
  if (creditCents !== null && !isCount(creditCents)) return false
  parties.put({ name, institution: of, pays: habit, delayMs, creditCents })
  return true
}

function plan({ misbehaviour }: AdminParts, { kind, what = null, times = 1 }: Message): boolean {
  const known = faultKinds.find((one) => one === kind)
  if (known === undefined || !isCount(times) || times < 1) return false
  if (what !== null && typeof what !== 'string') return false
  misbehaviour.plan({ kind: known, what, times })
  return true
}

function rates({ misbehaviour }: AdminParts, message: Message): boolean {
  const isRate = ([name, rate]: readonly [string, unknown]): boolean =>
    faultKinds.some((kind) => kind === name) && typeof rate === 'number' && rate >= 0 && rate <= 1
  if (!Object.entries(message).every(isRate)) return false
  misbehaviour.setRates(message as FaultRates)
  return true
}

function clock(parts: AdminParts, { nowMs }: Message): boolean {
  if (!isCount(nowMs) || !parts.clock.advance(nowMs)) return false
  parts.passTime(nowMs)
  return true
}

function account({ bank }: AdminParts, message: Message): boolean {
  const { account: number, name, currency, creditCents = null, isClosed = false } = message
  if (typeof number !== 'string' || !/^[A-Za-z0-9-]{1,34}$/.test(number)) return false
  if (typeof name !== 'string' || name === '' || typeof isClosed !== 'boolean') return false
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return false
  if (creditCents !== null && !isCount(creditCents)) return false
  bank.putAccount({ account: number, name, currency, creditCents, isClosed })
  return true
}

function giveBack({ bank, clock: { now } }: AdminParts, { endToEndId, reason }: Message): boolean {
  if (typeof endToEndId !== 'string' || typeof reason !== 'string') return false
  return /^[A-Z0-9]{4}$/.test(reason) && bank.giveBack(endToEndId, reason, now())
}
