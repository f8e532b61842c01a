import { Fault } from '@busbar/core/errors'
import { bytesToUtf8 } from '@noble/ciphers/utils.js'
import { SaxesParser, type SaxesTagNS } from 'saxes'
import type { XmlElement } from './element.ts'
import { attributesMax, type XmlLimits } from './limits.ts'

type Open = {
  readonly tag: SaxesTagNS
  readonly children: XmlElement[]
  readonly texts: string[]
}

/**
 * Reads a document in the part of XML that messages about money need: elements, attributes and
 * text. Everything by which two readers could see two documents, or one could be made to work, is
 * refused: document types and with them entities, processing instructions, comments, CDATA, text
 * between elements, attributes of a namespace, an encoding other than UTF-8, and what is larger
 * than its limit.
 *
 * @throws Fault XML_REFUSED with `reason` and `line`
 */
export function parseXml(source: string | Uint8Array, limits: XmlLimits): XmlElement {
  const text = xmlText(source, limits)
  const parser = new SaxesParser({ xmlns: true, position: true })
  const open: Open[] = []
  let root: XmlElement | undefined
  let count = 0
  const refuse = (reason: string): never => {
    throw new Fault('XML_REFUSED', { reason, line: parser.line })
  }
  parser.on('error', (error) => refuse(error.message.replace(/^\d+:\d+: /, '').slice(0, 80)))
  parser.on('xmldecl', ({ encoding, version }) => {
    if (version !== '1.0') refuse('a version other than 1.0')
    if (encoding !== undefined && !/^utf-8$/i.test(encoding)) refuse('an encoding but UTF-8')
  })
  parser.on('doctype', () => refuse('a document type'))
  parser.on('processinginstruction', () => refuse('a processing instruction'))
  parser.on('comment', () => refuse('a comment'))
  parser.on('cdata', () => refuse('a CDATA section'))
  parser.on('opentag', (tag) => {
    count += 1
    if (count > limits.elementsMax) refuse(`more than ${limits.elementsMax} elements`)
    if (open.length >= limits.depthMax) refuse(`deeper than ${limits.depthMax} elements`)
    open.push({ tag, children: [], texts: [] })
  })
  parser.on('text', (part) => void open.at(-1)?.texts.push(part))
  parser.on('closetag', () => {
    const closed = open.pop()
    if (closed === undefined) return
    const element = elementOf(closed, refuse)
    const parent = open.at(-1)
    if (parent === undefined) root = element
    else parent.children.push(element)
  })
  parser.write(text).close()
  return root ?? refuse('no element')
}

/**
 * The text of a document, whatever it says.
 *
 * @throws Fault XML_REFUSED where it is larger than its limit or has no form in UTF-8
 */
export function xmlText(source: string | Uint8Array, { bytesMax }: XmlLimits): string {
  const refuse = (reason: string): never => {
    throw new Fault('XML_REFUSED', { reason, line: 1 })
  }
  if (source.length > bytesMax) return refuse(`more than ${bytesMax} bytes`)
  if (typeof source === 'string') {
    return source.isWellFormed() ? source : refuse('text that has no UTF-8 form')
  }
  // Bytes that are no UTF-8 are replaced by U+FFFD, which no message has a use for.
  const text = bytesToUtf8(source)
  return text.includes('\ufffd') ? refuse('bytes that are not UTF-8') : text
}

function elementOf({ tag, children, texts }: Open, refuse: (why: string) => never): XmlElement {
  const text = texts.join('')
  if (children.length > 0 && !/^[ \t\r\n]*$/.test(text)) refuse('text between elements')
  const attributes = new Map<string, string>()
  for (const { name, prefix, uri, value } of Object.values(tag.attributes)) {
    if (uri === namespaceOfNamespaces) continue
    if (prefix !== '') refuse(`the attribute ${name.slice(0, 40)} of a namespace`)
    attributes.set(name, value)
  }
  if (attributes.size > attributesMax) refuse(`more than ${attributesMax} attributes`)
  return {
    name: tag.local,
    namespace: tag.uri,
    prefix: tag.prefix,
    attributes,
    children,
    text: children.length > 0 ? '' : text,
  }
}

const namespaceOfNamespaces = 'http://www.w3.org/2000/xmlns/'
