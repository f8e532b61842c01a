import { firstParticipantAccount, roles } from '../registry/index.ts'
import type { NewParticipant } from './command.ts'
import { nameLimit, namePattern, participantOf } from './lookups.ts'
import type { Effect } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'

const addressPattern = /^0x[0-9a-f]{40}$/
const publicKeyPattern = /^0x0[23][0-9a-f]{64}$/
const publicKeyLimit = 'a compressed key: 0x02 or 0x03 and 64 hex'

/**
 * Why somebody may not be admitted. `within` is where in the command the participant stands, for
 * the names of fields.
 */
export function participantRejection(
  state: State,
  wanted: NewParticipant,
  within = '',
): Rejected | undefined {
  if (wanted.retailer !== null) {
    const retailer = participantOf(state, wanted.retailer)
    if (retailer === undefined) return reject('account_unknown', `${within}retailer`)
    if (!retailer.roles.includes('retailer')) return reject('role_missing', `${within}retailer`)
  }
  if (state.taken.has(`participant:${wanted.name}`)) return reject('name_exists', `${within}name`)
  const badKey = keyRejection(state, wanted, within)
  if (badKey?.reason === 'name_exists') return badKey
  if (!namePattern.test(wanted.name)) return reject('field_invalid', `${within}name`, nameLimit)
  if (wanted.roles.length === 0 || !wanted.roles.every((role) => roles.includes(role))) {
    return reject('field_invalid', `${within}roles`, `one or more of ${roles.join(', ')}`)
  }
  return badKey
}

/** Why a key and its address may not be an account's. */
export function keyRejection(
  state: State,
  { address, publicKey }: { address: string; publicKey: string },
  within = '',
): Rejected | undefined {
  if (state.taken.has(`address:${address}`)) return reject('name_exists', `${within}address`)
  if (state.taken.has(`key:${publicKey}`)) return reject('name_exists', `${within}publicKey`)
  if (!addressPattern.test(address)) {
    return reject('field_invalid', `${within}address`, '0x and 40 lower-case hex')
  }
  if (!publicKeyPattern.test(publicKey)) {
    return reject('field_invalid', `${within}publicKey`, publicKeyLimit)
  }
  return undefined
}

/** Gives the next account to `wanted`, who was found to be right. */
export function admit(
  state: State,
  wanted: NewParticipant,
): { readonly account: number; readonly effects: Effect[] } {
  const account = firstParticipantAccount + state.participants.length
  const { name, address, publicKey, retailer } = wanted
  state.taken.add(`participant:${name}`).add(`address:${address}`).add(`key:${publicKey}`)
  const sorted = roles.filter((role) => wanted.roles.includes(role))
  const status = 'active'
  state.participants.push({ account, name, roles: sorted, address, publicKey, retailer, status })
  return { account, effects: [{ kind: 'participant_admitted', account, address, publicKey }] }
}
