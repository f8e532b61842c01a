/** Bill network and bank, simulated in a process of their own. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { type HouseOptions, SimulatedHouse } from './simulated-house.ts'

export type NetworkMove = {
  readonly number: number
  readonly kind: string
  readonly payment: string
  readonly party: string
  readonly cents: number
}

type Credentials = {
  readonly adminKey: string
  readonly bankKey: string
  readonly privateKey: string
}

/** The market’s key, as it is admitted to each network of a test. */
export const marketKeys: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } =
  generateKeyPairSync('rsa', { modulusLength: 2_048 })

export class TestNetwork extends SimulatedHouse<Credentials> {
  constructor(options: HouseOptions = {}) {
    super('bill-network', options)
  }

  get networkKey(): KeyObject {
    return createPublicKey(this.credentials.privateKey)
  }

  get bankKey(): string {
    return this.credentials.bankKey
  }

  /** @param url where its notices go */
  admitMarket(name: string, url: string | null = null): Promise<void> {
    const key = marketKeys.publicKey.export({ type: 'spki', format: 'pem' })
    return this.tell('institutions', { name, key, url })
  }

  admitParty(name: string, pays = 'at-once', more: object = {}): Promise<void> {
    return this.tell('parties', { name, institution: 'district', pays, ...more })
  }

  advance(nowMs: number): Promise<void> {
    return this.tell('clock', { nowMs })
  }

  moves(): Promise<readonly NetworkMove[]> {
    return this.allMoves()
  }
}
