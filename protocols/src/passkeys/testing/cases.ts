/**
 * What a device, a browser or a liar may send for one digest, and whose it is: for every judge of
 * passkeys, in whatever language. Those that are right are right for the host that they name.
 */
import { p256 } from '@noble/curves/nist.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes, textToBytes } from '../../hash/index.ts'
import { base64Url, clientDataMax } from '../index.ts'
import { type AskedFor, TestDevice } from './index.ts'

export type PasskeyCase = {
  readonly name: string
  readonly signature: Uint8Array
  /** The host of the passkey that it is right for; null for what is nobody's word. */
  readonly host: 'busbar.example' | 'localhost' | null
}

type Asked = readonly [name: string, asked: Partial<AskedFor>]

const local = { origin: 'http://localhost:4173', host: 'localhost' }
const label63 = 'a'.repeat(63)
const longHost = (length: number): string =>
  `${[label63, label63, label63, label63].join('.').slice(0, length - 2)}.b`

const right: readonly Asked[] = [
  ['as most devices do', {}],
  ['with a port', { origin: 'https://busbar.example:8443' }],
  ['with a port of one digit', { origin: 'https://busbar.example:1' }],
  ['with a port of five digits', { origin: 'https://busbar.example:65535' }],
  ['by a browser that says less', { behind: '}' }],
  ['by a browser that says more', { behind: ',"crossOrigin":false,"other_keys":"ignore"}' }],
  ['by a browser that says nothing more', { behind: ',"crossOrigin":false,}' }],
  ['by a key on one device', { flags: 0x05 }],
  ['by a key that may be on several', { flags: 0x0d }],
  ['with extensions', { flags: 0x85, extensions: Uint8Array.of(0xa0) }],
  ['with long extensions', { flags: 0x85, extensions: new Uint8Array(475) }],
]

const wrong: readonly Asked[] = [
  ['for another host', { host: 'evil.example' }],
  ['on another host’s page', { origin: 'https://evil.example' }],
  ['wholly elsewhere', { origin: 'https://evil.example', host: 'evil.example' }],
  ['on a host below', { origin: 'https://a.busbar.example' }],
  ['on a host behind', { origin: 'https://busbar.example.evil.com' }],
  ['on a host behind, and for it', {
    origin: 'https://busbar.example.evil.com', host: 'busbar.example.evil.com',
  }],
  ['on a host that ends alike', { origin: 'https://evilbusbar.example' }],
  ['on a host that begins alike', { origin: 'https://busbar.exampl' }],
  ['on a host with a dot behind', { origin: 'https://busbar.example.' }],
  ['on a host in capitals', { origin: 'https://Busbar.example' }],
  ['on a page without TLS', { origin: 'http://busbar.example' }],
  ['on a page of another scheme', { origin: 'httpx://busbar.example' }],
  ['on a page of a scheme in capitals', { origin: 'HTTPS://busbar.example' }],
  ['on a page without a scheme', { origin: 'busbar.example' }],
  ['in an app', { origin: 'android:apk-key-hash:busbar.example' }],
  ['on no page', { origin: '' }],
  ['on a page without a host', { origin: 'https://' }],
  ['on a page of a port alone', { origin: 'https://:443' }],
  ['on a page with a name before the host', { origin: 'https://busbar.example@evil.example' }],
  ['on a path', { origin: 'https://busbar.example/' }],
  ['with a question', { origin: 'https://busbar.example?a' }],
  ['with a blank in the host', { origin: 'https://busbar example' }],
  ['with an underscore in the host', { origin: 'https://busbar_example', host: 'busbar_example' }],
  ['with an escaped quote', { origin: 'https://busbar.example\\"' }],
  ['with no port behind the colon', { origin: 'https://busbar.example:' }],
  ['with a port of zero', { origin: 'https://busbar.example:0' }],
  ['with a port that begins with zero', { origin: 'https://busbar.example:0443' }],
  ['with a port of six digits', { origin: 'https://busbar.example:655350' }],
  ['with a port of letters', { origin: 'https://busbar.example:80a' }],
  ['with two ports', { origin: 'https://busbar.example:80:80' }],
  ['with a host of 254 characters', { origin: `https://${longHost(254)}`, host: longHost(254) }],
  ['at registration', { type: 'webauthn.create' }],
  ['for a payment', { type: 'payment.get' }],
  ['while nobody is there', { flags: 0x04 }],
  ['for whom the device did not recognise', { flags: 0x01 }],
  ['with a key in it', { flags: 0x45, extensions: new Uint8Array(40) }],
  ['backed up and not eligible for it', { flags: 0x15 }],
  ['with bytes that are no extensions', { extensions: Uint8Array.of(0xa0) }],
  ['with extensions that are not there', { flags: 0x85 }],
  ['in somebody’s frame', { behind: ',"crossOrigin":true}' }],
  ['in somebody’s frame, said of the top', { behind: ',"topOrigin":"https://evil.example"}' }],
  ['with another origin behind', { behind: ',"origin":"https://busbar.example"}' }],
  ['without an end', { behind: ',"crossOrigin":false' }],
  ['without anything behind', { behind: '' }],
  ['with a blank before the end', { behind: ' }' }],
  ['with two ends', { behind: '}}' }],
  ['with an end and more', { behind: '} ' }],
  ['with what looks alike', { behind: ',"crossOrigin":falsehood}' }],
  ['with false and a blank', { behind: ',"crossOrigin":false }' }],
  ['with a colon behind false', { behind: ',"crossOrigin":false:}' }],
  ['with a letter that is none', { behind: ',"crossOrigin":false,"a":"\u00e9"}' }],
  ['with a line that ends', { behind: ',"crossOrigin":false,"a":"\n"}' }],
  ['with a character that is none', { behind: ',"crossOrigin":false,"a":"\u007f"}' }],
]

/** Of other bytes than a device writes, signed all the same. */
function bent(device: TestDevice, digest: Uint8Array): PasskeyCase[] {
  const { authenticatorData: data, clientDataJSON: client } = device.answer(digest)
  const text = new TextDecoder().decode(client)
  const said = (changed: string): Uint8Array => device.signParts(data, textToBytes(changed))
  const padded = (length: number): string =>
    text.replace(/\}$/, `,"a":"${'x'.repeat(length - text.length - 7)}"}`)
  const cases: readonly (readonly [name: string, signature: Uint8Array, isRight?: true])[] = [
    ['with as much as may be said', said(padded(clientDataMax)), true],
    ['with one character more', said(padded(clientDataMax + 1))],
    ['with members in another order', said(text.replace(
      /"type":"webauthn.get",("challenge":"[^"]*"),/, '$1,"type":"webauthn.get",'))],
    ['with a blank at the beginning', said(` ${text}`)],
    ['with a blank behind a colon', said(text.replace('"origin":', '"origin": '))],
    ['over a challenge with padding', said(text.replace('","origin"', '=","origin"'))],
    ['over a challenge in capitals', said(text.replace(base64Url(digest),
      base64Url(digest).toUpperCase()))],
    ['over a challenge in hexadecimal', said(text.replace(base64Url(digest),
      [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')))],
    ['over no challenge', said(text.replace(base64Url(digest), ''))],
    ['over another digest', device.sign(digest.toReversed())],
    ['of a device that says too little', device.signParts(data.subarray(0, 36), client)],
    ['of a device that says too much', device.signParts(
      concatBytes(data.with(32, 0x85), new Uint8Array(476)), client)],
    ['that says nothing', device.signParts(data, new Uint8Array(0))],
    ['that says one character', said('}')],
  ]
  return cases.map(([name, signature, isRight = false]) =>
    ({ name, signature, host: isRight ? 'busbar.example' : null }))
}

const word = (value: bigint): Uint8Array =>
  hexToBytes(`0x${value.toString(16).padStart(64, '0')}`)

/** The same signature in other bytes. */
function misspelt(signature: Uint8Array): PasskeyCase[] {
  const { r, s } = p256.Signature.fromBytes(signature.subarray(-64), 'compact')
  const order = p256.Point.Fn.ORDER
  const rest = signature.subarray(0, -64)
  const scalars = (one: bigint, two: bigint): Uint8Array =>
    concatBytes(rest, word(one), word(two))
  const longer = concatBytes(signature, Uint8Array.of(0))
  const cases: readonly (readonly [name: string, signature: Uint8Array])[] = [
    ['with the other s', scalars(r, order - s)],
    ['with an r of zero', scalars(0n, s)],
    ['with an s of zero', scalars(r, 0n)],
    ['with an r of the order', scalars(order, s)],
    ['with an s of the order', scalars(r, order)],
    ['with the other key of the same x', signature.with(1, (signature[1] as number) ^ 1)],
    ['with a key of another form', signature.with(1, 4)],
    ['with another mark', signature.with(0, 0x51)],
    ['with a byte more', longer],
    ['with a byte less', signature.subarray(0, -1)],
    ['without its beginning', signature.subarray(1)],
    ['with a device’s length that is too large', signature.with(35, (signature[35] as number) + 1)],
    ['with a device’s length that is too small', signature.with(35, (signature[35] as number) - 1)],
    ['with a device’s length beyond all bounds', signature.with(34, 0xff)],
    ['of nothing', new Uint8Array(0)],
    ['of one byte', Uint8Array.of(0x50)],
    ['of 65 bytes', signature.subarray(0, 65)],
    ['of 66 bytes', signature.subarray(0, 66)],
    ['of 99 bytes', signature.subarray(0, 99)],
    ['of 139 bytes', signature.subarray(0, 139)],
    ['of 140 bytes', signature.subarray(0, 140)],
  ]
  return cases.map(([name, bytes]) => ({ name, signature: bytes, host: null }))
}

/**
 * @param device the passkey of `busbar.example`
 * @param atHome the passkey of `localhost`
 */
export function passkeyCases(
  digest: Uint8Array,
  device: TestDevice,
  atHome: TestDevice,
): readonly PasskeyCase[] {
  const asked = (from: readonly Asked[], host: PasskeyCase['host']): PasskeyCase[] =>
    from.map(([name, one]) => ({ name, signature: device.sign(digest, one), host }))
  const home = (name: string, origin: string, isRight = true): PasskeyCase => ({
    ...{ name, signature: atHome.sign(digest, { ...local, origin }) },
    host: isRight ? 'localhost' : null,
  })
  return [
    ...asked(right, 'busbar.example'),
    home('on this machine', 'http://localhost:4173'),
    home('on this machine without a port', 'http://localhost'),
    home('on this machine by TLS', 'https://localhost'),
    home('on this machine’s host behind', 'http://localhost.evil.example', false),
    home('on this machine by its number', 'http://127.0.0.1', false),
    ...asked(wrong, null),
    ...bent(device, digest),
    ...misspelt(device.sign(digest)),
  ]
}
