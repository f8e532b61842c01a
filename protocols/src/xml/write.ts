import { assert, Fault } from '@busbar/core/errors'
import type { XmlElement } from './element.ts'

/** Makes elements of one namespace: of text, or of other elements with the absent ones left out. */
export const elementsOf =
  (namespace: string) =>
  (
    name: string,
    content: string | readonly (XmlElement | undefined)[],
    attributes: Readonly<Record<string, string>> = {},
  ): XmlElement => ({
    name,
    namespace,
    prefix: '',
    attributes: new Map(Object.entries(attributes)),
    children: typeof content === 'string' ? [] : content.filter((child) => child !== undefined),
    text: typeof content === 'string' ? content : '',
  })

/**
 * An element in its one spelling: exclusive canonical XML (https://www.w3.org/TR/xml-exc-c14n/) of
 * what `parseXml` takes, where no name has a prefix. A namespace is declared where it begins, and
 * attributes stand in the order of their names.
 *
 * @throws Fault XML_REFUSED for a name with a prefix and for characters that XML cannot carry
 */
export function canonicalXml(element: XmlElement): string {
  const parts: string[] = []
  write(element, '', parts)
  return parts.join('')
}

/** A file of its own: with the declaration that others expect, and a line end. */
export const xmlFile = (element: XmlElement): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${canonicalXml(element)}\n`

function write(element: XmlElement, inherited: string, parts: string[]): void {
  const { name, namespace, prefix, attributes, children, text } = element
  if (prefix !== '') throw new Fault('XML_REFUSED', { reason: 'a prefix', line: 1 })
  assert(children.length === 0 || text === '', 'an element holds elements or text')
  parts.push('<', name)
  if (namespace !== inherited) parts.push(' xmlns="', attributeText(namespace), '"')
  const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, value] of sorted) parts.push(' ', key, '="', attributeText(value), '"')
  parts.push('>')
  for (const child of children) write(child, namespace, parts)
  parts.push(plainText(text), '</', name, '>')
}

/** https://www.w3.org/TR/xml/#charsets, without the pairs of which only half is there. */
const unfit = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

function checked(text: string): string {
  if (unfit.test(text)) {
    throw new Fault('XML_REFUSED', { reason: 'a character that XML cannot carry', line: 1 })
  }
  return text
}

const plainText = (text: string): string =>
  checked(text).replace(/[&<>\r]/g, (found) => inText[found] ?? found)

const attributeText = (text: string): string =>
  checked(text).replace(/[&<"\t\n\r]/g, (found) => inAttributes[found] ?? found)

const inText: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#xD;',
}

const inAttributes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}
