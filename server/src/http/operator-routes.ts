import { Fault } from '@busbar/core/errors'
import { parseRulebook, type Rulebook } from '@busbar/core/rulebook'
import type { WhatIfAnswer } from '@busbar/protocols/api'
import type { OperatorViews } from '../app/ports/operator-views.ts'
import { requireAuditor, requireAuthority, seesAll } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What those who run the market see of it. */
export function addOperatorRoutes(context: RouteContext): void {
  const { operator } = context.service
  addRoute(context, 'proposals', async (_input, request) => {
    requireAuthority(await context.reader(request))
    return operator.proposals()
  })
  addRoute(context, 'faults', async () => faultState(faultsOf(operator)))
  addRoute(context, 'setFault', async ({ body }) => {
    const faults = faultsOf(operator)
    const { offered } = faults
    if (!offered.includes(body.fault)) {
      throw new Refused('field_invalid', { field: 'fault', limit: offered.join(', ') })
    }
    faults.turn(body.fault, body.isOn)
    return faultState(faults)
  })
  addRoute(context, 'rulebooks', async () => {
    const shown = operator.rulebooks()
    if (shown === undefined) throw new Refused('market_not_open')
    return shown
  })
  addRoute(context, 'whatIf', async ({ query }, request) => {
    const reader = await context.reader(request)
    requireAuthority(reader)
    const { from, to, zone } = query
    const answer = operator.whatIf({ rulebook: rulebookIn(query.rulebook), from, to, zone })
    if (!('refused' in answer)) return seesAll(reader) ? answer : withoutPeople(answer)
    const { refused, ...where } = answer
    throw new Refused(refused, where)
  })
  addRoute(context, 'operations', async (_input, request) => {
    requireAuditor(await context.reader(request))
    return operator.operations()
  })
}

/** Who approves rules sees what they would have done, and not to whom. */
export const withoutPeople = (answer: WhatIfAnswer): WhatIfAnswer => ({
  ...answer, accounts: answer.accounts.filter(({ name }) => name === null),
})

/** @throws Refused where nothing may be broken on purpose: as if there were no such route */
function faultsOf({ faults }: OperatorViews): NonNullable<OperatorViews['faults']> {
  if (faults === undefined) throw new Refused('not_found')
  return faults
}

const faultState = ({ on, offered }: NonNullable<OperatorViews['faults']>) => ({
  on: [...on], offered: [...offered],
})

/** @throws Refused naming the field that breaks the schema of rulebooks, and the limit */
function rulebookIn(text: string): Rulebook {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Whatever it is, it is not what the field takes.
    throw new Refused('field_invalid', { field: 'rulebook', limit: 'JSON' })
  }
  try {
    return parseRulebook(value)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { field, limit } = error.details
    throw new Refused('field_invalid', { field: `rulebook.${field}`, limit: String(limit) })
  }
}
