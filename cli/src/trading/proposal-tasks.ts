import { isAsProposed } from '@busbar/client'
import type { ProposalView } from '@busbar/protocols/api'
import { UsageError } from '../cli-error.ts'
import {
  type Desk,
  exactly,
  type InstructionAnswer,
  openDesk,
  required,
  say,
  type Task,
} from '../desk/desk.ts'
import { jsonForm } from '../desk/json-form.ts'
import { number } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { timeText } from '../desk/times.ts'

/* What takes two people of the authorities. */

/** `done`, or what it waits for where somebody else has to approve it first. */
export function doneOr(result: InstructionAnswer, done: string): string {
  if (result.kind !== 'proposal_made') return done
  const { proposal, expiresAtMs } = result
  return `Proposed as ${proposal}, and nothing has happened yet: somebody else approves it by ` +
    `${timeText(expiresAtMs)} (busbar authority approve ${proposal}), or it lapses.`
}

export const proposals: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const found = await desk.client.operator.proposals()
  const lines = await Promise.all(found.proposals.map(async (one) => [
    String(one.proposal), one.instruction.kind, await contentText(desk, one),
    await desk.people.label(one.instruction.account), one.status,
    one.status === 'open' ? timeText(one.expiresAtMs) : '',
    one.decided === null ? '' : await desk.people.label(one.decided.account), one.reason,
  ]))
  const head = ['proposal', 'what', 'of what', 'by', 'stands', 'until', 'decided by', 'why']
  const rule = found.deadlineSeconds === null
    ? 'By the rulebook one person of the authorities decides alone.'
    : `What moves money or rules takes a second person within ${found.deadlineSeconds} s.`
  const listed = lines.length === 0 ? 'Nothing is proposed.' : table(head, lines)
  return say(values, output, found, `${listed}\n${rule}`)
}

export const approve: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['PROPOSAL'])
  const desk = await openDesk(values)
  const found = await proposalOf(desk, which)
  const { proposal, instruction } = found
  const content = { proposal, digest: instruction.digest }
  const result = await desk.instruct('approve_proposal', content)
  const text = `Approved: ${instruction.kind} ${await contentText(desk, found)} is in effect.`
  return say(values, output, result, text)
}

export const refuse: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['PROPOSAL'])
  const reason = required(values, 'reason', 'why, for other authorities to read')
  const desk = await openDesk(values)
  const { proposal, instruction } = await proposalOf(desk, which)
  const content = { proposal, digest: instruction.digest, reason }
  const result = await desk.instruct('refuse_proposal', content)
  return say(values, output, result, `Refused: ${instruction.kind} comes to nothing.`)
}

/**
 * The proposal that is meant, found to be what its digest says: who approves it signs the digest.
 *
 * @throws UsageError where there is none, or the server shows another content than was signed
 */
async function proposalOf(desk: Desk, which: string | undefined): Promise<ProposalView> {
  const wanted = number(which, 'PROPOSAL')
  const { proposals: all } = await desk.client.operator.proposals()
  const found = all.find(({ proposal }) => proposal === wanted)
  if (found === undefined) throw new UsageError(`there is no proposal ${wanted}`)
  if (isAsProposed(desk.signer.domain, found)) return found
  throw new UsageError(`proposal ${wanted} shows another content than its digest is of`)
}

/** `alice (12): unpaid`, or the content itself where no account says it all. */
async function contentText(desk: Desk, { instruction }: ProposalView): Promise<string> {
  switch (instruction.kind) {
    case 'suspend_participant':
    case 'reinstate_participant': {
      const { participant, reason } = instruction.content
      const who = await desk.people.label(participant)
      return reason === undefined ? who : `${who}: ${reason}`
    }
    case 'schedule_rulebook': {
      const { rulebook, fromInterval } = instruction.content
      return `${rulebook.name} ${rulebook.version} from ${fromInterval}`
    }
    default:
      return JSON.stringify(jsonForm(instruction.content)).slice(0, 200)
  }
}
