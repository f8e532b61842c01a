import { Fault } from '@busbar/core/errors'
import { elementsOf, type XmlElement } from '../xml/index.ts'
import {
  centsForm,
  checked,
  code,
  countForm,
  currencyForm,
  nameForm,
  noteForm,
  timeText,
} from './forms.ts'
import {
  type BillBody,
  type BillMessage,
  type BillStatus,
  type BillTerms,
  billCodes,
  type NamedBill,
  type Share,
  sharesMax,
} from './message.ts'
import { messageId, messageNamespace } from './names.ts'

const e = elementsOf(messageNamespace)

/**
 * A message as an element, still without its signature.
 *
 * @throws Fault BILL_MESSAGE_INVALID naming the field
 */
export function messageElement(message: BillMessage): XmlElement {
  const head = e('Head', [
    name('MessageId', message.messageId),
    name('Sender', message.sender),
    name('Receiver', message.receiver),
    e('CreatedAt', timeText(message.createdAtMs, 'CreatedAt')),
  ])
  return e('BillMessage', [head, bodyElement(message.body)], { Id: messageId })
}

function bodyElement(body: BillBody): XmlElement {
  switch (body.kind) {
    case 'register-biller':
      return e('RegisterBiller', [name('Biller', body.biller), note('Name', body.name)])
    case 'present-bill':
      return e('PresentBill', termsElements(body.terms))
    case 'fetch-bill':
      return e('FetchBill', named(body))
    case 'cancel-bill':
      return e('CancelBill', [...named(body), note('Note', body.note)])
    case 'adjust-bill':
      return e('AdjustBill', [...named(body), ...amounts(body), note('Note', body.note)])
    case 'refund-bill':
      return e('RefundBill', [...named(body), ...amounts(body)])
    case 'pay-bill':
      return e('PayBill', [
        ...named(body),
        name('Payer', body.payer),
        cents('Amount', body.amountCents),
      ])
    case 'refuse-bill':
      return e('RefuseBill', [...named(body), name('Payer', body.payer)])
    case 'answer':
      if (!Object.hasOwn(billCodes, body.code)) {
        throw new Fault(code, { field: 'Code', limit: Object.keys(billCodes).join(', ') })
      }
      return e('Answer', [
        name('InReplyTo', body.inReplyTo),
        e('Code', body.code),
        body.status === null ? undefined : statusElement(body.status),
      ])
    case 'bill-paid':
      return e('BillPaid', [statusElement(body.status)])
    case 'bill-overdue':
      return e('BillOverdue', [statusElement(body.status)])
    case 'bill-closed':
      return e('BillClosed', [statusElement(body.status)])
    case 'bill-refunded':
      return e('BillRefunded', [statusElement(body.status)])
  }
}

function termsElements(terms: BillTerms): readonly XmlElement[] {
  if (terms.dueAtMs > terms.expiresAtMs) {
    throw new Fault(code, { field: 'ExpiresAt', limit: 'not before DueAt' })
  }
  return [
    ...named(terms),
    name('Payer', terms.payer),
    e('Currency', checked(terms.currency, currencyForm, 'Currency')),
    ...amounts(terms),
    e('DueAt', timeText(terms.dueAtMs, 'DueAt')),
    e('ExpiresAt', timeText(terms.expiresAtMs, 'ExpiresAt')),
    note('Note', terms.note),
  ]
}

const statusElement = (status: BillStatus): XmlElement =>
  e('Bill', [
    ...termsElements(status),
    e('State', status.state),
    e('Overdue', String(status.isOverdue)),
    e('Sequence', checked(String(status.sequence), countForm, 'Sequence')),
    status.payment === '' ? undefined : name('Payment', status.payment),
    status.paidAtMs === null ? undefined : e('PaidAt', timeText(status.paidAtMs, 'PaidAt')),
    e('Refunded', checked(status.refundedCents.toString(), countForm, 'Refunded')),
  ])

type Amounts = { readonly amountCents: bigint; readonly shares: readonly Share[] }

function amounts({ amountCents, shares }: Amounts): readonly XmlElement[] {
  const parties = new Set(shares.map(({ party }) => party))
  if (shares.length === 0 || shares.length > sharesMax || parties.size !== shares.length) {
    throw new Fault(code, { field: 'Share', limit: `1 to ${sharesMax}, each for another party` })
  }
  if (shares.reduce((sum, share) => sum + share.amountCents, 0n) !== amountCents) {
    throw new Fault(code, { field: 'Share', limit: 'shares that add up to the amount' })
  }
  return [
    cents('Amount', amountCents),
    ...shares.map((share) =>
      e('Share', [name('Party', share.party), cents('Amount', share.amountCents)]),
    ),
  ]
}

const named = ({ biller, bill }: NamedBill): readonly XmlElement[] => [
  name('Biller', biller),
  name('Bill', bill),
]

const name = (element: string, text: string): XmlElement =>
  e(element, checked(text, nameForm, element))

const note = (element: string, text: string): XmlElement =>
  e(element, checked(text, noteForm, element))

const cents = (element: string, value: bigint): XmlElement =>
  e(element, checked(value.toString(), centsForm, element))
