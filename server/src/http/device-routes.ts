import { type DeviceReadingsItemResult, problemKind } from '@busbar/protocols/api'
import type { DeviceSubmission } from '../app/ports/device-service.ts'
import { requireOwner } from './authorization.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'

/** What stands behind the meters of homes: told by gateways, shown to the home alone. */
export function addDeviceRoutes(context: RouteContext): void {
  const { devices } = context.service
  addRoute(context, 'submitDeviceReadings', async ({ body: { batches } }) => {
    const submissions = await devices.submit(batches)
    const [first] = submissions
    // As with commands: one that is refused is the answer to all that was asked.
    if (submissions.length === 1 && first?.kind === 'rejected') {
      throw new Refused(first.reason, { field: first.field })
    }
    const results = submissions.map((one, index) => resultOf(batches[index]?.id ?? '', one))
    return { results }
  })
  addRoute(context, 'deviceSeries', async ({ params: { account }, query }, request) => {
    requireOwner(await context.reader(request), account)
    const series = await devices.series(account, query.from, query.intervals)
    if (series === undefined) throw new Refused('not_found', { field: 'account' })
    return series
  })
}

function resultOf(id: string, submission: DeviceSubmission): DeviceReadingsItemResult {
  if (submission.kind === 'accepted') {
    const { digest, outcomes } = submission
    return { kind: 'accepted', id, digest, outcomes: [...outcomes] }
  }
  const { reason: code, field } = submission
  return { kind: 'rejected', id, code, field, transient: problemKind(code).transient }
}
