/** A market beside the simulator of a bill network, with payers of each habit. */
import { BillPresentment, type BillPresentmentOptions } from '../adapters/rails/bill-presentment.ts'
import type { RailAnswer, RailRequest } from '../app/ports/rails.ts'
import { marketKeys, TestNetwork } from './network-process.ts'

const dayMs = 86_400_000

export class BillingMarket {
  readonly network = new TestNetwork({ clock: 'market' })
  readonly buyer = 7
  readonly seller = 8
  readonly never = 9
  readonly late = 10
  readonly platform = 20
  now = Date.UTC(2026, 2, 1)
  #payments = 0

  start = async (): Promise<void> => {
    const { network, buyer, seller, never, late, platform } = this
    await network.start()
    await network.advance(this.now)
    await network.admitMarket('district')
    for (const account of [seller, buyer, platform]) await network.admitParty(`district.${account}`)
    await network.admitParty(`district.${never}`, 'never')
    await network.admitParty(`district.${late}`, 'late', { delayMs: 1_000 })
  }

  billing = (more: Partial<BillPresentmentOptions> = {}): BillPresentment =>
    new BillPresentment({
      url: this.network.url,
      institution: 'district',
      network: 'bill-network',
      privateKey: marketKeys.privateKey,
      networkKey: this.network.networkKey,
      deadlineMs: 5_000,
      now: () => this.now,
      market: 'district',
      currency: 'EUR',
      biller: 'seller',
      platformOf: () => null,
      ...more,
    })

  pass = async (ms: number): Promise<void> => {
    this.now += ms
    await this.network.advance(this.now)
  }

  /** One that no other test makes. */
  payment = (more: Partial<RailRequest> = {}): RailRequest => {
    this.#payments += 1
    return {
      key: `payment/${this.#payments}/collect`,
      payment: this.#payments,
      payer: this.buyer,
      payee: this.seller,
      amountMicros: 25_000_000n,
      dueAt: this.now + dayMs,
      expiresAt: this.now + 30 * dayMs,
      reference: '',
      ...more,
    }
  }

  next = (request: RailRequest, answer: RailAnswer, step: string, more: object = {}) => ({
    ...request,
    key: `payment/${request.payment}/${step}`,
    reference: answer.reference,
    ...more,
  })

  /** What moved since, as account and cents. */
  movesSince = async (count: number): Promise<readonly string[]> => {
    const moves = (await this.network.moves()).slice(count)
    return moves.map(({ party, cents }) => `${party.split('.')[1]} ${cents}`)
  }

  countOfMoves = async (): Promise<number> => (await this.network.moves()).length
}
