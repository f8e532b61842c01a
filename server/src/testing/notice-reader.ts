/** What accounts were told, held against what they can read at the same moment. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { credentialOf } from '@busbar/client'
import type { Notice } from '@busbar/protocols/api'
import type { RailMarket } from './rail-market.ts'

type Json = Readonly<Record<string, unknown>>

export class NoticeReader {
  readonly #market: RailMarket
  /** By name: how many were looked at. */
  readonly #seen = new Map<string, number>()

  constructor(market: RailMarket) {
    this.#market = market
  }

  async all(name: string): Promise<readonly Notice[]> {
    const client = await this.#market.as(name)
    const account = this.#market.accountOf(name)
    const notices: Notice[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = await client.notices.list(account, { after, limit: 7 })
      notices.push(...page.notices)
      after = page.nextAfter
    }
    return notices
  }

  /** As `kind:what`, for tables. */
  async told(name: string): Promise<readonly string[]> {
    return (await this.all(name)).map(({ kind, data }) => {
      const { what, state, status } = data as Json
      return `${kind}:${String(what ?? state ?? status ?? '')}`
    })
  }

  /**
   * Everything that came since the last time is counted without gaps, and holds what its account
   * reads elsewhere. A later notice of the same thing may have overtaken what an earlier one says.
   */
  async check(names: readonly string[]): Promise<number> {
    let checked = 0
    for (const name of names) {
      const notices = await this.all(name)
      const seen = this.#seen.get(name) ?? 0
      this.#seen.set(name, notices.length)
      deepEqual(notices.map(({ sequence }) => sequence), notices.map((_, index) => index + 1), name)
      const words = notices.map(({ journalSequence, subject, kind, data }) =>
        JSON.stringify([journalSequence, subject, kind, data]))
      equal(new Set(words).size, words.length, `${name} is told one thing twice`)
      for (const [index, notice] of notices.entries()) {
        if (index < seen) continue
        const isLast = !notices.slice(index + 1).some(
          ({ kind, subject }) => kind === notice.kind && subject === notice.subject,
        )
        await this.#compare(name, notice, isLast)
        checked += 1
      }
    }
    return checked
  }

  async #compare(name: string, notice: Notice, isLast: boolean): Promise<void> {
    const about = `${name}: ${JSON.stringify(notice)}`
    const account = this.#market.accountOf(name)
    switch (notice.kind) {
      case 'trade_changed':
      case 'delivery_limited': {
        const { relation, trade } = notice.data
        const [status, view] = await this.#read(name, `/v1/trades/${trade}`)
        const dropped = ['declined', 'withdrawn', 'expired']
        if (notice.kind === 'trade_changed' && dropped.includes(notice.data.what)) {
          return equal(status, 404, about)
        }
        equal(view['relation'], relation, about)
        if (notice.kind === 'trade_changed' && isLast) {
          deepEqual([view['status'], view['reason']], [notice.data.status, notice.data.reason])
        }
        return
      }
      case 'payment_changed': {
        const path = `/v1/accounts/${account}/payments?limit=500`
        return this.#among(name, path, 'payments', 'payment', notice.data, isLast, about)
      }
      case 'default_changed': {
        const path = `/v1/accounts/${account}/defaults?limit=500`
        return this.#among(name, path, 'defaults', 'default', notice.data, isLast, about)
      }
      case 'agreement_recorded': {
        const path = '/v1/agreements?limit=500'
        return this.#among(name, path, 'agreements', 'agreement', notice.data, isLast, about)
      }
      case 'netting_changed': {
        const path = '/v1/nettings?limit=500'
        return this.#among(name, path, 'nettings', 'netting', notice.data, isLast, about)
      }
      case 'run_posted':
        return this.#delivered(name, notice.data.interval, about)
      case 'meter_data_requested': {
        const [status] = await this.#read(name, `/v1/retailers/${account}/meter-data-requests`)
        return equal(status, 200, about)
      }
      case 'participant_changed':
      case 'key_replaced': {
        const { participants } = await this.#market.client.participants({ limit: 500 })
        const found = participants.find((one) => one.account === notice.data.account)
        for (const [field, value] of Object.entries(notice.data)) {
          const read = (found as Json | undefined)?.[field]
          if (isLast) deepEqual(read, value, about)
          else equal(typeof read, typeof value, about)
        }
        return
      }
      case 'passkey_registered':
      case 'passkey_revoked':
      case 'objection_raised':
      case 'join_code_issued':
      case 'join_code_revoked':
      case 'mandate_granted':
      case 'mandate_revoked':
        throw new Error(`nobody has a passkey: ${about}`)
      case 'offer_changed':
        throw new Error(`nothing was offered: ${about}`)
    }
  }

  /** The same in a list that the account reads: its fields and, at the end, its values. */
  async #among(
    name: string,
    path: string,
    list: string,
    key: string,
    data: Json,
    isLast: boolean,
    about: string,
  ): Promise<void> {
    const [, body] = await this.#read(name, path)
    const found = (body[list] as readonly Json[]).find((one) => one[key] === data[key])
    ok(found, about)
    deepEqual(Object.keys(data).sort(), Object.keys(found).sort(), about)
    if (isLast) deepEqual(data, found, about)
  }

  /** A trade whose delivery in the interval the account may read. */
  async #delivered(name: string, interval: number, about: string): Promise<void> {
    const [, { trades }] = await this.#read(name, '/v1/trades?limit=500')
    for (const { trade } of trades as readonly { readonly trade: number }[]) {
      const [, body] = await this.#read(name, `/v1/trades/${trade}/deliveries?limit=500`)
      const deliveries = body['deliveries'] as readonly Json[]
      const found = deliveries.find((one) => one['interval'] === interval)
      if (found !== undefined && found['result'] !== null) return
    }
    throw new Error(`nothing of the run is readable: ${about}`)
  }

  async #read(name: string, path: string): Promise<readonly [status: number, body: Json]> {
    const authorization = await credentialOf(await this.#market.signerOf(name))()
    const response = await fetch(`${this.#market.url}${path}`, { headers: { authorization } })
    return [response.status, (await response.json()) as Json]
  }
}
