import type { TextForm, XmlFields } from '../xml/index.ts'
import { amountMicros } from './amounts.ts'
import {
  type CreditPayment,
  type CreditTransfer,
  type CreditTransferFile,
  transfersMax,
} from './credit-transfer.ts'
import { countForm, dateForm, idForm, nameForm, remittanceForm, sumForm } from './forms.ts'
import { accountOf, documentOf, eachOnce, moneyOf, timeOf } from './reading.ts'

/**
 * Reads a pain.001.001.09, as a bank does that takes it: counts and sums must be those of the
 * transfers, the currency is one, and no id names two things.
 *
 * @throws Fault XML_REFUSED and PAYMENT_MESSAGE_INVALID
 */
export function readPain001(source: string | Uint8Array): CreditTransferFile {
  const { body } = documentOf(source, { 'pain.001.001': ['CstmrCdtTrfInitn', '09'] })
  const header = body.one('GrpHdr')
  const currencies = new Set<string>()
  const read = body.all('PmtInf', transfersMax).map((fields) => paymentOf(fields, currencies))
  if (read.length === 0) body.refuse('present', 'PmtInf')
  const transfers = read.flatMap((payment) => payment.transfers)
  if (transfers.length > transfersMax) body.refuse(`at most ${transfersMax}`, 'NbOfTxs')
  compareCounts(header, transfers)
  eachOnce(
    read.map(({ paymentId }) => paymentId),
    body,
    'PmtInfId',
  )
  eachOnce(
    transfers.map(({ endToEndId }) => endToEndId),
    body,
    'EndToEndId',
  )
  const [currency = '', another] = currencies
  if (another !== undefined) body.refuse(`all in ${currency}`, 'Ccy')
  return {
    messageId: header.one('MsgId').text(idForm),
    createdAtMs: timeOf(header.one('CreDtTm')),
    initiator: header.one('InitgPty').one('Nm').text(nameForm),
    currency,
    payments: read,
  }
}

const transferMethod: TextForm = { pattern: /^TRF$/, limit: 'TRF' }

function paymentOf(fields: XmlFields, currencies: Set<string>): CreditPayment {
  const transfers = fields
    .all('CdtTrfTxInf', transfersMax)
    .map((transfer) => transferOf(transfer, currencies))
  if (transfers.length === 0) fields.refuse('a transfer or more')
  compareCounts(fields, transfers)
  fields.one('PmtMtd').text(transferMethod)
  return {
    paymentId: fields.one('PmtInfId').text(idForm),
    executionDate: fields.one('ReqdExctnDt').one('Dt').text(dateForm),
    debtorName: fields.one('Dbtr').one('Nm').text(nameForm),
    debtorAccount: accountOf(fields.one('DbtrAcct')),
    transfers,
  }
}

function transferOf(fields: XmlFields, currencies: Set<string>): CreditTransfer {
  const amount = fields.one('Amt').one('InstdAmt')
  const { micros, currency } = moneyOf(amount)
  if (micros === 0n) amount.refuse('an amount above zero')
  currencies.add(currency)
  const remittance = fields.deep('RmtInf', 'Ustrd')
  return {
    endToEndId: fields.one('PmtId').one('EndToEndId').text(idForm),
    amountMicros: micros,
    creditorName: fields.one('Cdtr').one('Nm').text(nameForm),
    creditorAccount: accountOf(fields.one('CdtrAcct')),
    remittance: remittance?.text(remittanceForm) ?? '',
  }
}

/** A file that lost or won a line on its way does not have the sum that it announced. */
function compareCounts(fields: XmlFields, transfers: readonly CreditTransfer[]): void {
  const count = fields.one('NbOfTxs')
  if (Number(count.text(countForm)) !== transfers.length) {
    count.refuse(`${transfers.length}, which is how many there are`)
  }
  const sum = fields.one('CtrlSum')
  const total = transfers.reduce((all, { amountMicros: one }) => all + one, 0n)
  if (amountMicros(sum.text(sumForm)) !== total) sum.refuse('the sum of the transfers')
}
