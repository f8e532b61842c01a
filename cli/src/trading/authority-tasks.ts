import type { InstructionKind } from '@busbar/core/exchange'
import { instructionKinds } from '@busbar/protocols/api'
import { UsageError } from '../cli-error.ts'
import { contentsOf } from '../proofs/contents.ts'
import { exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { jsonForm } from '../desk/json-form.ts'
import { zoneOf } from './offer-tasks.ts'
import { hashOfFile } from './payment-tasks.ts'
import { doneOr } from './proposal-tasks.ts'
import { number, oneOf } from '../desk/quantities.ts'
import { intervalOf, startOf, timeText } from '../desk/times.ts'

/* What an authority or the operator records about trades. */

const bases = ['bilateral', 'regulatory'] as const

export const agreement: Task = async (operands, values, output) => {
  const [one = '', other = ''] = exactly(operands, ['RETAILER', 'RETAILER'])
  const basis = oneOf(values.text('basis') ?? 'bilateral', bases, '--basis')
  const documentHash = await hashOfFile(values.text('document'), '--document')
  const desk = await openDesk(values)
  const retailers: [number, number] = [
    (await desk.people.find(one, 'RETAILER')).account,
    (await desk.people.find(other, 'RETAILER')).account,
  ]
  const at = required(values, 'from', 'the interval from which it holds')
  const end = values.text('until')
  const fromInterval = intervalOf(at, desk.market, '--from')
  const untilInterval = end === undefined ? null : intervalOf(end, desk.market, '--until')
  const content = { retailers, basis, documentHash, fromInterval, untilInterval }
  const result = await desk.instruct('record_agreement', content)
  const start = timeText(startOf(desk.market, fromInterval))
  const stop = untilInterval === null
    ? 'without an end'
    : `to ${timeText(startOf(desk.market, untilInterval))}`
  const text = `${one} and ${other} act for each other's customers from ${start} ${stop}: trades ` +
    'between them need no collateral besides.'
  return say(values, output, content, doneOr(result, text))
}

export const decideAppeal: Task = async (operands, values, output) => {
  const [which, verdict = ''] = exactly(operands, ['DEFAULT', 'YES'])
  const upheld = oneOf(verdict, ['yes', 'no'], 'YES') === 'yes'
  const desk = await openDesk(values)
  const content = { default: number(which, 'DEFAULT'), upheld }
  const result = await desk.instruct('decide_appeal', content)
  const status = result.kind === 'default_changed' ? result.status : ''
  const told = upheld
    ? 'the debt stands and is asked for anew, and no fine stays'
    : 'the step gives as much longer as the appeal has taken'
  const text = `Default ${content.default} is ${status}: ${told}.`
  return say(values, output, { ...content, status }, doneOr(result, text))
}

export const assignUtility: Task = async (operands, values, output) => {
  const [area = '', who = ''] = exactly(operands, ['ZONE', 'UTILITY'])
  const desk = await openDesk(values)
  const content = {
    zone: zoneOf(desk, area, 'ZONE'),
    utility: (await desk.people.find(who, 'UTILITY')).account,
  }
  const result = await desk.instruct('assign_utility', content)
  const text = `The wires of zone ${area} are those of ${who}: its limits count there.`
  return say(values, output, content, doneOr(result, text))
}

/** Any instruction by its kind, with its content as the interface has it. */
export const instruct: Task = async (operands, values, output) => {
  const [named = '', file = ''] = exactly(operands, ['KIND', 'FILE'])
  const kind = oneOf<InstructionKind>(named, instructionKinds, 'KIND')
  let content: unknown
  try {
    content = JSON.parse(await contentsOf(file))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${file} is not JSON`)
  }
  if (typeof content !== 'object' || content === null) {
    throw new UsageError(`${file} holds no object`)
  }
  const desk = await openDesk(values)
  // The exchange checks the content by the schema of its kind, and names the field.
  const result = await desk.instruct(kind, content as never)
  return say(values, output, result, doneOr(result, `Taken: ${JSON.stringify(jsonForm(result))}`))
}
