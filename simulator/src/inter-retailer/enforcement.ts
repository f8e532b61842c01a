import type { DefaultView } from '@busbar/protocols/api'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { pagesOf } from '@busbar/client'
import { retailers } from './cast.ts'
import { type Dealings, debtors, type World } from './dealings.ts'
import { unlessSuspended } from '../run/refused.ts'

const hashOf = (text: string): string => bytesToHex(keccak256(textToBytes(text)))

type OwnDefault = DefaultView & { readonly account: number }

/**
 * What retailers, debtors and the authority do about money that was not paid: each step is shown to
 * have been taken, one debtor appeals in vain, and when the ladder has ended its retailer gets the
 * money from its customer.
 */
export class Enforcement {
  readonly #world: World
  readonly #dealings: Dealings
  readonly #recorded = new Set<string>()
  readonly #appealed = new Set<number>()
  /** The last that was seen of each default, by number. */
  readonly seen = new Map<number, DefaultView>()
  /** In cash, by account of the debtor: on no other books. */
  readonly recoveredMicros = new Map<number, bigint>()
  #appeal: number | undefined

  constructor(world: World, dealings: Dealings) {
    this.#world = world
    this.#dealings = dealings
  }

  /** The one that climbs the whole ladder, by name. */
  get debtor(): string {
    return this.#world.homes.names[this.#dealings.buyers[debtors.never] ?? 0] ?? ''
  }

  /** Looks what has come of defaults, and does what is to be done. */
  async look(): Promise<void> {
    await this.#decide()
    for (const retailer of retailers) {
      for (const one of await this.#defaultsOf(retailer)) {
        this.seen.set(one.default, one)
        await this.#recordSteps(retailer, one)
        await this.#appealOnce(one)
        if (one.steps.some(({ step }) => step === 'suspension')) this.#exclude(one.account)
        if (one.status === 'exhausted') await this.#recover(retailer, one)
      }
    }
  }

  /** How each default went: its steps, one after the other, and how it ended. */
  get stories(): readonly { readonly steps: readonly string[]; readonly status: string }[] {
    return [...this.seen.values()]
      .sort((a, b) => a.default - b.default)
      .map(({ steps, status }) => ({ steps: steps.map(({ step }) => step), status }))
  }

  /** What was drawn from collateral: what came in on another way than by a retailer. */
  get drawnMicros(): bigint {
    let sum = 0n
    for (const one of this.seen.values()) {
      if (!this.#recorded.has(`${one.default}/recovered`)) sum += BigInt(one.recoveredMicros)
    }
    return sum
  }

  /** Those of its own customers: of another's it learns what its customer is owed, and no name. */
  async #defaultsOf(retailer: string): Promise<readonly OwnDefault[]> {
    const { readingAs, numbers } = this.#world
    const { trades } = readingAs(retailer)
    const all: OwnDefault[] = []
    const account = numbers.account(retailer)
    for await (const page of pagesOf((query) => trades.defaults(account, query))) {
      for (const one of page.defaults) {
        if (one.account !== null) all.push({ ...one, account: one.account })
      }
    }
    return all
  }

  async #recordSteps(retailer: string, one: OwnDefault): Promise<void> {
    for (const { step } of one.steps) {
      const key = `${one.default}/${step}`
      if (this.#recorded.has(key)) continue
      this.#recorded.add(key)
      if (one.status !== 'open' && one.status !== 'exhausted') continue
      const evidence = hashOf(`${retailer} has taken the step ${key}`)
      const content = { default: one.default, step, evidence }
      const { voices } = this.#world
      await unlessSuspended(voices.instruct(retailer, 'record_enforcement', [content]))
    }
  }

  async #appealOnce(one: OwnDefault): Promise<void> {
    const { voices, numbers } = this.#world
    const isFirst = this.#appealed.size === 0 && one.status === 'open'
    const isFined = one.steps.at(-1)?.step === 'fine'
    if (!isFirst || !isFined || one.account !== numbers.account(this.debtor)) return
    const content = { default: one.default, grounds: hashOf('the bill never came') }
    this.#appealed.add(one.default)
    const said = await unlessSuspended(voices.instruct(this.debtor, 'appeal_default', [content]))
    if (said !== undefined) this.#appeal = one.default
  }

  /** At the next look: the ladder goes on, and gives as much longer as it was paused. */
  async #decide(): Promise<void> {
    if (this.#appeal === undefined) return
    const { voices, second } = this.#world
    const content = { default: this.#appeal, upheld: false }
    this.#appeal = undefined
    const decided = await unlessSuspended(voices.instruct('operator', 'decide_appeal', [content]))
    const [result] = decided ?? []
    if (result?.kind !== 'proposal_made') return
    await second?.approve(result.proposal, voices.digestOf('operator', 'decide_appeal', content))
  }

  async #recover(retailer: string, one: OwnDefault): Promise<void> {
    const { voices } = this.#world
    const amountMicros = one.amountMicros - one.recoveredMicros
    const key = `${one.default}/recovered`
    if (amountMicros <= 0 || this.#recorded.has(key)) return
    this.#recorded.add(key)
    const reference = `recovery of default ${one.default}`
    const content = { default: one.default, amountMicros, reference }
    const said = await unlessSuspended(voices.instruct(retailer, 'record_recovery', [content]))
    if (said === undefined) return
    const before = this.recoveredMicros.get(one.account) ?? 0n
    this.recoveredMicros.set(one.account, before + BigInt(amountMicros))
  }

  #exclude(account: number): void {
    const { homes, numbers } = this.#world
    const home = homes.names.findIndex((name) => numbers.account(name) === account)
    if (home >= 0) this.#dealings.excluded.add(home)
  }
}
