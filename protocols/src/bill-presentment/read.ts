import { type XmlElement, XmlFields } from '../xml/index.ts'
import {
  centsForm,
  code,
  countForm,
  currencyForm,
  flagForm,
  nameForm,
  noteForm,
  timeIn,
} from './forms.ts'
import {
  type BillBody,
  type BillCode,
  type BillMessage,
  type BillStatus,
  billStates,
  type BillTerms,
  billCodes,
  type Share,
  sharesMax,
} from './message.ts'
import { messageId, messageNamespace } from './names.ts'

/**
 * Reads a message from its element, which has no signature any more. Every part is known, stands
 * once and has its form: a part that we do not know could change what the sender meant.
 *
 * @throws Fault BILL_MESSAGE_INVALID naming the field
 */
export function messageOf(element: XmlElement): BillMessage {
  const fields = new XmlFields(element, code)
  fields.ownNamespace(messageNamespace)
  for (const child of element.children) withoutAttributes(child, fields)
  if (element.name !== 'BillMessage') fields.refuse('BillMessage')
  if (element.attributes.get('Id') !== messageId) fields.refuse(messageId, 'BillMessage@Id')
  const [, body, another] = element.children
  if (body === undefined || another !== undefined) fields.refuse('a Head and one body')
  fields.only(['Head', body?.name ?? ''], ['Id'])
  const head = fields.one('Head')
  head.only(['MessageId', 'Sender', 'Receiver', 'CreatedAt'])
  return {
    messageId: nameIn(head, 'MessageId'),
    sender: nameIn(head, 'Sender'),
    receiver: nameIn(head, 'Receiver'),
    createdAtMs: timeIn(head.one('CreatedAt')),
    body: bodyOf(fields.one(body?.name ?? '')),
  }
}

function withoutAttributes({ name, attributes, children }: XmlElement, fields: XmlFields): void {
  if (attributes.size > 0) fields.refuse('without attributes', name.slice(0, 40))
  for (const child of children) withoutAttributes(child, fields)
}

function bodyOf(body: XmlFields): BillBody {
  switch (body.element.name) {
    case 'RegisterBiller':
      body.only(['Biller', 'Name'])
      return { kind: 'register-biller', biller: nameIn(body, 'Biller'), name: noteIn(body, 'Name') }
    case 'PresentBill':
      body.only(termsFields)
      return { kind: 'present-bill', terms: termsIn(body) }
    case 'FetchBill':
      body.only(billFields)
      return { kind: 'fetch-bill', ...namedIn(body) }
    case 'CancelBill':
      body.only([...billFields, 'Note'])
      return { kind: 'cancel-bill', ...namedIn(body), note: noteIn(body, 'Note') }
    case 'AdjustBill':
      body.only([...billFields, ...amountFields, 'Note'])
      return {
        kind: 'adjust-bill',
        ...namedIn(body),
        ...amountsIn(body),
        note: noteIn(body, 'Note'),
      }
    case 'RefundBill':
      body.only([...billFields, ...amountFields])
      return { kind: 'refund-bill', ...namedIn(body), ...amountsIn(body) }
    case 'PayBill':
      body.only([...billFields, 'Payer', 'Amount'])
      return {
        kind: 'pay-bill',
        ...namedIn(body),
        payer: nameIn(body, 'Payer'),
        amountCents: centsIn(body, 'Amount'),
      }
    case 'RefuseBill':
      body.only([...billFields, 'Payer'])
      return { kind: 'refuse-bill', ...namedIn(body), payer: nameIn(body, 'Payer') }
    default:
      return wordOf(body)
  }
}

/** What only the network says. */
function wordOf(body: XmlFields): BillBody {
  const status = (): BillStatus => {
    body.only(['Bill'])
    return statusIn(body.one('Bill'))
  }
  switch (body.element.name) {
    case 'Answer': {
      body.only(['InReplyTo', 'Code', 'Bill'])
      const bill = body.maybe('Bill')
      return {
        kind: 'answer',
        inReplyTo: nameIn(body, 'InReplyTo'),
        code: codeIn(body.one('Code')),
        status: bill === undefined ? null : statusIn(bill),
      }
    }
    case 'BillPaid':
      return { kind: 'bill-paid', status: status() }
    case 'BillOverdue':
      return { kind: 'bill-overdue', status: status() }
    case 'BillClosed':
      return { kind: 'bill-closed', status: status() }
    case 'BillRefunded':
      return { kind: 'bill-refunded', status: status() }
    default:
      return body.refuse('a body of the bill network')
  }
}

const billFields = ['Biller', 'Bill'] as const
const amountFields = ['Amount', 'Share'] as const
const termsFields = [
  ...billFields,
  'Payer',
  'Currency',
  ...amountFields,
  'DueAt',
  'ExpiresAt',
  'Note',
] as const

function termsIn(fields: XmlFields): BillTerms {
  const terms = {
    ...namedIn(fields),
    payer: nameIn(fields, 'Payer'),
    currency: fields.one('Currency').text(currencyForm),
    ...amountsIn(fields),
    dueAtMs: timeIn(fields.one('DueAt')),
    expiresAtMs: timeIn(fields.one('ExpiresAt')),
    note: noteIn(fields, 'Note'),
  }
  if (terms.expiresAtMs < terms.dueAtMs) fields.one('ExpiresAt').refuse('not before DueAt')
  return terms
}

function statusIn(fields: XmlFields): BillStatus {
  const more = ['State', 'Overdue', 'Sequence', 'Payment', 'PaidAt', 'Refunded']
  fields.only([...termsFields, ...more])
  const state = fields.one('State')
  const paidAt = fields.maybe('PaidAt')
  return {
    ...termsIn(fields),
    state:
      billStates.find((one) => one === state.element.text) ?? state.refuse(billStates.join(', ')),
    isOverdue: fields.one('Overdue').text(flagForm) === 'true',
    sequence: Number(fields.one('Sequence').text(countForm)),
    payment: fields.maybe('Payment')?.text(nameForm) ?? '',
    paidAtMs: paidAt === undefined ? null : timeIn(paidAt),
    refundedCents: BigInt(fields.one('Refunded').text(countForm)),
  }
}

function amountsIn(fields: XmlFields): { amountCents: bigint; shares: readonly Share[] } {
  const amountCents = centsIn(fields, 'Amount')
  const shares = fields.all('Share', sharesMax).map((share) => {
    share.only(['Party', 'Amount'])
    return { party: nameIn(share, 'Party'), amountCents: centsIn(share, 'Amount') }
  })
  const place = `${fields.path}/Share`
  const parties = new Set(shares.map(({ party }) => party))
  if (parties.size !== shares.length) fields.refuse('each for another party', place)
  if (shares.reduce((sum, share) => sum + share.amountCents, 0n) !== amountCents) {
    fields.refuse('shares that add up to the amount', place)
  }
  return { amountCents, shares }
}

const namedIn = (fields: XmlFields): { biller: string; bill: string } => ({
  biller: nameIn(fields, 'Biller'),
  bill: nameIn(fields, 'Bill'),
})

const nameIn = (fields: XmlFields, name: string): string => fields.one(name).text(nameForm)
const noteIn = (fields: XmlFields, name: string): string => fields.one(name).text(noteForm)
const centsIn = (fields: XmlFields, name: string): bigint =>
  BigInt(fields.one(name).text(centsForm))

function codeIn(fields: XmlFields): BillCode {
  const { text } = fields.element
  const isCode = (word: string): word is BillCode => Object.hasOwn(billCodes, word)
  return isCode(text) ? text : fields.refuse(Object.keys(billCodes).join(', '))
}
