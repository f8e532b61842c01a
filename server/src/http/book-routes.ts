import { historyLimits } from '@busbar/protocols/api'
import { detailJson, headsJson, historyJson, spanJson, tallyJson } from './book-mapping.ts'
import { conservationJson } from './mapping.ts'
import { Refused } from './refused.ts'
import { addRoute, type RouteContext } from './route-context.ts'
import { createSharedWork } from './shared-work.ts'

/** What shows that the books are whole, now and at every run before. */
export function addBookRoutes(context: RouteContext): void {
  const { books } = context.service
  const shared = createSharedWork()
  addRoute(context, 'conservation', async () => conservationJson(await books.now()))
  addRoute(context, 'conservationHistory', async ({ query }) => {
    const { from, points = 1, step = 1 } = query
    const { max } = historyLimits.intervals
    if (points * step > max) {
      throw new Refused('field_invalid', { field: 'points', limit: `${max} by step` })
    }
    const question = `${from ?? ''} ${points} ${step}`
    const found = await shared(question, () => books.history({ from, points, step }))
    if (found === undefined) throw new Refused('market_not_open')
    return historyJson(step, found)
  })
  addRoute(context, 'conservationInterval', async ({ params: { interval } }) => {
    const found = await books.interval(interval)
    if (found === undefined) throw new Refused('not_found', { field: 'interval' })
    return { interval, runs: found.map(tallyJson) }
  })
  addRoute(context, 'journalHeads', async ({ query: { from, before, limit = 1 } }) => {
    if (from !== undefined && before !== undefined) {
      throw new Refused('field_invalid', { field: 'before', limit: 'without from' })
    }
    // One more than asked for tells whether there is a next page; the newest page has none.
    const { last, heads } = await books.checkpoints({ from, before, limit: limit + 1 })
    if (from === undefined) return headsJson(last, heads.slice(-limit), null)
    return headsJson(last, heads.slice(0, limit), heads[limit]?.sequence ?? null)
  })
  addRoute(context, 'journalHead', async ({ params: { sequence } }) => {
    const found = await books.checkpoint(sequence)
    if (found === undefined) throw new Refused('not_found', { field: 'sequence' })
    return detailJson(found)
  })
  addRoute(context, 'auditJournal', async ({ query: { from = 1, limit = 1 } }) => {
    const { entries, last } = await books.journal({ from, limit })
    const next = (entries.at(-1)?.sequence ?? last) + 1
    return spanJson(entries, next > last ? null : next)
  })
}
