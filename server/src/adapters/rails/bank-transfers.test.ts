/**
 * Goal: what retailers owe each other is paid once, by files that banks take; what a bank sends
 * back is told, and no file of a bank that does not fit changes anything.
 * Method: the bank's simulator in a process of its own, misbehaving in each way it can and dying as
 * it takes a file; folders as another way to a bank; and files that do not fit.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { readPain001 } from '@busbar/protocols/iso20022'
import type { TransferWord } from '../../app/ports/transfers.ts'
import { TestNetwork } from '../../testing/network-process.ts'
import { BankFolder, BankHttp, type BankLink } from './bank-link.ts'
import { BankTransfers } from './bank-transfers.ts'

const bank = new TestNetwork({ clock: 'market' })
const folder = mkdtempSync(join(tmpdir(), 'busbar-transfers-'))
const now = Date.UTC(2026, 2, 1, 12)

type AccountNow = { readonly account: string; readonly balanceCents: number }

const open = (account: string, more: object = {}): Promise<void> =>
  bank.tell('bank/accounts', { account, name: `of ${account}`, currency: 'EUR', ...more })

before(async () => {
  await bank.start()
  await bank.advance(now)
  for (const account of ['R-4', 'R-5', 'R-6']) await open(account)
})
after(async () => {
  await bank.remove()
  rmSync(folder, { recursive: true, force: true })
})

const link = (deadlineMs = 5_000): BankLink =>
  new BankHttp({ url: bank.url, bankKey: bank.bankKey, deadlineMs })

let worlds = 0

type Sent = { readonly debtor: number; readonly creditor: number; readonly amountMicros: bigint }

/** A market of its own, with ids of its own at the bank that all share. */
function newMarket(through: BankLink = link()) {
  worlds += 1
  const prefix = `W${worlds}`
  const transfers = new BankTransfers({
    prefix,
    currency: 'EUR',
    initiator: 'Market',
    bankOf: (account) =>
      account !== 7 ? { name: `Retailer ${account}`, account: `R-${account}` } : undefined,
    bank: through,
  })
  const sent: Sent[] = []
  const read = new Set<string>()
  const order = (...all: readonly Sent[]) => {
    const numbered = all.map((one, i) => ({ netting: sent.length + 1 + i, ...one }))
    sent.push(...all)
    return { batch: sent.length, atMs: now, transfers: numbered }
  }
  /** What is said that was not said before. */
  async function news(): Promise<{ words: TransferWord[]; findings: string[] }> {
    const files = await transfers.news((name) => read.has(name), (number) => sent[number - 1])
    for (const { name } of files) read.add(name)
    return {
      words: files.flatMap(({ words }) => words),
      findings: files.flatMap(({ name, findings }) => findings.map((one) => `${name}: ${one}`)),
    }
  }
  const paid = (netting: number): TransferWord => ({
    ...{ netting, state: 'paid', reference: `${prefix}-${netting}` },
  })
  return { transfers, order, news, paid, prefix }
}

const fourToFive = { debtor: 4, creditor: 5, amountMicros: 1_000_000n }

async function balances(): Promise<Readonly<Record<string, number>>> {
  const { accounts } = (await bank.ask('GET', 'bank/accounts')) as { accounts: AccountNow[] }
  return Object.fromEntries(accounts.map(({ account, balanceCents }) => [account, balanceCents]))
}

/** What came to each account since. */
async function changeSince(before: Readonly<Record<string, number>>): Promise<object> {
  const changes = Object.entries(await balances()).map(
    ([account, cents]) => [account, cents - (before[account] ?? 0)] as const,
  )
  return Object.fromEntries(changes.filter(([, cents]) => cents !== 0))
}

async function untilDone<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RAIL_UNAVAILABLE') throw error
      await wait(20)
    }
  }
}

describe('an order', () => {
  test('pays each transfer once, however often it is handed in', async () => {
    const { transfers, order, news, paid } = newMarket()
    const start = await balances()
    const both = order(fourToFive, { debtor: 6, creditor: 4, amountMicros: 20_000n })
    await transfers.order(both)
    await transfers.order(both)
    deepEqual((await news()).words, [paid(1), paid(2)])
    deepEqual(await changeSince(start), { 'R-4': -98, 'R-5': 100, 'R-6': -2 })
  })

  test('that a bank sends back, at once or later, is told with the reason', async () => {
    const { transfers, order, news, paid, prefix } = newMarket()
    await open('R-5', { isClosed: true })
    await transfers.order(order(fourToFive))
    const { words } = await news()
    const back = { netting: 1, state: 'returned', reference: `${prefix}-1/AC04` } as const
    deepEqual(words.at(-1), back)
    await open('R-5')
    await transfers.order(order(fourToFive))
    deepEqual((await news()).words, [paid(2)])
    await bank.tell('bank/returns', { endToEndId: `${prefix}-2`, reason: 'FOCR' })
    // The day ends: its statement says all of it again, in the same words.
    await bank.advance(now + 86_400_000)
    const later = (await news()).words.map(({ reference }) => reference)
    ok(later.includes(`${prefix}-2/FOCR`), later.join())
  })

  test('from or to who has no bank account is refused', async () => {
    const { transfers, order } = newMarket()
    const missing = order({ debtor: 4, creditor: 7, amountMicros: 10_000n })
    await rejects(transfers.order(missing), { code: 'RAIL_REFUSED', message: /account of 7/ })
  })
})

describe('retailers are paid once', () => {
  const faults = ['timeout', 'fail-before', 'fail-after', 'garbled'] as const
  const operations = ['takePayments', 'listFiles', 'readFile'] as const
  for (const operation of operations) {
    for (const fault of faults) {
      test(`when ${operation} meets ${fault}`, async () => {
        const through = link(fault === 'timeout' ? 400 : 5_000)
        const { transfers, order, news, paid } = newMarket(through)
        const start = await balances()
        const one = order(fourToFive)
        await bank.tell('misbehaviour', { kind: fault, what: operation })
        await untilDone(() => transfers.order(one))
        const said = await untilDone(news)
        said.words.push(...(await untilDone(news)).words)
        deepEqual(said.words, [paid(1)])
        deepEqual(await changeSince(start), { 'R-4': -100, 'R-5': 100 })
      })
    }
  }

  for (const fault of ['crash-before', 'crash-during', 'crash-after'] as const) {
    test(`when the bank dies, ${fault}, as it takes a file`, async () => {
      const { transfers, order, news, paid } = newMarket()
      const alive = bank.keepAlive()
      const start = await balances()
      const one = order(fourToFive)
      await bank.tell('misbehaviour', { kind: fault, what: 'takePayments' })
      await rejects(transfers.order(one), { code: 'RAIL_UNAVAILABLE' })
      await untilDone(() => transfers.order(one))
      deepEqual((await untilDone(news)).words, [paid(1)])
      deepEqual(await changeSince(start), { 'R-4': -100, 'R-5': 100 })
      equal(alive.deaths(), 1)
      alive.stop()
    })
  }
})

describe('files of a bank that do not fit', () => {
  const line = (id: string, amount: string, more = '', sign = 'DBIT') =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd>` +
    `<Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>` +
    `<Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd>${more}</TxDtls></NtryDtls></Ntry>`
  const message = (account: string, lines: string) =>
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>' +
    '<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T00:00:00Z</CreDtTm></GrpHdr><Ntfctn><Id>1</Id>' +
    `<Acct><Id><Othr><Id>${account}</Id></Othr></Id></Acct>${lines}</Ntfctn>` +
    '</BkToCstmrDbtCdtNtfctn></Document>'

  test('are found, and say nothing; the others are read', async () => {
    const own = join(folder, 'bank')
    const { transfers, order, news, paid, prefix } = newMarket(new BankFolder(own))
    await transfers.order(order(fourToFive, { debtor: 6, creditor: 5, amountMicros: 2_000_000n }))
    deepEqual(readdirSync(join(own, 'out')), [`${prefix}-F2.xml`])
    const { payments } = readPain001(readFileSync(join(own, 'out', `${prefix}-F2.xml`)))
    deepEqual(
      payments.flatMap(({ debtorAccount, transfers: all }) =>
        all.map((one) => `${debtorAccount} ${one.creditorAccount} ${one.amountMicros}`),
      ),
      ['R-4 R-5 1000000', 'R-6 R-5 2000000'],
    )
    const id = `${prefix}-1`
    const put = (name: string, text: string): void => writeFileSync(join(own, 'in', name), text)
    put('01.xml', message('R-4', line('E-1', '1.00')))
    put('02.xml', message('R-4', line(id, '1.01')))
    put('03.xml', message('R-4', line(id, '1.00', '', 'CRDT')))
    put('04.xml', message('R-5', line(id, '1.00', '', 'CRDT')))
    put('05.xml', message('R-4', line(id, '1.00').replace('BOOK', 'PDNG')))
    put('06.xml', message('R-4', line(id, '1.00').replace('1.00', '1.10')))
    put('07.xml', '<html/>')
    put('08.txt', 'no file of a bank')
    put('09.xml', message('R-4', line(id, '1.00')))
    const { words, findings } = await news()
    deepEqual(words, [paid(1)])
    deepEqual(
      findings.map((finding) => finding.slice(0, 40)),
      [
        '01.xml: E-1 is none of ours',
        `02.xml: ${id} has another amount`,
        `03.xml: ${id} came back without a reason`.slice(0, 40),
        '06.xml: PAYMENT_MESSAGE_INVALID: A payme',
        '07.xml: PAYMENT_MESSAGE_INVALID: A payme',
      ],
    )
  })
})

test('a bank that refuses a file says so, each time', async () => {
  const { transfers, order } = newMarket()
  const unknown = order({ debtor: 8, creditor: 5, amountMicros: 10_000n })
  for (const time of ['once', 'twice']) {
    await rejects(transfers.order(unknown), { code: 'RAIL_REFUSED' }, time)
  }
})
