/** What the chain was asked for an interval, and what it took. */
export type ChainCost = {
  /** False where the first transactions were sent before this process began. */
  isWhole: boolean
  transactions: number
  gas: number
  feeWei: bigint
  /** Of the money of the first run: transactions that are not final. */
  settling: number
  /** When the last of them became final, market time. */
  settledAt: number | null
}

export type FinalTransaction = {
  readonly gasUsed: number
  readonly feeWei: bigint
  /** Market time. */
  readonly atMs: number
}

/** By the id that a transaction has in the outbox; undefined where it is for no interval. */
export function intervalOf(id: string): { zone: number; interval: number } | undefined {
  const [kind = '', zone, interval] = id.split('/')
  if (!kinds.has(kind) || zone === undefined || interval === undefined) return undefined
  return { zone: Number(zone), interval: Number(interval) }
}

const kinds: ReadonlySet<string> = new Set([
  'fix', 'commit', 'prove-part', 'prove', 'show', 'flag', 'settle',
])

/** Follows transactions from being queued to being final. */
export class ChainCosts {
  readonly #intervalsKept: number
  readonly #costs = new Map<number, Map<number, ChainCost>>()

  constructor(intervalsKept: number) {
    this.#intervalsKept = intervalsKept
  }

  of(zone: number, interval: number): ChainCost | undefined {
    return this.#costs.get(zone)?.get(interval)
  }

  queued(ids: readonly string[]): void {
    for (const id of ids) {
      const place = intervalOf(id)
      if (place === undefined) continue
      const cost = this.#at(place.zone, place.interval)
      // Nothing of an interval is sent before its order set is fixed.
      if (id.startsWith('fix/')) cost.isWhole = true
      if (isFirstMoney(id)) cost.settling += 1
    }
  }

  final(id: string, { gasUsed, feeWei, atMs }: FinalTransaction): void {
    const place = intervalOf(id)
    if (place === undefined) return
    const cost = this.#at(place.zone, place.interval)
    cost.transactions += 1
    cost.gas += gasUsed
    cost.feeWei += feeWei
    if (!isFirstMoney(id)) return
    cost.settling -= 1
    if (cost.settling === 0) cost.settledAt ??= atMs
  }

  #at(zone: number, interval: number): ChainCost {
    const costs = this.#costs.get(zone) ?? new Map<number, ChainCost>()
    this.#costs.set(zone, costs)
    const found = costs.get(interval)
    if (found !== undefined) return found
    const none: ChainCost = {
      ...{ isWhole: false, transactions: 0, gas: 0, feeWei: 0n, settling: 0, settledAt: null },
    }
    costs.set(interval, none)
    for (const oldest of costs.keys()) {
      if (costs.size <= this.#intervalsKept) break
      costs.delete(oldest)
    }
    return none
  }
}

/** Its parts too: a run of many accounts is staged and applied in several transactions. */
const isFirstMoney = (id: string): boolean => /^settle\/\d+\/\d+\/0(?:\/|$)/.test(id)
