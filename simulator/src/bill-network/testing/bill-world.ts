/** The books of a bill network on disk, with everybody that a test needs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BillCode, BillTerms, NoticeKind } from '@busbar/protocols/bill-presentment'
import { SqlStore } from '../../services/sql-store.ts'
import { BillBook } from '../bill-book.ts'
import { Parties, type PayerHabit } from '../parties.ts'
import { schema } from '../schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-bills-'))
/** When all tests are over. */
export const removeWorlds = (): void => rmSync(folder, { recursive: true, force: true })
let worlds = 0

export type Write = Parameters<BillBook['write']>[2]

/** A market with a seller, a platform and payers of each habit; somebody else’s bank. */
export function newWorld() {
  worlds += 1
  const store = new SqlStore(join(folder, `${worlds}.sqlite`), schema)
  const parties = new Parties(store)
  const told: string[] = []
  const book = new BillBook(
    store,
    parties,
    (kind: NoticeKind, to, { sequence }) => void told.push(`${to} ${kind} ${sequence}`),
  )
  const admit = (name: string, pays: PayerHabit, creditCents: number | null = null, delayMs = 0) =>
    parties.put({ name, institution: 'market', pays, delayMs, creditCents })
  admit('seller', 'never')
  admit('platform', 'never')
  admit('prompt', 'at-once', null, 10)
  admit('late', 'late', null, 10)
  admit('never', 'never')
  admit('poor', 'at-once', 100)
  parties.put({ name: 'guest', institution: 'bank', pays: 'never', delayMs: 0, creditCents: null })
  let messages = 0
  const write = (body: Write, now = 1_000, institution = 'market'): BillCode => {
    messages += 1
    return store.transaction(() => book.write(institution, `m${messages}`, body, now))
  }
  const pass = (now: number): void => store.transaction(() => book.passTime(now))
  write({ kind: 'register-biller', biller: 'seller', name: 'Seller' })
  told.length = 0
  return { store, parties, book, told, write, pass, admit }
}

export const terms: BillTerms = {
  biller: 'seller',
  bill: 'b1',
  payer: 'never',
  currency: 'EUR',
  amountCents: 2_500n,
  shares: [
    { party: 'seller', amountCents: 2_450n },
    { party: 'platform', amountCents: 50n },
  ],
  dueAtMs: 2_000,
  expiresAtMs: 9_000,
  note: '',
}
