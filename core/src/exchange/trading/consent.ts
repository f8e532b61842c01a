import type { InstructionCommand } from '../command.ts'
import { actorWith, isRejected, tradingRoles } from '../lookups.ts'
import { accepted, type Applied } from '../outcome.ts'
import { reject, type Rejected } from '../rejection.ts'
import type { State } from '../state.ts'

/** Records that a customer agrees to what its retailer may do if it does not pay. */
export function consent(
  state: State,
  at: number,
  sequence: number,
  command: Extract<InstructionCommand, { kind: 'consent_to_enforcement' }>,
): Applied | Rejected {
  const { account, digest, content } = command
  const actor = actorWith(state, account, tradingRoles)
  if (isRejected(actor)) return actor
  const { textHash } = content
  if (!/^0x[0-9a-f]{64}$/.test(textHash)) {
    return reject('field_invalid', 'textHash', '0x and 64 lower-case hex')
  }
  state.trading.consents.set(account, { digest, textHash, sequence, at })
  return accepted(sequence, { kind: 'consent_given', account })
}
