import { fileLimits, parseXml, XmlFields } from '../xml/index.ts'
import { amountMicros } from './amounts.ts'
import {
  accountForm,
  amountForm,
  code,
  currencyForm,
  foreignIdForm,
  isIban,
  timeForm,
} from './forms.ts'

export type Document = { readonly body: XmlFields; readonly version: string }

/**
 * The body of a document of one of the messages, by the name that their schema gives it.
 *
 * @throws Fault XML_REFUSED, and PAYMENT_MESSAGE_INVALID for another message or version
 */
export function documentOf(
  source: string | Uint8Array,
  messages: Readonly<Record<string, readonly string[]>>,
): Document & { readonly message: string } {
  const root = parseXml(source, fileLimits)
  const fields = new XmlFields(root, code)
  const match = /^urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3}\.\d{3})\.(\d\d)$/.exec(
    root.namespace,
  )
  const [, message = '', version = ''] = match ?? []
  const bodies = messages[message]
  if (root.name !== 'Document' || bodies === undefined) {
    return fields.refuse(`a Document of ${Object.keys(messages).join(' or ')}`)
  }
  const [bodyName = '', ...versions] = bodies
  if (!versions.includes(version)) {
    return fields.refuse(`${message} in one of the versions ${versions.join(', ')}`)
  }
  fields.ownNamespace(root.namespace, ['SplmtryData'])
  return { body: fields.one(bodyName), message, version }
}

/** An amount above zero with its currency. */
export function moneyOf(fields: XmlFields): { micros: bigint; currency: string } {
  const currency = fields.attribute('Ccy', currencyForm)
  return { micros: amountMicros(fields.text(amountForm)), currency }
}

/** `Id/IBAN` or `Id/Othr/Id` of an account. */
export function accountOf(account: XmlFields): string {
  const id = account.one('Id')
  const iban = id.maybe('IBAN')
  if (iban === undefined) return id.one('Othr').one('Id').text(accountForm)
  const text = iban.text(accountForm)
  return isIban(text) ? text : iban.refuse('an IBAN whose check digits are right')
}

export const idAt = (fields: XmlFields | undefined): string => fields?.text(foreignIdForm) ?? ''

/** Milliseconds; a time that names no zone is read as UTC. */
export function timeOf(fields: XmlFields): number {
  const text = fields.text(timeForm)
  const ms = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? fields.refuse(timeForm.limit) : ms
}

/** @throws Fault PAYMENT_MESSAGE_INVALID where an id that is not empty stands twice */
export function eachOnce(ids: readonly string[], fields: XmlFields, name: string): void {
  const named = ids.filter((id) => id !== '')
  if (new Set(named).size !== named.length) fields.refuse('each id once', `${fields.path}/${name}`)
}
