/**
 * Goal: a document means one thing or is refused, and what is written is read back as it was.
 * Method: a table of hostile and broken documents with what is said of each, any tree of elements
 * written and read again, and its spelling compared with itself. Replay with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import {
  canonicalXml,
  elementsOf,
  fileLimits,
  messageLimits,
  parseXml,
  type XmlElement,
  xmlFile,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const small = { bytesMax: 2_000, depthMax: 4, elementsMax: 20 }

const isRefused =
  (why: RegExp) =>
  (error: unknown): boolean =>
    error instanceof Fault && error.code === 'XML_REFUSED' && why.test(String(error.details.reason))

const bomb =
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;">]>' +
  '<a>&d;</a>'

const refused: readonly (readonly [what: string, document: string, why: RegExp])[] = [
  ['entities that grow', bomb, /document type/],
  [
    'a file of the machine',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    /document type/,
  ],
  ['a type without entities', '<!DOCTYPE a><a/>', /document type/],
  ['a type from elsewhere', '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>', /document type/],
  ['an entity nobody declared', '<a>&x;</a>', /undefined entity/],
  ['an instruction before', '<?xml-stylesheet href="a.xsl"?><a/>', /processing instruction/],
  ['an instruction inside', '<a><?php echo 1 ?></a>', /processing instruction/],
  ['a comment inside', '<a>12<!-- -->34</a>', /comment/],
  ['a comment after', '<a/><!-- -->', /comment/],
  ['CDATA', '<a><![CDATA[1]]></a>', /CDATA/],
  ['text between elements', '<a><b/>1<b/></a>', /text between/],
  ['text before elements', '<a>1<b/></a>', /text between/],
  ['an attribute of a namespace', '<a xml:lang="en"/>', /of a namespace/],
  ['a prefix nobody declared', '<b:a/>', /unbound namespace prefix/],
  ['another encoding', '<?xml version="1.0" encoding="UTF-16"?><a/>', /encoding/],
  ['another version', '<?xml version="1.1"?><a/>', /version/],
  ['two roots', '<a/><b/>', /text data outside of root|documents may contain only one root/],
  ['text after the root', '<a/>1', /outside of root/],
  ['nothing', '', /root element/],
  ['an element that stays open', '<a><b></a>', /unexpected close tag|unclosed tag/i],
  ['an attribute twice', '<a b="1" b="2"/>', /duplicate attribute/],
  [
    'an attribute twice by two prefixes',
    '<a xmlns:x="u" xmlns:y="u" x:b="1" y:b="2"/>',
    /dup|namespace/,
  ],
  ['an attribute without quotes', '<a b=1/>', /unquoted|attribute value/],
  ['< in an attribute', '<a b="<"/>', /<|disallowed/],
  ['a character that is none', '<a>&#0;</a>', /malformed character/],
  ['a control character', '<a>\u0001</a>', /disallowed character/],
  ['too deep', '<a><a><a><a><a/></a></a></a></a>', /deeper than 4/],
  ['too many', `<a>${'<b/>'.repeat(20)}</a>`, /more than 20 elements/],
  ['too large', `<a>${'b'.repeat(2_000)}</a>`, /more than 2000 bytes/],
  [
    'too many attributes',
    `<a ${[...'bcdefghij'].map((name) => `${name}="1"`).join(' ')}/>`,
    /more than 8 attributes/,
  ],
  ['half a pair', '<a>\ud800</a>', /no UTF-8/],
]

describe('what is refused', () => {
  for (const [what, document, why] of refused) {
    test(what, () => throws(() => parseXml(document, small), isRefused(why)))
  }
  test('bytes that are not UTF-8', () => {
    const bytes = Uint8Array.of(0x3c, 0x61, 0x3e, 0xc0, 0xaf, 0x3c, 0x2f, 0x61, 0x3e)
    throws(() => parseXml(bytes, small), isRefused(/not UTF-8/))
  })
  test('a name with a prefix is not written', () => {
    const read = parseXml('<b:a xmlns:b="u"/>', small)
    deepEqual([read.name, read.namespace], ['a', 'u'])
    throws(() => canonicalXml(read), isRefused(/prefix/))
  })
  test('a character that XML cannot carry is not written', () => {
    throws(() => canonicalXml(elementsOf('')('a', '\u0000')), isRefused(/cannot carry/))
  })
})

describe('what is read', () => {
  test('blanks between elements are nothing, blanks in text are text', () => {
    const read = parseXml('<a>\n  <b> 1 </b>\n</a>\n', small)
    deepEqual([read.text, read.children.map(({ text }) => text)], ['', [' 1 ']])
  })
  test('a namespace goes on until another begins, by default or by prefix', () => {
    const read = parseXml('<a xmlns="u"><b/><x:c xmlns:x="v"><d/></x:c></a>', small)
    const [b, c] = read.children
    const names = [read.namespace, b?.namespace, c?.namespace, c?.children[0]?.namespace]
    deepEqual(names, ['u', 'u', 'v', 'u'])
  })
  test('the five entities and numbers of characters', () => {
    equal(parseXml('<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x42;</a>', small).text, '<>&"\'AB')
  })
  test('bytes as text', () => {
    const bytes = new TextEncoder().encode('<?xml version="1.0" encoding="utf-8"?><a>é€😀</a>')
    equal(parseXml(bytes, small).text, 'é€😀')
  })
})

const name = fc.constantFrom('a', 'b', 'Sum', 'x-1')
const words = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]/gu, ''))
const { tree } = fc.letrec<{ tree: XmlElement }>((tie) => ({
  tree: fc
    .record({
      name,
      namespace: fc.constantFrom('', 'urn:one', 'urn:two&"<'),
      attributes: fc.dictionary(name, words, { maxKeys: 3 }),
      content: fc.oneof(
        { maxDepth: 4 },
        words,
        fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      ),
    })
    .map(({ namespace, name, content, attributes }) =>
      elementsOf(namespace)(name, content, attributes),
    ),
}))

test('what is written is read back, and has one spelling', () => {
  fc.assert(
    fc.property(tree, (element) => {
      const text = canonicalXml(element)
      const read = parseXml(text, messageLimits)
      deepEqual(plain(read), plain(element))
      equal(canonicalXml(read), text)
      deepEqual(plain(parseXml(xmlFile(element), fileLimits)), plain(element))
    }),
    { ...replay, numRuns: 500 },
  )
})

/** Attributes have no order. */
const plain = (element: XmlElement): object => ({
  ...element,
  attributes: Object.fromEntries(element.attributes),
  children: element.children.map(plain),
})
