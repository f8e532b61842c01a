import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import type { Participant } from '@busbar/core/registry'
import type { Journal } from '../ports/journal.ts'

/** Where the journal has the instructions that made the registry: sequences. */
export type RegistrySequences = {
  /** By meter. */
  readonly meters: readonly number[]
  /** Where somebody was admitted, or that proposed. The operator came with the market. */
  readonly admissionOf: (participant: Participant) => number | undefined
  /** By retailer, ascending. */
  readonly tariffs: ReadonlyMap<number, readonly number[]>
  /** By public key: who asked for a passkey first, and who after it. */
  readonly passkeys: ReadonlyMap<string, readonly number[]>
  /** By public key: who issued a join code. */
  readonly joinCodes: ReadonlyMap<string, number>
  /** By the agent's public key: who granted its mandate. */
  readonly mandates: ReadonlyMap<string, number>
}

type Admission = { readonly sequence: number; readonly rights: string }

/** The same text for the same roles, in whatever order they were signed. */
const rightsOf = ({ roles, retailer }: Pick<Participant, 'roles' | 'retailer'>): string =>
  [...new Set(roles)].sort().join() + `:${retailer}`

const pageSize = 500

const contentIn = <Kind extends InstructionKind>(body: string): InstructionContent[Kind] =>
  (JSON.parse(body) as { readonly content: InstructionContent[Kind] }).content

/**
 * Reads the journal once, from its beginning and as far as it was asked for: the state keeps what
 * was registered, and not which entry said so. A name and three numbers a participant, at most.
 */
export class RegistryIndex {
  readonly #journal: Journal
  readonly #meters: number[] = []
  readonly #admissions = new Map<string, Admission[]>()
  readonly #tariffs = new Map<number, number[]>()
  readonly #passkeys = new Map<string, number[]>()
  readonly #joinCodes = new Map<string, number>()
  readonly #mandates = new Map<string, number>()
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
        ...{ meters: this.#meters, tariffs: this.#tariffs, passkeys: this.#passkeys },
        ...{ joinCodes: this.#joinCodes, mandates: this.#mandates },
        admissionOf: (participant: Participant) => this.#admissionOf(participant),
      }
    })
    this.#last = next.catch(() => undefined)
    return next
  }

  async #readPage(): Promise<boolean> {
    const page = await this.#journal.read(this.#end, pageSize)
    for (const { sequence, kind, body } of page) {
      if (kind === 'admit_participant') this.#addAdmission(body, sequence)
      else if (kind === 'register_meter') this.#meters.push(sequence)
      else if (kind === 'set_tariff') this.#addTariff(body, sequence)
      else if (kind === 'register_passkey') this.#addPasskey(body, sequence)
      else if (kind === 'issue_join_code') {
        this.#joinCodes.set(contentIn<'issue_join_code'>(body).publicKey, sequence)
      } else if (kind === 'grant_mandate') {
        this.#mandates.set(contentIn<'grant_mandate'>(body).publicKey, sequence)
      }
      this.#end = sequence
    }
    return page.length > 0
  }

  /**
   * Names count once in a market, but an admission that somebody has to approve may have come to
   * nothing, and the name have gone to another: of those by the name, the one of the same rights.
   */
  #admissionOf({ name, roles, retailer }: Participant): number | undefined {
    const rights = rightsOf({ roles, retailer })
    return this.#admissions.get(name)?.find((one) => one.rights === rights)?.sequence
  }

  #addAdmission(body: string, sequence: number): void {
    const { name, roles, retailer } = contentIn<'admit_participant'>(body)
    const others = this.#admissions.get(name) ?? []
    this.#admissions.set(name, [...others, { sequence, rights: rightsOf({ roles, retailer }) }])
  }

  #addPasskey(body: string, sequence: number): void {
    const { publicKey } = contentIn<'register_passkey'>(body)
    this.#passkeys.set(publicKey, [...(this.#passkeys.get(publicKey) ?? []), sequence])
  }

  #addTariff(body: string, sequence: number): void {
    const { account } = JSON.parse(body) as { readonly account: number }
    this.#tariffs.set(account, [...(this.#tariffs.get(account) ?? []), sequence])
  }
}
