/**
 * Goal: what a bank has booked is read as it is meant: which way money went, what was returned or
 * taken back, which transfers stand behind a line; and a message that does not add up is refused.
 * Method: recorded messages that the schemas of ISO 20022 accept, with the records they are, and a
 * table of changed ones with the field that is named.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { readAccountMessage } from './index.ts'
import { notificationXml, statementXml } from './testing/messages.ts'

const none = { messageId: '', paymentId: '', bankReference: '' }
const unsaid = { debtorAccount: '', creditorAccount: '', remittance: '', returnReason: '' }

test('a notification with a debit, a batch, a return and a reversal', () => {
  const read = readAccountMessage(notificationXml)
  const [report] = read.reports
  deepEqual(
    { ...read, reports: [{ ...report, entries: report?.entries.length }] },
    {
      kind: 'notification',
      messageId: 'N-77',
      createdAtMs: Date.UTC(2026, 2, 2, 8, 30),
      page: { number: 1, isLast: true },
      reports: [
        {
          id: 'N-77-1',
          account: 'DE89370400440532013000',
          openingMicros: null,
          closingMicros: null,
          entries: 4,
        },
      ],
    },
  )
  const line = { currency: 'EUR', bankReference: '', isReversal: false, batch: null }
  deepEqual(report?.entries, [
    {
      ...line,
      reference: '1',
      bankReference: 'B-1',
      amountMicros: 1_234_560_000n,
      isCredit: false,
      status: 'booked',
      bookedOn: '2026-03-02',
      details: [
        {
          endToEndId: 'NET-2026-03-01-1-4-5',
          messageId: 'NET-2026-03-01-1',
          paymentId: 'NET-2026-03-01-1-4',
          bankReference: 'B-1',
          amountMicros: 1_234_560_000n,
          isCredit: false,
          debtorAccount: '',
          creditorAccount: 'FR1420041010050500013M02606',
          remittance: 'Net of energy trades',
          returnReason: '',
        },
      ],
    },
    {
      ...line,
      reference: '2',
      amountMicros: 30_000_000n,
      isCredit: false,
      status: 'booked',
      bookedOn: '2026-03-02',
      batch: { messageId: 'M-2', paymentId: 'P-2', count: 2 },
      details: [
        { ...none, ...unsaid, endToEndId: 'E-1', amountMicros: 10_005_000n, isCredit: false },
        { ...none, ...unsaid, endToEndId: '', amountMicros: 19_995_000n, isCredit: false },
      ],
    },
    {
      ...line,
      reference: '3',
      amountMicros: 10_000n,
      isCredit: true,
      status: 'booked',
      bookedOn: '',
      details: [
        {
          ...none,
          ...unsaid,
          endToEndId: 'NET-2026-03-01-1-4-6',
          amountMicros: 10_000n,
          isCredit: true,
          returnReason: 'AC04',
        },
      ],
    },
    {
      ...line,
      reference: '4',
      amountMicros: 5_000_000n,
      isCredit: false,
      isReversal: true,
      status: 'pending',
      bookedOn: '',
      details: [
        { ...none, ...unsaid, endToEndId: 'E-9', amountMicros: 5_000_000n, isCredit: false },
      ],
    },
  ])
})

test('a statement with balances, read by its prefix', () => {
  const { kind, page, reports } = readAccountMessage(statementXml)
  const [report] = reports
  deepEqual([kind, page, report?.account], ['statement', null, '0012-345/67'])
  deepEqual([report?.openingMicros, report?.closingMicros], [-2_500_000n, 7_500_000n])
  deepEqual(
    report?.entries.map(({ status }) => status),
    ['booked', 'pending'],
  )
})

test('parts of a message have the balances of the whole', () => {
  const part = statementXml
    .replace(
      '</s:CreDtTm>',
      '</s:CreDtTm><s:MsgPgntn><s:PgNb>2</s:PgNb><s:LastPgInd>false</s:LastPgInd></s:MsgPgntn>',
    )
    .replace('>7.50<', '>8.50<')
  deepEqual(readAccountMessage(part).page, { number: 2, isLast: false })
})

test('every version from 08 on', () => {
  for (const version of ['08', '09', '10', '11', '12', '13', '14']) {
    const xml = notificationXml.replace('camt.054.001.08', `camt.054.001.${version}`)
    equal(readAccountMessage(xml).messageId, 'N-77')
  }
})

const repeated = (xml: string, part: RegExp): string => xml.replace(part, (found) => found + found)

const refused: readonly (readonly [string, string, RegExp])[] = [
  [
    'a line that is not the sum of its transfers',
    notificationXml.replace('10.005', '10.006'),
    /Ntry\[2\]/,
  ],
  ['a batch of another count', notificationXml.replace('<NbOfTxs>2', '<NbOfTxs>3'), /NbOfTxs/],
  ['balances that do not add up', statementXml.replace('>7.50<', '>7.51<'), /Bal/],
  ['two opening balances', statementXml.replace('CLBD', 'OPBD'), /Bal/],
  ['a line twice', repeated(notificationXml, /<Ntry><NtryRef>3[^]*?<\/Ntry>/), /NtryRef/],
  [
    'a transfer twice',
    notificationXml.replace(
      '<Refs><EndToEndId>E-9',
      '<Refs><AcctSvcrRef>B-1</AcctSvcrRef><EndToEndId>E-9',
    ),
    /AcctSvcrRef/,
  ],
  ['a report twice', repeated(notificationXml, /<Ntfctn>[^]*<\/Ntfctn>/), /Id/],
  ['a sign of neither side', notificationXml.replace('>DBIT<', '>BOTH<'), /CdtDbtInd/],
  ['two signs', repeated(notificationXml, /<CdtDbtInd>DBIT<\/CdtDbtInd>/), /CdtDbtInd/],
  [
    'no sign',
    notificationXml.replace('<CdtDbtInd>DBIT</CdtDbtInd>\n    <Sts>', '<Sts>'),
    /CdtDbtInd/,
  ],
  ['an amount with a comma', notificationXml.replace('>1234.56<', '>1234,56<'), /Amt/],
  [
    'an amount with six digits behind the point',
    notificationXml.replace('>1234.56<', '>1234.560000<'),
    /Amt/,
  ],
  ['an amount of an element', notificationXml.replace('>1234.56<', '><x/><'), /Amt/],
  ['a status nobody knows', notificationXml.replace('>BOOK<', '>MAYBE<'), /Sts/],
  [
    'a reversal that may be',
    notificationXml.replace('>true</RvslInd>', '>yes</RvslInd>'),
    /RvslInd/,
  ],
  ['a return for no known reason', notificationXml.replace('>AC04<', '>because<'), /Rsn/],
  ['an id of 36 characters', notificationXml.replace('>E-9<', `>${'E'.repeat(36)}<`), /EndToEndId/],
  ['no account', notificationXml.replace(/<Acct>[^]*?<\/Acct>/, ''), /Acct/],
  ['no report', notificationXml.replace(/<Ntfctn>[^]*<\/Ntfctn>/, ''), /BkToCstmrDbtCdtNtfctn/],
  ['an old version', notificationXml.replace('camt.054.001.08', 'camt.054.001.02'), /Document/],
  ['another message', notificationXml.replace('camt.054.001.08', 'camt.052.001.08'), /Document/],
  [
    'a line of another namespace',
    notificationXml.replace('<Ntry>', '<Ntry xmlns="urn:x">'),
    /Ntry/,
  ],
  [
    'a message of transfers',
    notificationXml.replace('camt.054.001.08', 'pain.001.001.09'),
    /Document/,
  ],
  ['an entity', `<!DOCTYPE a [<!ENTITY e "1">]>${notificationXml.slice(39)}`, /document type/],
]

describe('what is refused', () => {
  for (const [what, xml, field] of refused) {
    test(what, () =>
      throws(
        () => readAccountMessage(xml),
        (error: unknown) =>
          error instanceof Fault && field.test(String(error.details.field ?? error.details.reason)),
      ),
    )
  }
})

test('what others add to a message in a namespace of their own does not matter', () => {
  const more = '<SplmtryData><Envlp><x xmlns="urn:x">1</x></Envlp></SplmtryData>'
  const xml = notificationXml.replace('</BkToCstmrDbtCdtNtfctn>', `${more}</BkToCstmrDbtCdtNtfctn>`)
  deepEqual(readAccountMessage(xml), readAccountMessage(notificationXml))
})
