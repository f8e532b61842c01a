/**
 * Texts that no verifier may take, made of one message that was signed: wrapped signatures, other
 * algorithms, other spellings. Each verifier of signatures is held against all of them.
 */
import { elementsOf, canonicalXml } from '../../xml/index.ts'
import { envelopeText, signedInfoXmlOf, signedXmlOf } from '../envelope.ts'
import { algorithms, signatureNamespace } from '../names.ts'
import { messageElement } from '../write.ts'
import { evilMessage, sampleMessage } from './sample-messages.ts'

/** What an attacker may compute, and what only the owner of the key has signed. */
export type Forge = {
  /** The one text that the owner of the key has made, of `sampleMessage`. */
  readonly signed: string
  /** Base64. */
  readonly digest: (algorithm: 'sha256' | 'sha1', text: string) => string
  /** By a key of the attacker’s. */
  readonly signByOther: (algorithm: 'sha256' | 'sha1', text: string) => string
  /** With the public key as its secret. */
  readonly hmac: (text: string) => string
  /** By the key itself, where it was made to sign in another form. */
  readonly signByOwner: (algorithm: 'sha256' | 'sha1', text: string) => string
}

export type HostileEnvelope = readonly [what: string, text: string]

const between = (text: string, name: string): string =>
  new RegExp(`<${name}[ >][^]*</${name}>`).exec(text)?.[0] ?? ''

export function hostileEnvelopes(forge: Forge): readonly HostileEnvelope[] {
  return [
    ...wrapped(forge.signed),
    ...restructured(forge.signed),
    ...respelled(forge.signed),
    ...weak(forge),
  ]
}

/** The signature stays valid for what it covers; what is read would be something else. */
function wrapped(signed: string): readonly HostileEnvelope[] {
  const signature = between(signed, 'Signature')
  const evil = canonicalXml(messageElement(evilMessage))
  const evilHead = between(evil, 'Head')
  const evilBody = between(evil, 'Answer')
  const body = between(signed, 'Answer')
  const plain = signed.replace(signature, '')
  const into = (outer: string, inner: string): string =>
    outer.replace('</BillMessage>', `${inner}</BillMessage>`)
  const evilId = evil.replace('Id="message"', 'Id="evil"')
  const inObject = signature.replace('</Signature>', `<Object>${plain}</Object></Signature>`)
  const evilObject = signature.replace('</Signature>', `<Object>${evil}</Object></Signature>`)
  const bare = evil.replace(' Id="message"', '')
  return [
    ['evil around, the original in an object of the signature', into(evilId, inObject)],
    ['evil around without an Id, the original in an object', into(bare, inObject)],
    ['evil around with the same Id, the original in an object', into(evil, inObject)],
    ['evil in an object of the signature', signed.replace(signature, evilObject)],
    ['evil around, the original whole inside', into(evilId, signed)],
    ['evil around with the same Id, the original whole inside', into(evil, signed)],
    [
      'evil around, the original unsigned inside, its signature last',
      into(evilId, plain + signature),
    ],
    ['evil around, the signature last', into(evil, signature)],
    ['evil around, the signature first', evil.replace('<Head>', `${signature}<Head>`)],
    ['evil body after the original', signed.replace(body, body + evilBody)],
    ['evil body before the original', signed.replace(body, evilBody + body)],
    ['evil body instead of the original', signed.replace(body, evilBody)],
    ['evil body inside the original', signed.replace('<InReplyTo>', `${evilBody}<InReplyTo>`)],
    ['evil body inside the head', signed.replace('</Head>', `${evilBody}</Head>`)],
    ['evil body inside the signature', signed.replace('</Signature>', `${evilBody}</Signature>`)],
    ['evil body after the signature', into(signed, evilBody)],
    ['evil head before the original', signed.replace('<Head>', `${evilHead}<Head>`)],
    ['evil message before the original, in one element', `<Both>${evil}${signed}</Both>`],
    ['evil message after the original, in one element', `<Both>${signed}${evil}</Both>`],
    ['evil message as a sibling of the root', evil + signed],
    [
      'the Id moved to the head',
      into(evil.replace(' Id="message"', '').replace('<Head>', '<Head Id="message">'), signature),
    ],
    ['the Id twice', signed.replace('<Head>', '<Head Id="message">')],
    ['an ID of other letters', into(evil.replace('Id=', 'ID='), signature)],
    ['an id of other letters', into(evil.replace('Id=', 'id='), signature)],
    ['an Id of xml', into(evil.replace('Id=', 'xml:id='), signature)],
    ['an Id on the body', signed.replace('<Answer>', '<Answer Id="message">')],
    [
      'the signature inside the head',
      signed.replace(signature, '').replace('</Head>', `${signature}</Head>`),
    ],
    [
      'the signature inside the body',
      signed.replace(signature, '').replace('</Answer>', `${signature}</Answer>`),
    ],
    ['the signature twice', signed.replace(signature, signature + signature)],
    ['a signature in a signature', signed.replace('</Signature>', `${signature}</Signature>`)],
    ['no signature', plain],
  ]
}

/** The parts of the signature itself. */
function restructured(signed: string): readonly HostileEnvelope[] {
  const reference = between(signed, 'Reference')
  const info = between(signed, 'SignedInfo')
  const transform = (algorithm: string, inside = ''): string =>
    signed.replace(
      '</Transforms>',
      `<Transform Algorithm="${algorithm}">${inside}</Transform></Transforms>`,
    )
  const enveloped = `<Transform Algorithm="${algorithms.enveloped}"></Transform>`
  const canonical = `<Transform Algorithm="${algorithms.canonical}"></Transform>`
  const prefixes = `<InclusiveNamespaces xmlns="${algorithms.canonical}" PrefixList="a"/>`
  const modulus = '<Modulus>AQAB</Modulus><Exponent>AQAB</Exponent>'
  const certificate = '<X509Certificate>AQAB</X509Certificate>'
  const withKeyInfo = (inside: string): string =>
    signed.replace('</Signature>', `<KeyInfo>${inside}</KeyInfo></Signature>`)
  const xslt = '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
  return [
    ['a reference to everything', signed.replace('URI="#message"', 'URI=""')],
    ['a reference to something else', signed.replace('URI="#message"', 'URI="#evil"')],
    ['a reference without a target', signed.replace(' URI="#message"', '')],
    ['a reference by XPointer', signed.replace('#message', "#xpointer(id('message'))")],
    ['a reference to a file', signed.replace('#message', 'file:///etc/hostname')],
    [
      'a reference of a type',
      signed.replace(
        '<Reference ',
        '<Reference Type="http://www.w3.org/2000/09/xmldsig#Manifest" ',
      ),
    ],
    ['two references', signed.replace(reference, reference + reference)],
    [
      'a second reference to evil',
      signed.replace(reference, reference + reference.replace('#message', '#evil')),
    ],
    ['no reference', signed.replace(reference, '')],
    ['two infos', signed.replace(info, info + info)],
    ['an info in an info', signed.replace('<SignedInfo>', `<SignedInfo>${info}`)],
    ['no enveloped transform', signed.replace(enveloped, '')],
    ['no canonical transform', signed.replace(canonical, '')],
    ['transforms in another order', signed.replace(enveloped + canonical, canonical + enveloped)],
    [
      'a transform by XPath',
      transform('http://www.w3.org/TR/1999/REC-xpath-19991116', '<XPath>true()</XPath>'),
    ],
    ['a transform by XPath filter', transform('http://www.w3.org/2002/06/xmldsig-filter2')],
    ['a transform by XSLT', transform('http://www.w3.org/TR/1999/REC-xslt-19991116', xslt)],
    ['a transform by base64', transform('http://www.w3.org/2000/09/xmldsig#base64')],
    [
      'canonical with comments',
      signed.replaceAll(algorithms.canonical, `${algorithms.canonical}WithComments`),
    ],
    [
      'canonical with more namespaces',
      signed.replaceAll(algorithms.canonical, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
    ],
    ['prefixes to keep', signed.replace(canonical, canonical.replace('></', `>${prefixes}</`))],
    ['a key inside', withKeyInfo(`<KeyValue><RSAKeyValue>${modulus}</RSAKeyValue></KeyValue>`)],
    ['a certificate inside', withKeyInfo(`<X509Data>${certificate}</X509Data>`)],
    ['a name of a key inside', withKeyInfo('<KeyName>evil</KeyName>')],
    ['two digests', signed.replace(/<DigestValue>[^]*<\/DigestValue>/, (found) => found + found)],
    [
      'two values',
      signed.replace(/<SignatureValue>[^]*<\/SignatureValue>/, (found) => found + found),
    ],
    ['no value', signed.replace(/<SignatureValue>[^]*<\/SignatureValue>/, '')],
    [
      'an empty value',
      signed.replace(/<SignatureValue>[^]*<\/SignatureValue>/, '<SignatureValue></SignatureValue>'),
    ],
  ]
}

/** The same to one reader, perhaps another to the next. */
function respelled(signed: string): readonly HostileEnvelope[] {
  const doctype = '<!DOCTYPE BillMessage [<!ENTITY a "9999"><!ATTLIST Head Id CDATA "message">]>'
  const bomb = '<!DOCTYPE B [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
  return [
    ['a comment in the digest', signed.replace('<DigestValue>', '<DigestValue>AAAA<!-- -->')],
    ['a comment after the digest', signed.replace('</DigestValue>', '<!-- --></DigestValue>')],
    ['a comment in an amount', signed.replace('>2500<', '>2500<!-- -->00<')],
    ['a comment in a name', signed.replace('<Party>district.7<', '<Party>district.7<!-- -->0<')],
    ['a comment before the root', `<!-- -->${signed}`],
    ['an instruction', signed.replace('<Head>', '<?x y?><Head>')],
    ['a stylesheet', `<?xml-stylesheet href="x.xsl"?>${signed}`],
    ['CDATA', signed.replace('>2500<', '><![CDATA[2500]]><')],
    ['a document type with an Id of its own', doctype + signed],
    ['an entity as an amount', doctype + signed.replace('>2500<', '>&a;<')],
    ['entities that grow', bomb + signed.replace('>2500<', '>&c;<')],
    ['a declaration', `<?xml version="1.0" encoding="UTF-8"?>${signed}`],
    ['a line end after the root', `${signed}\n`],
    ['blanks between elements', signed.replace('<Head>', '\n <Head>')],
    ['a blank in a tag', signed.replace('<Head>', '<Head >')],
    ['an amount by the numbers of its letters', signed.replace('>2500<', '>25&#48;0<')],
    ['an attribute nobody knows', signed.replace('<Answer>', '<Answer x="1">')],
    ['an attribute on an amount', signed.replace('<Amount>2500', '<Amount currency="USD">2500')],
    ['a namespace of no use', signed.replace('<Head>', '<Head xmlns:a="urn:a">')],
    [
      'a namespace said again',
      signed.replace('<Head>', '<Head xmlns="urn:busbar:bill-presentment:1">'),
    ],
    ['a body of another namespace', signed.replace('<Answer>', '<Answer xmlns="urn:x">')],
    ['a signature by prefix', prefixed(signed)],
    ['attributes in other quotes', signed.replace('Id="message"', "Id='message'")],
    ['an empty element in short', signed.replaceAll(/><\/(?:Transform|DigestMethod)>/g, '/>')],
    ['a digest in two lines', signed.replace('<DigestValue>', '<DigestValue>\n')],
    ['a value in two lines', signed.replace('<SignatureValue>', '<SignatureValue>\n')],
    [
      'a digest with bits to spare',
      signed.replace(
        /(.)=<\/DigestValue>/,
        (_all, last: string) => `${spareBits(last)}=</DigestValue>`,
      ),
    ],
    ['half of it', signed.slice(0, Math.floor(signed.length * 0.5))],
    ['nothing', ''],
    ['an order mark', `\ufeff${signed}`],
  ]
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Base64 of 32 bytes ends in a letter of which two bits mean nothing. */
const spareBits = (letter: string): string => alphabet[alphabet.indexOf(letter) + 1] ?? 'B'

const prefixed = (signed: string): string => {
  const signature = between(signed, 'Signature')
  const inside = signature
    .replaceAll(/<(\/?)(\w)/g, '<$1ds:$2')
    .replace('<ds:Signature xmlns=', '<ds:Signature xmlns:ds=')
  return signed.replace(signature, inside)
}

/** Signed, but not by the owner of the key, not this, or not in this way. */
function weak(forge: Forge): readonly HostileEnvelope[] {
  const { signed, digest, signByOther, signByOwner, hmac } = forge
  const evilXml = signedXmlOf(evilMessage)
  const evilDigest = digest('sha256', evilXml)
  const ownInfo = signedInfoXmlOf(digest('sha256', signedXmlOf(sampleMessage)))
  const ownValue = /<SignatureValue>([^<]*)</.exec(signed)?.[1] ?? ''
  const withAlgorithm = (name: string, value: (info: string) => string, sha1 = false): string => {
    const ds = elementsOf(signatureNamespace)
    const xml = signedXmlOf(sampleMessage)
    let info = signedInfoXmlOf(digest(sha1 ? 'sha1' : 'sha256', xml))
    info = info.replace(algorithms.signature, name)
    if (sha1) info = info.replace(algorithms.digest, 'http://www.w3.org/2000/09/xmldsig#sha1')
    const inside = info.replace(` xmlns="${signatureNamespace}"`, '')
    const text = canonicalXml(ds('Signature', [ds('SignatureValue', value(info))]))
    return xml.replace(
      '</BillMessage>',
      `${text.replace('<SignatureValue>', `${inside}<SignatureValue>`)}</BillMessage>`,
    )
  }
  const sha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
  const flipped = ownValue.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  return [
    [
      'another key',
      envelopeText(
        sampleMessage,
        digest('sha256', signedXmlOf(sampleMessage)),
        signByOther('sha256', ownInfo),
      ),
    ],
    [
      'evil by another key',
      envelopeText(evilMessage, evilDigest, signByOther('sha256', signedInfoXmlOf(evilDigest))),
    ],
    ['evil with its digest and the old signature', envelopeText(evilMessage, evilDigest, ownValue)],
    [
      'evil with the old digest and signature',
      envelopeText(evilMessage, digest('sha256', signedXmlOf(sampleMessage)), ownValue),
    ],
    ['the digest of something else', envelopeText(sampleMessage, digest('sha256', 'x'), ownValue)],
    ['a signature with a letter changed', signed.replace(ownValue, flipped)],
    [
      'a signature of the message instead of its info',
      envelopeText(
        sampleMessage,
        digest('sha256', signedXmlOf(sampleMessage)),
        signByOwner('sha256', signedXmlOf(sampleMessage)),
      ),
    ],
    [
      'a signature by SHA-1, of the owner',
      withAlgorithm(sha1, (info) => signByOwner('sha1', info)),
    ],
    [
      'a digest by SHA-1, of the owner',
      withAlgorithm(algorithms.signature, (info) => signByOwner('sha256', info), true),
    ],
    [
      'a signature by SHA-1 that says SHA-256',
      envelopeText(
        sampleMessage,
        digest('sha256', signedXmlOf(sampleMessage)),
        signByOwner('sha1', ownInfo),
      ),
    ],
    [
      'a secret that everybody knows',
      withAlgorithm('http://www.w3.org/2000/09/xmldsig#hmac-sha1', hmac),
    ],
    [
      'a secret that everybody knows, by SHA-256',
      withAlgorithm('http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', hmac),
    ],
    ['no algorithm', withAlgorithm('', () => ownValue)],
    ['an algorithm nobody knows', withAlgorithm('urn:none', () => ownValue)],
  ]
}
