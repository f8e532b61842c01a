import { pagesOf } from '@busbar/client'
import { type Dealings, debtors, type World } from './dealings.ts'
import { unlessSuspended } from '../run/refused.ts'

/**
 * A buyer that cannot pay its bills in time and says so before they are due: it buys another term
 * for the first bill of each of its trades, for the rulebook's fee to who waits, and is in default
 * of nothing.
 */
export class Postponements {
  /** How many bills were given another term, and what for. */
  count = 0
  feeMicros = 0
  readonly #world: World
  readonly #dealings: Dealings
  /** Trades of which a bill was postponed: the bill for the fee is paid as it comes. */
  readonly #trades = new Set<number>()

  constructor(world: World, dealings: Dealings) {
    this.#world = world
    this.#dealings = dealings
  }

  async look(): Promise<void> {
    const { homes, cast, numbers, voices, readingAs, nowMs, charged } = this.#world
    const name = homes.names[this.#dealings.buyers[debtors.postpones] ?? -1]
    const feeMicros = cast.rulebook.trades?.postponementMicros ?? 0
    if (name === undefined) return
    const account = numbers.account(name)
    const { trades } = readingAs(name)
    const read = (query: object) => trades.payments(account, query)
    for await (const { payments } of pagesOf(read)) {
      for (const { payment, trade, payer, payee, state, dueAtMs } of payments) {
        const isOpen = state === 'capturing' && payer === account && nowMs() < (dueAtMs ?? 0)
        if (!isOpen || this.#trades.has(trade)) continue
        this.#trades.add(trade)
        const said = voices.instruct(name, 'postpone_payment', [{ payment }])
        if ((await unlessSuspended(said)) === undefined) continue
        charged({ trade, payer, payee, amountMicros: feeMicros })
        this.count += 1
        this.feeMicros += feeMicros
      }
    }
  }
}
