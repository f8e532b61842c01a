import { assert } from '../../errors/index.ts'
import type { Market } from './market.ts'

/** A chain that does as it is told of holds, compared with the holds of the ledger. */
export class HoldsOnChain {
  readonly held = new Map<number, bigint>()
  #lists = 0
  #read = 0

  /**
   * At any time the chain holds at least what trades need; after a gate or a run, just that.
   *
   * @throws Fault INVARIANT_BROKEN where it does not
   */
  check({ effects, state, journal }: Market): void {
    for (; this.#read < effects.length; this.#read += 1) {
      const effect = effects[this.#read]
      if (effect?.kind !== 'trade_holds_changed') continue
      this.#lists += 1
      assert(effect.list === this.#lists, 'lists come one after the other')
      for (const { account, amount } of effect.holds) {
        if (amount === 0n) this.held.delete(account)
        else this.held.set(account, amount)
      }
    }
    const needed = new Map<number, bigint>()
    for (const [key, { account, amount }] of state.ledger.holds) {
      if (key.startsWith('trade:')) needed.set(account, (needed.get(account) ?? 0n) + amount)
    }
    for (const [account, amount] of needed) {
      assert((this.held.get(account) ?? 0n) >= amount, `the chain holds what ${account} needs`)
    }
    const last = journal.at(-1)?.command.kind
    if (last !== 'close_gate' && last !== 'settle_interval') return
    assert(this.held.size === needed.size, 'the chain holds nothing else')
    for (const [account, amount] of this.held) {
      assert(needed.get(account) === amount, `the chain holds no more of ${account}`)
    }
  }
}
