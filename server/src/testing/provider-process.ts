/** The payment provider, simulated in a process of its own. */
import { type HouseOptions, SimulatedHouse } from './simulated-house.ts'

export type Move = {
  readonly kind: string
  readonly what: string
  readonly payer: string
  readonly payee: string
  readonly amount: number
}

export type TestParty = {
  readonly token: string
  readonly balanceMicros: number
  readonly heldMicros: number
}

type Credentials = {
  readonly apiKey: string
  readonly adminKey: string
  readonly webhookSecret: string
}

/** Money for whoever pays in a test. */
export const openingMicros = 1_000_000_000_000

export class TestProvider extends SimulatedHouse<Credentials> {
  readonly #admitted = new Set<string>()

  constructor(options: HouseOptions = {}) {
    super('payments', options)
  }

  async admit(token: string, micros = openingMicros, declines: string[] = []): Promise<void> {
    await this.tell('parties', { token, declines })
    if (this.#admitted.has(token)) return
    this.#admitted.add(token)
    if (micros > 0) await this.tell('deposits', { id: token, token, amountMicros: micros })
  }

  /** Everything that moved but what came from outside. */
  async moves(): Promise<readonly Move[]> {
    const all = await this.allMoves<Move & { number: number }>()
    return all.filter(({ kind }) => kind !== 'deposit')
  }

  /** How many of its events were taken by whom they were brought to. */
  async taken(): Promise<number> {
    const { events } = (await this.ask('GET', 'events')) as { events: { state: string }[] }
    return events.filter(({ state }) => state !== 'waiting').length
  }

  async party(token: string): Promise<TestParty> {
    const { parties } = (await this.ask('GET', 'parties')) as { parties: TestParty[] }
    const found = parties.find((party) => party.token === token)
    if (found === undefined) throw new Error(`${token} was not admitted`)
    return found
  }
}
