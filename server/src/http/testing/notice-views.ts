import type { Notice, SignedWebhook } from '@busbar/protocols/api'
import type { NoticeService, WebhookAnswer, WebhookView } from '../../app/ports/notice-service.ts'

/* Fixed notices, one of each kind: what the routes must carry over. */

const about = (sequence: number) => ({
  ...{ id: `der-to-cash/4/${sequence}`, market: 'der-to-cash', account: 4, sequence },
  ...{ subject: 'trade/7', atMs: 1_700_000_000_000, journalSequence: 30 + sequence },
})

const relation = 'party' as const

export const told: readonly Notice[] = [
  {
    ...about(1),
    kind: 'trade_changed',
    data: { trade: 7, what: 'invited', relation, status: 'invited', reason: '' },
  },
  {
    ...about(2),
    kind: 'delivery_limited',
    data: { trade: 7, relation, fromInterval: 120, intervals: 4 },
  },
  { ...about(3), kind: 'offer_changed', data: { offer: 3, status: 'matched' } },
  {
    ...about(4),
    kind: 'payment_changed',
    data: {
      ...{ payment: 2, trade: 7, rail: 'prepaid', payer: 4, payee: 5, reservedMicros: 9 },
      ...{ amountMicros: 8, state: 'captured', reference: 'r', expiresAtMs: null },
      ...{ dueAtMs: 1_700_000_000_000, postponements: 0, reason: '' },
    },
  },
  {
    ...about(5),
    kind: 'default_changed',
    data: {
      ...{ default: 1, account: null, creditor: 5, trade: 7, payment: 2, steps: [] },
      ...{ cause: 'payment_overdue', amountMicros: 8, recoveredMicros: 0, status: 'open' },
      ...{ grounds: '', atMs: 1_700_000_000_000 },
    },
  },
  { ...about(6), kind: 'meter_data_requested', data: { fromInterval: 120, intervals: 96 } },
  {
    ...about(7),
    kind: 'run_posted',
    data: { interval: 120, run: 0, runKind: 'provisional' },
  },
  { ...about(8), kind: 'participant_changed', data: { account: 4, status: 'suspended' } },
  { ...about(9), kind: 'key_replaced', data: { account: 4, address: `0x${'ad'.repeat(20)}` } },
  {
    ...about(10),
    kind: 'passkey_registered',
    data: {
      ...{ account: 4, publicKey: `0x02${'9a'.repeat(32)}`, host: 'busbar.example' },
      ...{ label: 'phone', signsFromMs: 1_700_000_000_000, registeredBy: 8 },
    },
  },
  {
    ...about(11),
    kind: 'passkey_revoked',
    data: {
      ...{ account: 4, publicKey: `0x02${'9a'.repeat(32)}`, label: 'phone', revokedBy: 8 },
      mayObject: true,
    },
  },
  {
    ...about(12),
    kind: 'proposal_changed',
    data: {
      ...{ proposal: 2, instruction: 'suspend_participant', status: 'refused', proposedBy: 3 },
      ...{ expiresAtMs: 1_700_000_000_000, decidedBy: 4, reason: 'not him' },
    },
  },
  {
    ...about(13),
    kind: 'join_code_issued',
    data: {
      ...{ account: 4, publicKey: `0x02${'9b'.repeat(32)}`, host: 'busbar.example' },
      ...{ untilMs: 1_700_000_000_000, issuedBy: 8 },
    },
  },
  {
    ...about(14),
    kind: 'join_code_revoked',
    data: { account: 4, publicKey: `0x02${'9b'.repeat(32)}` },
  },
  {
    ...about(15),
    kind: 'agreement_recorded',
    data: {
      ...{ agreement: 1, retailers: [4, 9], basis: 'regulatory', fromInterval: 120 },
      ...{ documentHash: `0x${'0a'.repeat(32)}`, untilInterval: null },
    },
  },
  {
    ...about(16),
    kind: 'netting_changed',
    data: {
      ...{ netting: 1, batch: 30, debtor: 4, creditor: 9, amountMicros: 120_000 },
      ...{ state: 'ordered', reference: '', orderedAtMs: 1_700_000_000_000 },
    },
  },
  {
    ...about(17),
    kind: 'mandate_granted',
    data: {
      ...{ account: 4, publicKey: `0x02${'9c'.repeat(32)}`, meters: [0], label: 'battery' },
      ...{ buyMaxMicrosPerKwh: 250_000, sellMinMicrosPerKwh: null, orderEnergyMaxWh: 900 },
      ...{ dayEnergyMaxWh: 9_000, fromMs: 1_600_000_000_000, untilMs: 1_700_000_000_000 },
    },
  },
  {
    ...about(18),
    kind: 'mandate_revoked',
    data: { account: 4, publicKey: `0x02${'9c'.repeat(32)}` },
  },
  {
    ...about(19),
    kind: 'objection_raised',
    data: { account: 4, publicKey: `0x02${'9a'.repeat(32)}`, retailer: 8 },
  },
]

/** With a way to say that accounts have new notices, and how many there are. */
export class NoticesDouble implements NoticeService {
  readonly #listeners = new Set<(accounts: Iterable<number>) => void>()
  readonly #last = new Map<number, number>()

  async lastSequences(accounts: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return new Map(accounts.map((account) => [account, this.#last.get(account) ?? 0]))
  }

  subscribe(listener: (accounts: Iterable<number>) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(...accounts: readonly number[]): void {
    for (const one of accounts) this.#last.set(one, (this.#last.get(one) ?? 0) + 1)
    for (const listener of this.#listeners) listener(accounts)
  }

  get listenerCount(): number {
    return this.#listeners.size
  }


  async list(
    account: number,
    after: number,
    limit: number,
  ): Promise<readonly Notice[] | undefined> {
    if (account > 20) return undefined
    return told.filter(({ sequence }) => sequence > after).slice(0, limit)
  }

  async webhook(account: number): Promise<WebhookView | undefined> {
    if (account > 20) return undefined
    return {
      ...{ account, url: 'https://hooks.example/a', after: 2, issuedAtMs: 1_700_000_000_000 },
      ...{ lastSequence: 9, waiting: 3, givenUp: 1, failures: 2, lastError: 'ECONNREFUSED' },
    }
  }

  async submit({ account, url, issuedAt }: SignedWebhook): Promise<WebhookAnswer> {
    if (url.startsWith('http:')) {
      return { kind: 'refused', reason: 'field_invalid', field: 'url', limit: 'an https address' }
    }
    if (issuedAt === 1) return { kind: 'refused', reason: 'webhook_superseded', field: 'issuedAt' }
    return { kind: 'taken', account, issuedAtMs: issuedAt, repeated: false }
  }
}
