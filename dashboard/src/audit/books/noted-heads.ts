import { type Keeper, keptList } from '../../lib/kept-list.ts'
import type { NotedHead } from './head-checks.ts'

const place = 'busbar.heads'
/** Of all markets together; the newest ones. */
const notedMax = 200

type Noted = NotedHead & { readonly market: string }

/** The heads of a market as this browser has seen them first. */
export const notedHeads = (keeper: Keeper, market: string): ReadonlyMap<number, NotedHead> =>
  new Map(
    read(keeper).filter((one) => one.market === market).map((one) => [one.sequence, one]),
  )

/** Notes those that were not seen before: what was seen once is never seen differently. */
export function noteHeads(keeper: Keeper, market: string, heads: readonly NotedHead[]): void {
  const known = notedHeads(keeper, market)
  const fresh = heads
    .filter(({ sequence }) => !known.has(sequence))
    .map(({ sequence, hash }) => ({ market, sequence, hash }))
  if (fresh.length === 0) return
  keeper.setItem(place, JSON.stringify([...read(keeper), ...fresh].slice(-notedMax)))
}

/** Nothing where it is no such list: then everything is seen for the first time. */
const read = (keeper: Keeper): readonly Noted[] => keptList(keeper, place, isNoted)

function isNoted(value: unknown): value is Noted {
  if (typeof value !== 'object' || value === null) return false
  const { market, sequence, hash } = value as Partial<Noted>
  return typeof market === 'string' && Number.isSafeInteger(sequence) && typeof hash === 'string'
}
