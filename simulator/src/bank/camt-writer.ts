import { isIban } from '@busbar/protocols/iso20022'
import { elementsOf, type XmlElement, xmlFile } from '@busbar/protocols/xml'
import type { BookedEntry, DayBalances } from './account-entry.ts'

type Make = ReturnType<typeof elementsOf>

export type AccountOfMessage = {
  readonly account: string
  readonly currency: string
  readonly entries: readonly BookedEntry[]
}

/** A camt.054.001.08 with what was just booked, account by account. */
export function notificationXml(
  messageId: string,
  atMs: number,
  accounts: readonly AccountOfMessage[],
): string {
  const e = elementsOf('urn:iso:std:iso:20022:tech:xsd:camt.054.001.08')
  const reports = accounts.map(({ account, currency, entries }, i) =>
    e('Ntfctn', [
      e('Id', `${messageId}-${i + 1}`),
      e('CreDtTm', timeText(atMs)),
      accountElement(e, account, currency),
      ...entries.map((entry) => entryElement(e, entry)),
    ]),
  )
  return xmlFile(
    e('Document', [e('BkToCstmrDbtCdtNtfctn', [header(e, messageId, atMs), ...reports])]),
  )
}

/** A camt.053.001.08 with one day of one account. */
export function statementXml(
  messageId: string,
  atMs: number,
  day: string,
  { account, currency, entries }: AccountOfMessage,
  { openingCents, closingCents }: DayBalances,
): string {
  const e = elementsOf('urn:iso:std:iso:20022:tech:xsd:camt.053.001.08')
  const statement = e('Stmt', [
    e('Id', `${messageId}-1`),
    e('CreDtTm', timeText(atMs)),
    accountElement(e, account, currency),
    balanceElement(e, 'OPBD', openingCents, currency, day),
    balanceElement(e, 'CLBD', closingCents, currency, day),
    ...entries.map((entry) => entryElement(e, entry)),
  ])
  return xmlFile(e('Document', [e('BkToCstmrStmt', [header(e, messageId, atMs), statement])]))
}

const timeText = (ms: number): string => new Date(ms).toISOString()

const header = (e: Make, messageId: string, atMs: number): XmlElement =>
  e('GrpHdr', [e('MsgId', messageId), e('CreDtTm', timeText(atMs))])

const accountElement = (e: Make, account: string, currency: string): XmlElement =>
  e('Acct', [accountId(e, account), e('Ccy', currency)])

const accountId = (e: Make, account: string): XmlElement =>
  e('Id', [isIban(account) ? e('IBAN', account) : e('Othr', [e('Id', account)])])

function balanceElement(
  e: Make,
  type: string,
  cents: number,
  currency: string,
  day: string,
): XmlElement {
  return e('Bal', [
    e('Tp', [e('CdOrPrtry', [e('Cd', type)])]),
    amount(e, cents, currency),
    sign(e, cents),
    e('Dt', [e('Dt', day)]),
  ])
}

function entryElement(e: Make, entry: BookedEntry): XmlElement {
  const { cents, currency, number, atMs } = entry
  return e('Ntry', [
    e('NtryRef', String(number)),
    amount(e, cents, currency),
    sign(e, cents),
    e('Sts', [e('Cd', 'BOOK')]),
    e('BookgDt', [e('Dt', timeText(atMs).slice(0, 10))]),
    e('AcctSvcrRef', `BK${number}`),
    bankCode(e, entry),
    e('NtryDtls', [detailElement(e, entry)]),
  ])
}

function bankCode(e: Make, { cents, returnReason }: BookedEntry): XmlElement {
  const isReturn = returnReason !== ''
  const family = cents < 0 !== isReturn ? 'ICDT' : 'RCDT'
  const parts = [e('Cd', family), e('SubFmlyCd', isReturn ? 'RRTN' : 'ESCT')]
  return e('BkTxCd', [e('Domn', [e('Cd', 'PMNT'), e('Fmly', parts)])])
}

function detailElement(e: Make, entry: BookedEntry): XmlElement {
  const { cents, currency, messageId, paymentId, endToEndId, returnReason } = entry
  // Of a return the parties are those of the transfer that it takes back.
  const isOut = cents < 0 !== (returnReason !== '')
  const [party, account] = isOut ? ['Cdtr', 'CdtrAcct'] : ['Dbtr', 'DbtrAcct']
  return e('TxDtls', [
    e('Refs', [
      e('MsgId', messageId),
      e('AcctSvcrRef', `BK${entry.number}`),
      e('PmtInfId', paymentId),
      e('EndToEndId', endToEndId),
    ]),
    amount(e, cents, currency),
    sign(e, cents),
    e('RltdPties', [
      e(party ?? '', [e('Pty', [e('Nm', entry.counterpartyName)])]),
      e(account ?? '', [accountId(e, entry.counterparty)]),
    ]),
    entry.remittance === '' ? undefined : e('RmtInf', [e('Ustrd', entry.remittance)]),
    returnReason === '' ? undefined : e('RtrInf', [e('Rsn', [e('Cd', returnReason)])]),
  ])
}

function amount(e: Make, cents: number, currency: string): XmlElement {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return e('Amt', `${digits.slice(0, -2)}.${digits.slice(-2)}`, { Ccy: currency })
}

const sign = (e: Make, cents: number): XmlElement => e('CdtDbtInd', cents < 0 ? 'DBIT' : 'CRDT')
