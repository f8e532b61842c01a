/**
 * Goal: a bank that books each file of transfers once, tells all of it, and whose messages say
 * exactly what its accounts hold.
 * Method: files by the market's own writer, messages read by the market's own reader, stories of
 * transfers that arrive and that come back, and balances compared with statements. Any files, in a
 * property. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import {
  type AccountMessage,
  type CreditTransferFile,
  readAccountMessage,
  writePain001,
} from '@busbar/protocols/iso20022'
import fc from 'fast-check'
import { BankBook } from './bank-book.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const folder = mkdtempSync(join(tmpdir(), 'busbar-bank-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let banks = 0

const iban = 'DE89370400440532013000'
const day = Date.UTC(2026, 2, 2)
const noon = day + 12 * 3_600_000

function newBank(): BankBook {
  banks += 1
  const bank = new BankBook(join(folder, String(banks)))
  const open = (account: string, more: object = {}): void =>
    bank.putAccount({
      ...{ account, name: `of ${account}`, currency: 'EUR', creditCents: null, isClosed: false },
      ...more,
    })
  open(iban)
  open('0002')
  open('0003', { creditCents: 500 })
  open('0004', { isClosed: true })
  open('0005', { currency: 'USD' })
  return bank
}

type Line = readonly [id: string, from: string, to: string, cents: number]

function file(messageId: string, lines: readonly Line[]): string {
  const debtors = [...new Set(lines.map(([, from]) => from))]
  const made: CreditTransferFile = {
    messageId,
    createdAtMs: noon,
    initiator: 'Market',
    currency: 'EUR',
    payments: debtors.map((debtor) => ({
      paymentId: `${messageId}-${debtor.slice(-4)}`,
      executionDate: '2026-03-02',
      debtorName: `of ${debtor}`,
      debtorAccount: debtor,
      transfers: lines
        .filter(([, from]) => from === debtor)
        .map(([endToEndId, , to, cents]) => ({
          endToEndId,
          amountMicros: BigInt(cents) * 10_000n,
          creditorName: `of ${to}`,
          creditorAccount: to,
          remittance: 'Net',
        })),
    })),
  }
  return writePain001(made)
}

const messages = (bank: BankBook): readonly AccountMessage[] =>
  bank.files(0).map(({ number }) => readAccountMessage(bank.file(number) ?? ''))

const lines = ({ reports }: AccountMessage): readonly string[] =>
  reports.flatMap(({ account, entries }) =>
    entries.map(({ amountMicros, isCredit, details: [detail] }) => {
      const sign = isCredit ? '+' : '-'
      const reason = detail?.returnReason === '' ? '' : ` ${detail?.returnReason}`
      return `${account} ${sign}${amountMicros / 10_000n} ${detail?.endToEndId}${reason}`
    }),
  )

describe('a file of transfers', () => {
  test('is booked once, and told to both sides', () => {
    const bank = newBank()
    const xml = file('M1', [['e1', iban, '0002', 1_234]])
    deepEqual(bank.take(xml, noon), { kind: 'taken', messageId: 'M1' })
    deepEqual(bank.take(xml, noon + 1), { kind: 'taken', messageId: 'M1' })
    deepEqual(messages(bank).map(lines), [['0002 +1234 e1', `${iban} -1234 e1`]])
    const [message] = messages(bank)
    const detail = message?.reports[1]?.entries[0]?.details[0]
    deepEqual(
      [detail?.messageId, detail?.paymentId, detail?.creditorAccount, detail?.remittance],
      ['M1', 'M1-3000', '0002', 'Net'],
    )
    bank.close()
  })

  test('of the same id and other content is not', () => {
    const bank = newBank()
    bank.take(file('M1', [['e1', iban, '0002', 1_234]]), noon)
    deepEqual(bank.take(file('M1', [['e1', iban, '0002', 1_235]]), noon), { kind: 'exists' })
    equal(messages(bank).length, 1)
    bank.close()
  })

  test('is refused whole where it breaks its form or names no account to debit', () => {
    const bank = newBank()
    const xml = file('M1', [['e1', iban, '0002', 1_234]])
    equal(bank.take(xml.replace('12.34<', '12.35<'), noon).kind, 'refused')
    for (const from of ['9999', '0005']) {
      equal(
        bank.take(
          file('M2', [
            ['e1', iban, '0002', 1],
            ['e2', from, '0002', 1],
          ]),
          noon,
        ).kind,
        'refused',
      )
    }
    deepEqual(bank.files(0), [])
    bank.close()
  })

  const returns: readonly (readonly [string, Line, string])[] = [
    ['to an account that is not there', ['e1', iban, '9999', 7], 'AC01'],
    ['to an account in another currency', ['e1', iban, '0005', 7], 'AC01'],
    ['to an account that was closed', ['e1', iban, '0004', 7], 'AC04'],
    ['without the money', ['e1', '0003', '0002', 501], 'AM04'],
  ]
  for (const [what, line, reason] of returns) {
    test(`comes back ${what}`, () => {
      const bank = newBank()
      bank.take(file('M1', [line]), noon)
      const [, from, , cents] = line
      deepEqual(messages(bank).map(lines), [
        [`${from} -${cents} e1`, `${from} +${cents} e1 ${reason}`],
      ])
      ok(bank.accounts().every(({ balanceCents }) => balanceCents === 0))
      bank.close()
    })
  }

  test('can be given back by who got it', () => {
    const bank = newBank()
    bank.take(file('M1', [['e1', iban, '0002', 7]]), noon)
    equal(bank.giveBack('e1', 'FOCR', noon), true)
    equal(bank.giveBack('e1', 'FOCR', noon), false)
    equal(bank.giveBack('e2', 'FOCR', noon), false)
    deepEqual(messages(bank).map(lines)[1], ['0002 -7 e1 FOCR', `${iban} +7 e1 FOCR`])
    bank.close()
  })
})

test('statements of any files are what was booked, balance after balance', () => {
  const account = fc.constantFrom(iban, '0002', '0003')
  const line = fc.tuple(
    account,
    fc.constantFrom(iban, '0002', '0003', '0004', '9999'),
    fc.integer({ min: 1, max: 900 }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { maxLength: 6 }),
      (files) => {
        const bank = newBank()
        files.forEach((all, i) => {
          const xml = file(
            `M${i}`,
            all.map(([from, to, cents], j) => [`e${i}-${j}`, from, to, cents]),
          )
          equal(bank.take(xml, noon + i * 40_000_000).kind, 'taken')
        })
        bank.passTime(noon + 10 * 86_400_000)
        bank.passTime(noon + 11 * 86_400_000)
        const closing = new Map<string, bigint>()
        const told = messages(bank)
        for (const { reports } of told.filter(({ kind }) => kind === 'statement')) {
          for (const { account: own, openingMicros, closingMicros } of reports) {
            equal(openingMicros, closing.get(own) ?? 0n)
            closing.set(own, closingMicros ?? 0n)
          }
        }
        for (const { account: own, balanceCents } of bank.accounts()) {
          equal(closing.get(own) ?? 0n, BigInt(balanceCents) * 10_000n)
        }
        const linesOf = (kind: string): readonly string[] =>
          told
            .filter((one) => one.kind === kind)
            .flatMap(lines)
            .toSorted()
        deepEqual(linesOf('statement'), linesOf('notification'))
        equal(
          bank.accounts().reduce((sum, { balanceCents }) => sum + balanceCents, 0),
          0,
        )
        bank.close()
      },
    ),
    { ...replay, numRuns: 40 },
  )
})
