import type { Tariff } from '../registry/index.ts'
import { Interval, MicrosPerKwh } from '../units/index.ts'
import { admit, participantRejection } from './admission.ts'
import { judge } from './authority-commands.ts'
import type { InstructionCommand, MarketCommand } from './command.ts'
import { firstChangeable, fromRejection, rulebookOrRejection } from './first-change.ts'
import { isGuarded, needsApproval } from './guarded.ts'
import { instructKeys } from './key-instructions.ts'
import {
  actorWith,
  authorityRoles,
  currentInterval,
  inRange,
  isRejected,
  nameLimit,
  namePattern,
  participantOf,
  rulebookFor,
  wattsMax,
} from './lookups.ts'
import { fundAccounts } from './money.ts'
import { accepted, type Applied } from './outcome.ts'
import { approveProposal, propose, refuseProposal } from './proposals.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import { instructTrades } from './trading/trade-instructions.ts'

type Handled = Applied | Rejected

/** Opens the market: its rulebook from the next interval on, and its operator as account 3. */
export function openMarket(
  state: State,
  at: number,
  sequence: number,
  command: MarketCommand,
): Handled {
  if (state.market !== null) return reject('market_exists')
  if (command.operator.retailer !== null) return reject('account_unknown', 'operator.retailer')
  if (!command.operator.roles.includes('operator')) {
    return reject('role_missing', 'operator.roles', 'needs operator')
  }
  if (!namePattern.test(command.market)) return reject('field_invalid', 'market', nameLimit)
  const { salt = null } = command
  if (salt !== null && !/^0x[0-9a-f]{64}$/.test(salt)) {
    return reject('field_invalid', 'salt', '0x and 64 lower-case hex')
  }
  const rulebook = rulebookOrRejection(command.rulebook)
  if (isRejected(rulebook)) return rulebook
  const invalid = participantRejection(state, command.operator, 'operator.')
  if (invalid !== undefined) return invalid
  state.market = command.market
  state.salt = salt
  state.rulebooks.push({ from: Interval.from(0), rulebook })
  state.clearedThrough = currentInterval(state, at)
  const { account, effects } = admit(state, command.operator)
  return accepted(sequence, { kind: 'market_opened', account }, effects)
}

export function instruct(
  state: State,
  at: number,
  sequence: number,
  command: InstructionCommand,
): Handled {
  if (isGuarded(command)) {
    const judged = judge(state, at, sequence, command)
    if (typeof judged !== 'function') return judged
    return needsApproval(state, command) ? propose(state, at, sequence, command) : judged()
  }
  switch (command.kind) {
    case 'approve_proposal':
      return approveProposal(state, at, sequence, command)
    case 'refuse_proposal':
      return refuseProposal(state, at, sequence, command)
    case 'register_passkey':
    case 'revoke_passkey':
    case 'issue_join_code':
    case 'revoke_join_code':
    case 'grant_mandate':
    case 'revoke_mandate':
      return instructKeys(state, at, sequence, command)
    case 'register_zone':
      return registerZone(state, sequence, command.account, command.content)
    case 'set_tariff':
      return setTariff(state, at, sequence, command.account, command.content)
    case 'fund_accounts':
      return fundAccounts(state, sequence, command)
    default:
      return instructTrades(state, at, sequence, command)
  }
}

function registerZone(
  state: State,
  sequence: number,
  by: number,
  content: { name: string; parent: number | null; bridgeWatts: number },
): Handled {
  const actor = actorWith(state, by, authorityRoles)
  if (isRejected(actor)) return actor
  if (content.parent !== null && state.zones[content.parent] === undefined) {
    return reject('zone_unknown', 'parent')
  }
  if (state.taken.has(`zone:${content.name}`)) return reject('name_exists', 'name')
  if (!namePattern.test(content.name)) return reject('field_invalid', 'name', nameLimit)
  if (!inRange(content.bridgeWatts, 0, wattsMax)) {
    return reject('field_invalid', 'bridgeWatts', `from 0 to ${wattsMax}`)
  }
  const zone = state.zones.length
  state.taken.add(`zone:${content.name}`)
  const { name, parent, bridgeWatts } = content
  state.zones.push({ zone, name, parent, bridgeWatts })
  return accepted(sequence, { kind: 'zone_registered', zone })
}

function setTariff(
  state: State,
  at: number,
  sequence: number,
  by: number,
  content: { fromInterval: number; retailMicrosPerKwh: number; feedInMicrosPerKwh: number },
): Handled {
  const actor = actorWith(state, by, ['retailer'])
  if (isRejected(actor)) return actor
  const badInterval = fromRejection(content)
  if (badInterval !== undefined) return badInterval
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebookFor(
    state,
    content.fromInterval,
  )
  for (const field of ['retailMicrosPerKwh', 'feedInMicrosPerKwh'] as const) {
    // As orders: what a tariff can make of a connection's energy must stay within money's range.
    if (!inRange(content[field], min, max)) {
      return reject('field_invalid', field, `from ${min} to ${max}`)
    }
  }
  const present = state.tariffs.get(by) ?? []
  // Without a meter nobody has relied on a tariff yet: the first ones may be of any interval.
  const unused = present.length === 0 || state.meters.length === 0
  const earliest = unused ? 0 : firstChangeable(state, at)
  if (content.fromInterval < earliest) {
    return reject('effective_in_past', 'fromInterval', `at least ${earliest}`)
  }
  const tariff: Tariff = {
    retail: MicrosPerKwh.from(BigInt(content.retailMicrosPerKwh)),
    feedIn: MicrosPerKwh.from(BigInt(content.feedInMicrosPerKwh)),
  }
  const kept = present.filter((entry) => entry.from < content.fromInterval)
  state.tariffs.set(by, [...kept, { from: content.fromInterval, tariff }])
  return accepted(sequence, { kind: 'tariff_set', fromInterval: content.fromInterval })
}
