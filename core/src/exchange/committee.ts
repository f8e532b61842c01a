import type { InstructionContent } from './command.ts'
import { inRange, nameLimit, namePattern } from './lookups.ts'
import { reject, type Rejected } from './rejection.ts'

type Wanted = InstructionContent['appoint_committee']

const membersMax = 64
const pointPattern = /^0x[0-9a-f]{96}$/
const pointLimit = '0x and 96 lower-case hex'

/** What is wrong with a committee, if anything. */
export function committeeRejection(wanted: Wanted): Rejected | undefined {
  const { publicKey, threshold, members } = wanted
  const invalid = (field: string, limit: string): Rejected => reject('field_invalid', field, limit)
  if (!pointPattern.test(publicKey)) return invalid('publicKey', pointLimit)
  if (members.length < 2 || members.length > membersMax) {
    return invalid('members', `2 to ${membersMax}`)
  }
  // One member alone could read every order before its gate.
  if (!inRange(threshold, 2, members.length)) {
    return invalid('threshold', `from 2 to ${members.length}`)
  }
  const names = new Set<string>()
  let last = 0
  for (const { index, name, verificationKey } of members) {
    if (!inRange(index, last + 1, 2 ** 16 - 1)) return invalid('members.index', 'from 1, ascending')
    if (!namePattern.test(name)) return invalid('members.name', nameLimit)
    if (names.has(name)) return invalid('members.name', 'once in a committee')
    if (!pointPattern.test(verificationKey)) return invalid('members.verificationKey', pointLimit)
    names.add(name)
    last = index
  }
  return undefined
}
