import type { RouteName } from '@busbar/protocols/api'
import type { Submission } from '../app/ports/exchange-service.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import {
  contractResult,
  instructionResult,
  itemResult,
  readingsResult,
  revealResult,
  sealedResult,
  wholeRefusal,
} from './submission-mapping.ts'

/**
 * Commands. Each item of a batch is taken or rejected for itself and has its result in its place; a
 * request with one item that is rejected is refused as a whole, with the status of its code.
 */
export function addWriteRoutes(context: RouteContext): void {
  const { service } = context
  addRoute(context, 'submitOrders', async ({ body }) => {
    const submissions = await service.submitOrders(body.orders)
    return answer(context, 'submitOrders', body.orders, submissions, itemResult)
  })
  addRoute(context, 'submitSealedOrders', async ({ body }) => {
    // What is not there is `0x` on the wire and nothing in the journal.
    const orders = body.orders.map((order) => ({
      ...order,
      ciphertext: order.ciphertext === '0x' ? '' : order.ciphertext,
    }))
    const submissions = await service.submitSealedOrders(orders)
    return answer(context, 'submitSealedOrders', orders, submissions, sealedResult)
  })
  addRoute(context, 'submitReveals', async ({ body }) => {
    const submissions = await service.submitReveals(body.reveals)
    const named = body.reveals.map(({ commitment }) => ({ id: commitment }))
    return answer(context, 'submitReveals', named, submissions, revealResult)
  })
  addRoute(context, 'submitCancellations', async ({ body }) => {
    const submissions = await service.submitCancellations(body.cancellations)
    return answer(context, 'submitCancellations', body.cancellations, submissions, itemResult)
  })
  addRoute(context, 'submitContracts', async ({ body }) => {
    const submissions = await service.submitContracts(body.contracts)
    return answer(context, 'submitContracts', body.contracts, submissions, contractResult)
  })
  addRoute(context, 'submitAcceptances', async ({ body }) => {
    const submissions = await service.submitAcceptances(body.acceptances)
    return answer(context, 'submitAcceptances', body.acceptances, submissions, contractResult)
  })
  addRoute(context, 'submitWithdrawals', async ({ body }) => {
    const submissions = await service.submitWithdrawals(body.withdrawals)
    return answer(context, 'submitWithdrawals', body.withdrawals, submissions, itemResult)
  })
  addRoute(context, 'submitInstructions', async ({ body }) => {
    const submissions = await service.submitInstructions(body.instructions)
    return answer(context, 'submitInstructions', body.instructions, submissions, instructionResult)
  })
  addRoute(context, 'submitReadings', async ({ body }) => {
    const submissions = await service.submitReadings(body.batches)
    return answer(context, 'submitReadings', body.batches, submissions, readingsResult)
  })
}

function answer<Item>(
  { metrics }: RouteContext,
  route: RouteName,
  commands: readonly { readonly id: string }[],
  submissions: readonly Submission[],
  result: (id: string, submission: Submission) => Item,
): { results: Item[] } {
  if (submissions.length !== commands.length) {
    throw new Error('invariant broken: every command has its submission')
  }
  const counts = new Map<string, number>()
  for (const submission of submissions) {
    const code = codeOf(submission)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  for (const [code, count] of counts) metrics.taken(route, code, count)
  const refused = wholeRefusal(submissions)
  if (refused !== undefined) throw refused
  return {
    results: submissions.map((submission, index) => result(commands[index]?.id ?? '', submission)),
  }
}

function codeOf(submission: Submission): string {
  if (submission.kind === 'rejected') return submission.reason
  return submission.repeated ? 'repeated' : 'accepted'
}
