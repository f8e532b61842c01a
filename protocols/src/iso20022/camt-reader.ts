import type { TextForm, XmlFields } from '../xml/index.ts'
import {
  type AccountEntry,
  type AccountMessage,
  type AccountReport,
  detailsMax,
  type EntryBatch,
  type EntryDetail,
  entriesMax,
  reportsMax,
} from './account-message.ts'
import { countForm, dateForm, foreignTextForm, timeForm } from './forms.ts'
import { accountOf, documentOf, eachOnce, idAt, moneyOf, timeOf } from './reading.ts'

/** Those in which the parts that are read here are alike. */
const versions = ['08', '09', '10', '11', '12', '13', '14'] as const

const bodies = {
  'camt.053.001': ['BkToCstmrStmt', ...versions],
  'camt.054.001': ['BkToCstmrDbtCdtNtfctn', ...versions],
} as const

/**
 * Reads a camt.053 or a camt.054 to plain records. What can be added up must add up: the lines of
 * a statement to its balances, the transfers of a line to its amount.
 *
 * @throws Fault XML_REFUSED and PAYMENT_MESSAGE_INVALID
 */
export function readAccountMessage(source: string | Uint8Array): AccountMessage {
  const { body, message } = documentOf(source, bodies)
  const header = body.one('GrpHdr')
  const page = header.maybe('MsgPgntn')
  const kind = message === 'camt.053.001' ? 'statement' : 'notification'
  const reports = body.all(kind === 'statement' ? 'Stmt' : 'Ntfctn', reportsMax)
  if (reports.length === 0) body.refuse('a report or more')
  const parts = page === undefined ? null : pageOf(page)
  const isWhole = parts === null || (parts.number === 1 && parts.isLast)
  const read = reports.map((report) => reportOf(report, isWhole))
  eachOnce(
    read.map(({ id }) => id),
    body,
    'Id',
  )
  return {
    kind,
    messageId: idAt(header.one('MsgId')),
    createdAtMs: timeOf(header.one('CreDtTm')),
    page: parts,
    reports: read,
  }
}

const pageOf = (page: XmlFields): { number: number; isLast: boolean } => ({
  number: Number(page.one('PgNb').text(countForm)),
  isLast: flag(page.one('LastPgInd')),
})

function reportOf(fields: XmlFields, isWhole: boolean): AccountReport {
  const entries = fields.all('Ntry', entriesMax).map(entryOf)
  eachOnce(
    entries.map(({ reference }) => reference),
    fields,
    'NtryRef',
  )
  const references = entries.flatMap(({ details }) => details.map((one) => one.bankReference))
  eachOnce(references, fields, 'AcctSvcrRef')
  const report = {
    id: idAt(fields.one('Id')),
    account: accountOf(fields.one('Acct')),
    openingMicros: balanceOf(fields, 'OPBD'),
    closingMicros: balanceOf(fields, 'CLBD'),
    entries,
  }
  // Of a message in parts each part has its own lines, and balances of the whole.
  if (isWhole && fields.maybe('StmtPgntn') === undefined) compareBalances(fields, report)
  return report
}

function compareBalances(fields: XmlFields, report: AccountReport): void {
  const { openingMicros, closingMicros, entries } = report
  if (openingMicros === null || closingMicros === null) return
  const moved = entries
    .filter(({ status }) => status === 'booked')
    .reduce((sum, { isCredit, amountMicros: one }) => sum + (isCredit ? one : -one), 0n)
  if (openingMicros + moved !== closingMicros) {
    fields.refuse('balances that differ by what was booked', `${fields.path}/Bal`)
  }
}

function balanceOf(fields: XmlFields, type: string): bigint | null {
  const found = fields
    .all('Bal', 100)
    .filter((balance) => balance.deep('Tp', 'CdOrPrtry', 'Cd')?.element.text === type)
  const [balance, another] = found
  if (balance === undefined) return null
  if (another !== undefined) balance.refuse(`one balance ${type}`)
  const { micros } = moneyOf(balance.one('Amt'))
  return isCredit(balance) ? micros : -micros
}

const statuses: Readonly<Record<string, AccountEntry['status']>> = {
  BOOK: 'booked',
  PDNG: 'pending',
  INFO: 'information',
  FUTR: 'future',
}

function entryOf(fields: XmlFields): AccountEntry {
  const { micros, currency } = moneyOf(fields.one('Amt'))
  const sign = isCredit(fields)
  const status = fields.one('Sts').one('Cd')
  const groups = fields.all('NtryDtls', detailsMax)
  const details = groups.flatMap((group) => {
    const found = group.all('TxDtls', detailsMax)
    const read = found.map((one) => detailOf(one, sign, currency))
    const count = group.deep('Btch', 'NbOfTxs')
    if (count !== undefined && read.length > 0) {
      if (Number(count.text(countForm)) !== read.length) count.refuse(`${read.length}`)
    }
    return read
  })
  const entry = {
    reference: idAt(fields.maybe('NtryRef')),
    bankReference: idAt(fields.maybe('AcctSvcrRef')),
    amountMicros: micros,
    currency,
    isCredit: sign,
    isReversal: flagAt(fields.maybe('RvslInd')),
    status: statuses[status.element.text] ?? status.refuse(Object.keys(statuses).join(', ')),
    bookedOn: dayOf(fields.maybe('BookgDt')),
    batch: batchOf(groups),
    details: soleAmount(details, micros),
  }
  compareDetails(fields, entry)
  return entry
}

/** One transfer behind a line is worth what the line says. */
const soleAmount = (details: readonly EntryDetail[], micros: bigint): readonly EntryDetail[] => {
  const [only, another] = details
  if (only === undefined || another !== undefined) return details
  return [{ ...only, amountMicros: only.amountMicros ?? micros }]
}

function compareDetails(
  fields: XmlFields,
  { details, isCredit, amountMicros }: AccountEntry,
): void {
  let sum = 0n
  for (const detail of details) {
    if (detail.amountMicros === null) return
    sum += detail.isCredit === isCredit ? detail.amountMicros : -detail.amountMicros
  }
  if (details.length > 0 && sum !== amountMicros) fields.refuse('the sum of its transfers')
}

function batchOf(groups: readonly XmlFields[]): EntryBatch | null {
  const [batch] = groups.flatMap((group) => group.all('Btch', 1))
  if (batch === undefined) return null
  const total = batch.maybe('TtlAmt')
  if (total !== undefined) moneyOf(total)
  const count = batch.maybe('NbOfTxs')
  return {
    messageId: idAt(batch.maybe('MsgId')),
    paymentId: idAt(batch.maybe('PmtInfId')),
    count: count === undefined ? null : Number(count.text(countForm)),
  }
}

function detailOf(fields: XmlFields, entryIsCredit: boolean, currency: string): EntryDetail {
  const amount = fields.maybe('Amt')
  const money = amount === undefined ? undefined : moneyOf(amount)
  // An amount in another currency was exchanged on its way: the line says what it was worth.
  const isSame = money?.currency === currency
  const refs = fields.maybe('Refs')
  const endToEndId = idAt(refs?.maybe('EndToEndId'))
  const parties = fields.maybe('RltdPties')
  const returned = fields.maybe('RtrInf')
  return {
    endToEndId: endToEndId === 'NOTPROVIDED' ? '' : endToEndId,
    messageId: idAt(refs?.maybe('MsgId')),
    paymentId: idAt(refs?.maybe('PmtInfId')),
    bankReference: idAt(refs?.maybe('AcctSvcrRef')),
    amountMicros: isSame ? (money?.micros ?? null) : null,
    isCredit: fields.maybe('CdtDbtInd') === undefined ? entryIsCredit : isCredit(fields),
    debtorAccount: accountAt(parties?.maybe('DbtrAcct')),
    creditorAccount: accountAt(parties?.maybe('CdtrAcct')),
    remittance: fields
      .all('RmtInf', 1)
      .flatMap((one) => one.all('Ustrd', 100))
      .map((one) => one.text(foreignTextForm))
      .join(' '),
    returnReason: returned === undefined ? '' : reasonOf(returned),
  }
}

const accountAt = (account: XmlFields | undefined): string =>
  account === undefined ? '' : accountOf(account)

const reasonForm: TextForm = { pattern: /^[A-Z0-9]{4}$/, limit: 'four of A-Z and 0-9' }

/** MS03: no reason given. */
const reasonOf = (returned: XmlFields): string =>
  returned.deep('Rsn', 'Cd')?.text(reasonForm) ?? 'MS03'

function isCredit(fields: XmlFields): boolean {
  const sign = fields.one('CdtDbtInd')
  if (sign.element.text === 'CRDT') return true
  return sign.element.text === 'DBIT' ? false : sign.refuse('CRDT or DBIT')
}

function flag(fields: XmlFields): boolean {
  const { text } = fields.element
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : fields.refuse('true or false')
}

const flagAt = (fields: XmlFields | undefined): boolean =>
  fields === undefined ? false : flag(fields)

function dayOf(fields: XmlFields | undefined): string {
  const day = fields?.maybe('Dt')
  if (day !== undefined) return day.text(dateForm)
  return fields?.maybe('DtTm')?.text(timeForm).slice(0, 10) ?? ''
}
