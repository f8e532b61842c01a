/**
 * Goal: a file of transfers says exactly what is to be paid, and a bank that reads it sees no more
 * and no less; what cannot be said in cents or in ids of 35 characters is refused, not bent.
 * Method: a recorded file that the schema of ISO 20022 accepts, any file written and read again,
 * and tables of what is refused by the writer and of files that were changed on their way. Replay
 * with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import {
  amountMicros,
  amountText,
  type CreditTransfer,
  type CreditTransferFile,
  isIban,
  readPain001,
  writePain001,
} from './index.ts'
import { nettingFile, nettingXml } from './testing/messages.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const names =
  (field: RegExp) =>
  (error: unknown): boolean =>
    error instanceof Fault &&
    (error.code === 'PAYMENT_MESSAGE_INVALID' || error.code === 'XML_REFUSED') &&
    field.test(String(error.details.field ?? error.details.reason))

/** Blanks between elements are for people. */
const joined = (xml: string): string => xml.replaceAll('>\n<', '><').replace('?><', '?>\n<')

test('the recorded file is written, byte for byte, and read', () => {
  equal(writePain001(nettingFile), `${joined(nettingXml).trimEnd()}\n`)
  deepEqual(readPain001(nettingXml), nettingFile)
})

const [payment = fail()] = nettingFile.payments
const [transfer = fail()] = payment.transfers

function fail(): never {
  throw new Error('the recorded file has a payment with a transfer')
}

const withTransfer = (change: Partial<CreditTransfer>): CreditTransferFile => ({
  ...nettingFile,
  payments: [{ ...payment, transfers: [{ ...transfer, ...change }] }],
})

const notWritten: readonly (readonly [string, CreditTransferFile, RegExp])[] = [
  ['half a cent', withTransfer({ amountMicros: 1_005_000n }), /InstdAmt/],
  ['a micro', withTransfer({ amountMicros: 1n }), /InstdAmt/],
  ['nothing', withTransfer({ amountMicros: 0n }), /InstdAmt|CtrlSum/],
  ['less than nothing', withTransfer({ amountMicros: -10_000n }), /InstdAmt|CtrlSum/],
  ['more than 13 digits', withTransfer({ amountMicros: 10n ** 19n }), /InstdAmt|CtrlSum/],
  ['an id of 36 characters', withTransfer({ endToEndId: 'x'.repeat(36) }), /EndToEndId/],
  ['an id with a blank', withTransfer({ endToEndId: 'a b' }), /EndToEndId/],
  ['an id with a slash at its end', withTransfer({ endToEndId: 'a/' }), /EndToEndId/],
  ['an id with two slashes', withTransfer({ endToEndId: 'a//b' }), /EndToEndId/],
  ['an id of letters elsewhere', withTransfer({ endToEndId: 'ä' }), /EndToEndId/],
  ['a name with an element in it', withTransfer({ creditorName: 'B<Ccy/>' }), /Cdtr/],
  ['a name of 71 characters', withTransfer({ creditorName: 'x'.repeat(71) }), /Cdtr/],
  ['a line end in a remittance', withTransfer({ remittance: 'a\nb' }), /Ustrd/],
  ['an account of 35 characters', withTransfer({ creditorAccount: 'x'.repeat(35) }), /CdtrAcct/],
  [
    'two transfers of one id',
    { ...nettingFile, payments: [{ ...payment, transfers: [transfer, transfer] }] },
    /EndToEndId/,
  ],
  ['two payments of one id', { ...nettingFile, payments: [payment, payment] }, /PmtInfId/],
  ['no payment', { ...nettingFile, payments: [] }, /NbOfTxs/],
  [
    'a payment of nothing',
    { ...nettingFile, payments: [payment, { ...payment, paymentId: 'X', transfers: [] }] },
    /X/,
  ],
  ['a currency in small letters', { ...nettingFile, currency: 'eur' }, /Ccy/],
  [
    'a day that is none',
    { ...nettingFile, payments: [{ ...payment, executionDate: '2026-13-01' }] },
    /ReqdExctnDt/,
  ],
  ['a time that is none', { ...nettingFile, createdAtMs: Number.NaN }, /CreDtTm/],
]

describe('what is not written', () => {
  for (const [what, file, field] of notWritten) {
    test(what, () => throws(() => writePain001(file), names(field)))
  }
})

const transferXml = /<CdtTrfTxInf>[^]*?<\/CdtTrfTxInf>/

const changed: readonly (readonly [string, string, RegExp])[] = [
  ['a line was lost', nettingXml.replace(transferXml, ''), /NbOfTxs/],
  [
    'a line was added',
    nettingXml.replace(transferXml, (line) => `${line}${line.replaceAll('4-5<', '4-7<')}`),
    /NbOfTxs/,
  ],
  ['an amount was raised', nettingXml.replace('1234.56<', '1234.66<'), /CtrlSum/],
  ['a sum was raised', nettingXml.replace('1234.57<', '1234.58<'), /CtrlSum/],
  [
    'a second amount in a line',
    nettingXml.replace('<Amt>', '<Amt><InstdAmt Ccy="EUR">1</InstdAmt></Amt><Amt>'),
    /Amt/,
  ],
  [
    'a second amount inside',
    nettingXml.replace('<InstdAmt', '<InstdAmt Ccy="EUR">1</InstdAmt><InstdAmt'),
    /InstdAmt/,
  ],
  ['one id for two', nettingXml.replace('4-6<', '4-5<'), /EndToEndId/],
  ['an amount of nothing', nettingXml.replace('1234.56<', '0.00<'), /InstdAmt/],
  ['an amount below nothing', nettingXml.replace('1234.56<', '-1234.56<'), /InstdAmt/],
  ['an amount in words of a computer', nettingXml.replace('1234.56<', '1.23456E3<'), /InstdAmt/],
  ['two currencies', nettingXml.replace('"EUR">0.01', '"USD">0.01'), /Ccy/],
  ['no currency', nettingXml.replace(' Ccy="EUR"', ''), /Ccy/],
  [
    'an IBAN with a digit changed',
    nettingXml.replace('DE89370400440532013000', 'DE89370400440532013001'),
    /IBAN/,
  ],
  ['a check instead of a transfer', nettingXml.replace('>TRF<', '>CHK<'), /PmtMtd/],
  ['no payment', nettingXml.replace(/<PmtInf>[^]*<\/PmtInf>/, ''), /PmtInf|NbOfTxs/],
  ['another version', nettingXml.replace('pain.001.001.09', 'pain.001.001.03'), /Document/],
  ['another message', nettingXml.replace('pain.001.001.09', 'camt.054.001.09'), /Document/],
  ['no namespace', nettingXml.replace(/ xmlns="[^"]*"/, ''), /Document/],
  [
    'an amount of another namespace',
    nettingXml.replace('<InstdAmt', '<InstdAmt xmlns="urn:x"'),
    /InstdAmt/,
  ],
  ['another root', nettingXml.replaceAll('Document', 'Dokument'), /Dokument/],
  [
    'a document type',
    nettingXml.replace('<Document', '<!DOCTYPE Document><Document'),
    /document type/,
  ],
  ['an amount split by a comment', nettingXml.replace('1234.56<', '12<!-- -->34.56<'), /comment/],
]

describe('what is not taken', () => {
  for (const [what, xml, field] of changed) {
    test(what, () => throws(() => readPain001(xml), names(field)))
  }
})

const id = fc.stringMatching(/^[A-Za-z0-9:().,'+-]{1,35}$/)
const words = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9 /?.,'+-]{0,40}[A-Za-z0-9])?$/)
const account = fc.constantFrom('DE89370400440532013000', 'GB29NWBK60161331926819', 'acct 3', '77')
const cents = fc.bigInt({ min: 1n, max: 10n ** 11n }).map((value) => value * 10_000n)
const plain = { noNullPrototype: true }
const anyTransfer: fc.Arbitrary<CreditTransfer> = fc.record(
  {
    endToEndId: id,
    amountMicros: cents,
    creditorName: words,
    creditorAccount: account,
    remittance: words,
  },
  plain,
)
const anyFile: fc.Arbitrary<CreditTransferFile> = fc.record(
  {
    messageId: id,
    createdAtMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    initiator: words,
    currency: fc.constantFrom('EUR', 'INR', 'USD'),
    payments: fc.uniqueArray(
      fc.record(
        {
          paymentId: id,
          executionDate: fc.constantFrom('2026-03-01', '2027-12-31'),
          debtorName: words,
          debtorAccount: account,
          transfers: fc.array(anyTransfer, { minLength: 1, maxLength: 4 }),
        },
        plain,
      ),
      { minLength: 1, maxLength: 4, selector: ({ paymentId }) => paymentId },
    ),
  },
  plain,
)

test('a bank reads what was written, whatever it is', () => {
  const distinct = anyFile.filter(({ payments }) => {
    const ids = payments.flatMap(({ transfers }) => transfers.map(({ endToEndId }) => endToEndId))
    return new Set(ids).size === ids.length
  })
  fc.assert(
    fc.property(distinct, (file) => {
      const written = writePain001(file)
      deepEqual(readPain001(written), file)
      equal(writePain001(readPain001(written)), written)
    }),
    { ...replay, numRuns: 200 },
  )
})

test('an amount is its text, and its text the amount', () => {
  equal(amountText(12_340_000n, ''), '12.34')
  equal(amountText(10_000n, ''), '0.01')
  equal(amountMicros('0.00001'), 10n)
  equal(amountMicros('7'), 7_000_000n)
  fc.assert(
    fc.property(cents, (micros) => equal(amountMicros(amountText(micros, '')), micros)),
    replay,
  )
})

test('an IBAN has the right check digits', () => {
  for (const iban of ['DE89370400440532013000', 'GB29NWBK60161331926819']) equal(isIban(iban), true)
  for (const text of [
    'DE88370400440532013000',
    'de89370400440532013000',
    'DE89',
    '',
    '0012-345/67',
  ]) {
    equal(isIban(text), false, text)
  }
})
