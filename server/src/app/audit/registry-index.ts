import type { Command } from '@busbar/core/exchange'
import { firstParticipantAccount } from '@busbar/core/registry'
import type { Journal } from '../ports/journal.ts'

/** Where the journal has the instructions that made the registry: sequences. */
export type RegistrySequences = {
  /** By meter. */
  readonly meters: readonly number[]
  /** By account. The operator has none: it came with the market. */
  readonly accounts: ReadonlyMap<number, number>
  /** By retailer, ascending. */
  readonly tariffs: ReadonlyMap<number, readonly number[]>
  /** By public key: who asked for a passkey first, and who after it. */
  readonly passkeys: ReadonlyMap<string, readonly number[]>
}

const pageSize = 500

/**
 * Reads the journal once, from its beginning and as far as it was asked for: the state keeps what
 * was registered, and not which entry said so. Three numbers a participant, at most.
 */
export class RegistryIndex {
  readonly #journal: Journal
  readonly #meters: number[] = []
  readonly #accounts = new Map<number, number>()
  readonly #tariffs = new Map<number, number[]>()
  readonly #passkeys = new Map<string, number[]>()
  #nextAccount = firstParticipantAccount
  #end = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** With every entry up to `sequence`, and perhaps some after it. */
  through(sequence: number): Promise<RegistrySequences> {
    const next = this.#last.then(async () => {
      while (this.#end < sequence) if (!(await this.#readPage())) break
      return {
        ...{ meters: this.#meters, accounts: this.#accounts, tariffs: this.#tariffs },
        passkeys: this.#passkeys,
      }
    })
    this.#last = next.catch(() => undefined)
    return next
  }

  async #readPage(): Promise<boolean> {
    const page = await this.#journal.read(this.#end, pageSize)
    for (const { sequence, kind, body } of page) {
      if (kind === 'open_market') this.#nextAccount += 1
      else if (kind === 'admit_participant') this.#accounts.set(this.#nextAccount++, sequence)
      else if (kind === 'register_meter') this.#meters.push(sequence)
      else if (kind === 'set_tariff') this.#addTariff(body, sequence)
      else if (kind === 'register_passkey') this.#addPasskey(body, sequence)
      this.#end = sequence
    }
    return page.length > 0
  }

  #addPasskey(body: string, sequence: number): void {
    type Registration = Extract<Command, { readonly kind: 'register_passkey' }>
    const { publicKey } = (JSON.parse(body) as Registration).content
    this.#passkeys.set(publicKey, [...(this.#passkeys.get(publicKey) ?? []), sequence])
  }

  #addTariff(body: string, sequence: number): void {
    const { account } = JSON.parse(body) as { readonly account: number }
    this.#tariffs.set(account, [...(this.#tariffs.get(account) ?? []), sequence])
  }
}
