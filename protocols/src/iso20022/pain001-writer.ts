import { Fault } from '@busbar/core/errors'
import { elementsOf, type XmlElement, xmlFile } from '../xml/index.ts'
import { amountText } from './amounts.ts'
import {
  type CreditPayment,
  type CreditTransfer,
  type CreditTransferFile,
  namespace,
  transfersMax,
} from './credit-transfer.ts'
import {
  accountForm,
  checked,
  code,
  currencyForm,
  dateForm,
  idForm,
  isIban,
  nameForm,
  remittanceForm,
} from './forms.ts'

const e = elementsOf(namespace)

/**
 * A CustomerCreditTransferInitiation, pain.001.001.09. The same file gives the same bytes.
 *
 * @throws Fault PAYMENT_MESSAGE_INVALID for what a bank would refuse, and for ids that name two
 * things and amounts that are not whole cents
 */
export function writePain001(file: CreditTransferFile): string {
  const transfers = file.payments.flatMap((payment) => payment.transfers)
  if (transfers.length === 0 || transfers.length > transfersMax) {
    throw new Fault(code, { field: 'NbOfTxs', limit: `1 to ${transfersMax}` })
  }
  checked(file.currency, currencyForm, 'Ccy')
  unique(
    file.payments.map(({ paymentId }) => paymentId),
    'PmtInfId',
  )
  unique(
    transfers.map(({ endToEndId }) => endToEndId),
    'EndToEndId',
  )
  // First, so that what is wrong is said of the transfer and not of a sum.
  const payments = file.payments.map((payment) => paymentElement(payment, file.currency))
  const header = e('GrpHdr', [
    e('MsgId', checked(file.messageId, idForm, 'MsgId')),
    e('CreDtTm', timeText(file.createdAtMs)),
    ...counted(transfers),
    e('InitgPty', [e('Nm', checked(file.initiator, nameForm, 'InitgPty'))]),
  ])
  return xmlFile(e('Document', [e('CstmrCdtTrfInitn', [header, ...payments])]))
}

function paymentElement(payment: CreditPayment, currency: string): XmlElement {
  if (payment.transfers.length === 0) {
    throw new Fault(code, { field: payment.paymentId.slice(0, 35), limit: 'a transfer or more' })
  }
  const transfers = payment.transfers.map((transfer) => transferElement(transfer, currency))
  return e('PmtInf', [
    e('PmtInfId', checked(payment.paymentId, idForm, 'PmtInfId')),
    e('PmtMtd', 'TRF'),
    // One line for each transfer on the statement of the debtor.
    e('BtchBookg', 'false'),
    ...counted(payment.transfers),
    e('ReqdExctnDt', [e('Dt', checked(payment.executionDate, dateForm, 'ReqdExctnDt'))]),
    e('Dbtr', [e('Nm', checked(payment.debtorName, nameForm, 'Dbtr'))]),
    e('DbtrAcct', [accountElement(payment.debtorAccount, 'DbtrAcct')]),
    e('DbtrAgt', [e('FinInstnId', [e('Othr', [e('Id', 'NOTPROVIDED')])])]),
    e('ChrgBr', 'SLEV'),
    ...transfers,
  ])
}

function transferElement(transfer: CreditTransfer, currency: string): XmlElement {
  const amount = amountText(transfer.amountMicros, `InstdAmt of ${transfer.endToEndId}`)
  return e('CdtTrfTxInf', [
    e('PmtId', [e('EndToEndId', checked(transfer.endToEndId, idForm, 'EndToEndId'))]),
    e('Amt', [e('InstdAmt', amount, { Ccy: currency })]),
    e('Cdtr', [e('Nm', checked(transfer.creditorName, nameForm, 'Cdtr'))]),
    e('CdtrAcct', [accountElement(transfer.creditorAccount, 'CdtrAcct')]),
    e('RmtInf', [e('Ustrd', checked(transfer.remittance, remittanceForm, 'Ustrd'))]),
  ])
}

function counted(transfers: readonly CreditTransfer[]): readonly XmlElement[] {
  const sum = transfers.reduce((total, { amountMicros }) => total + amountMicros, 0n)
  return [e('NbOfTxs', String(transfers.length)), e('CtrlSum', amountText(sum, 'CtrlSum'))]
}

function accountElement(account: string, field: string): XmlElement {
  if (isIban(account)) return e('Id', [e('IBAN', account)])
  return e('Id', [e('Othr', [e('Id', checked(account, accountForm, field))])])
}

function timeText(ms: number): string {
  if (Number.isSafeInteger(ms) && Math.abs(ms) < 2 ** 47) return new Date(ms).toISOString()
  throw new Fault(code, { field: 'CreDtTm', limit: 'milliseconds of a time', value: ms })
}

function unique(ids: readonly string[], field: string): void {
  if (new Set(ids).size !== ids.length) throw new Fault(code, { field, limit: 'each id once' })
}
