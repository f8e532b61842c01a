import { bilateralZone } from '@busbar/core/exchange'
import type { NoticeKind } from '@busbar/protocols/api'
import type { Change, Step } from './changes.ts'
import { isPublic } from './keys.ts'

type Key = readonly unknown[]

/** The steps of an interval that change what is read under a name, of whatever interval it is. */
const stepsOf: Readonly<Record<string, readonly Step[]>> = {
  intervals: ['fixed', 'cleared', 'committed', 'proven', 'posted', 'final'],
  // Flows are metered energy: a run knows it, and a later one may know it better.
  grid: ['posted'],
  kpis: ['committed', 'posted', 'final'],
  standing: ['cleared', 'posted', 'final'],
  account: ['cleared', 'posted'],
  statement: ['posted'],
}

/** The same of what is read of trades, which are settled in a zone of their own. */
const tradeStepsOf: Readonly<Record<string, readonly Step[]>> = {
  trades: ['posted'],
  wheeling: ['posted', 'final'],
  deliveries: ['cleared', 'posted', 'final'],
  schedule: ['fixed', 'cleared'],
  customers: ['posted'],
  nettings: ['posted'],
}

/** What a notice of a kind tells of, by the names under which it is read. */
const toldOf: Readonly<Record<NoticeKind, readonly string[]>> = {
  trade_changed: ['trades', 'account', 'deliveries', 'schedule', 'own-offers'],
  delivery_limited: ['trades', 'deliveries', 'schedule'],
  offer_changed: ['own-offers'],
  payment_changed: ['trades', 'payments', 'customers', 'account'],
  default_changed: ['defaults', 'customers', 'account', 'payments', 'bills'],
  meter_data_requested: ['requests'],
  agreement_recorded: ['agreements'],
  netting_changed: ['nettings'],
  // Of settled intervals the stream tells everybody.
  run_posted: [],
  participant_changed: ['account', 'customers', 'own-offers', 'trades'],
  key_replaced: ['account'],
  passkey_registered: ['account'],
  passkey_revoked: ['account'],
  objection_raised: ['customers'],
  join_code_issued: ['account'],
  join_code_revoked: ['account'],
  mandate_granted: ['account'],
  mandate_revoked: ['account'],
  // The stream tells everybody that one has changed, and authorities read which.
  proposal_changed: [],
}

/**
 * What notices tell nothing of. What is read under any other name, and is in none of the tables
 * above, is read again with every notice: better once too often than not at all.
 */
const untold: ReadonlySet<string> = new Set([
  ...[...Object.values(toldOf).flat(), ...Object.keys(stepsOf), ...Object.keys(tradeStepsOf)],
  ...['interval', 'why', 'own-interval', 'placed', 'withdrawals'],
  ...['participants', 'proposals', 'rulebooks', 'board', 'operations', 'faults', 'what-if'],
  ...['meters', 'proving-queue', 'access-grants', 'providers', 'choices', 'energy'],
])

/** Names do not change, nor what was told; of notices and of a day the stream tells by itself. */
const keptNames: readonly unknown[] = [
  'names', 'notices', 'earlier-notices', 'account-series', 'devices',
]

const isKept = (name: unknown): boolean => isPublic(name) || keptNames.includes(name)

/**
 * What is read under a key. Of a company's reads, whose keys begin alike, by what is asked for:
 * `deliveries-7` are deliveries.
 */
const nameOf = (key: Key): string =>
  String(key[0] === 'company' ? key[2] : key[0]).replace(/-\d+$/, '')

/**
 * Whether what was read under a key is another after a change. Series are not meant here: of them
 * only the points that changed are read.
 */
export function isTouched(key: Key, change: Change): boolean {
  switch (change.kind) {
    case 'interval':
      return isOfInterval(key, change)
    case 'market':
      return key[0] === 'market' || key[0] === 'rulebooks'
    case 'money':
      return isOf(['account', 'statement', 'withdrawals'], key, change.account)
    case 'participant':
      return key[0] === 'participants' || isOf(['account'], key, change.account)
    case 'proposals':
      return key[0] === 'proposals'
    case 'board':
      return key[0] === 'board'
    case 'notices':
      return isOf(['notices'], key, change.account)
    case 'told':
      return isTold(key, change.of)
    case 'own':
      return !isKept(key[0])
    case 'everything':
      return true
  }
}

function isTold(key: Key, of: NoticeKind): boolean {
  const name = nameOf(key)
  if (toldOf[of].includes(name)) return true
  return of !== 'run_posted' && !isKept(key[0]) && !untold.has(name)
}

const isOf = (names: readonly string[], key: Key, account: number): boolean =>
  names.includes(String(key[0])) && key[1] === account

function isOfInterval(
  key: Key,
  { step, zone, interval }: Extract<Change, { kind: 'interval' }>,
): boolean {
  const [name, of, second] = key
  // What is left of meters' energy, and on bills, is known by the runs of all zones.
  if (['energy', 'bills'].includes(nameOf(key))) return step === 'posted'
  switch (name) {
    case 'interval':
      return of === zone && second === interval
    case 'why':
    case 'own-interval':
      return second === interval
    case 'intervals':
      return of === zone
    case 'kpis':
      return isSince(of, second, interval) && hasStep(stepsOf, 'kpis', step)
  }
  if (zone === bilateralZone && hasStep(tradeStepsOf, nameOf(key), step)) return true
  return hasStep(stepsOf, String(name), step)
}

const hasStep = (steps: Readonly<Record<string, readonly Step[]>>, name: string, step: Step) =>
  steps[name]?.includes(step) === true

/** Of figures over a time that was chosen; without one they go on to the newest. */
const isSince = (from: unknown, to: unknown, interval: number): boolean =>
  to === 0 || (Number(from) <= interval && interval <= Number(to))
