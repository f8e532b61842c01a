import type { Owned } from '../app/ports/signature-views.ts'
import type { Reader } from '../app/ports/exchange-service.ts'
import { requireAccess } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What was signed, for its owner, operators and auditors. */
export function addSignatureRoutes(context: RouteContext): void {
  const { signatures } = context.service
  addRoute(context, 'orderWord', async ({ params }, request) => {
    const reader = await context.reader(request)
    return shown(reader, await signatures.orderWord(reader, params), 'digest')
  })
  addRoute(context, 'signedReading', async ({ params }, request) => {
    const reader = await context.reader(request)
    return shown(reader, await signatures.signedReading(reader, params), 'boundary')
  })
}

function shown<Answer>(reader: Reader, found: Owned<Answer> | undefined, field: string): Answer {
  // To others what is not there looks like what is not theirs: −1 is nobody's account.
  requireAccess(reader, found?.owner ?? -1)
  if (found?.answer === undefined) throw new Refused('not_found', { field })
  return found.answer
}
