/**
 * Goal: only who knows the secret can say anything to the market, only about now, and what was
 * heard once is not heard again.
 * Method: signatures are made by Node's own HMAC beside ours; a table of what an attacker on the
 * way could send; properties over any body and any change of it. Replay one with `SEED=…`.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  checkSignature,
  Inbox,
  type Delivery,
  type SignatureRefusal,
  signWebhook,
  toleranceMsDefault,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const secret = 'the provider and the market know this'
const formerSecret = 'and this they knew before that, a while ago'
const terms = { secrets: [secret, formerSecret], toleranceMs: toleranceMsDefault }
const now = 1_767_225_600_000

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

/** What Node's own implementation says. */
const macOf = (key: string, sentAt: number | string, body: Uint8Array): string =>
  createHmac('sha256', key).update(`${sentAt}.`).update(body).digest('hex')

const hold = {
  id: 'h1',
  state: 'authorised',
  amountMicros: 25_000_000,
  capturedMicros: 0,
  refundedMicros: 0,
  payer: 'p7',
  payee: 'p1',
  reference: 'district.1',
  expiresAt: now + 1,
  createdAt: now,
  sequence: 1,
  reason: '',
}
const event = {
  id: 'e1',
  type: 'hold.authorised',
  subject: 'h1',
  sequence: 1,
  createdAt: now,
  data: hold,
}
const body = bytes(JSON.stringify(event))

describe('a signature', () => {
  test('is HMAC-SHA-256 over moment, full stop and body', () => {
    equal(signWebhook(secret, now, body), `t=${now},v1=${macOf(secret, now, body)}`)
  })

  test('of any body at any moment is that of Node, and is believed', () => {
    const any = fc.record({
      body: fc.uint8Array({ maxLength: 300 }),
      sentAt: fc.integer({ min: 0, max: 9_999_999_999_999 }),
      key: fc.string({ minLength: 32, maxLength: 200 }),
    })
    fc.assert(
      fc.property(any, ({ body, sentAt, key }) => {
        const header = signWebhook(key, sentAt, body)
        equal(header, `t=${sentAt},v1=${macOf(key, sentAt, body)}`)
        const check = checkSignature({ header, body }, { secrets: [key], toleranceMs: 0 }, sentAt)
        deepEqual(check, { kind: 'valid', sentAt })
      }),
      replay,
    )
  })

  test('covers every byte of the body', () => {
    const header = signWebhook(secret, now, body)
    const change = fc.record({
      at: fc.integer({ min: 0, max: body.length - 1 }),
      flip: fc.integer({ min: 1, max: 255 }),
    })
    fc.assert(
      fc.property(change, ({ at, flip }) => {
        const changed = body.map((byte, i) => (i === at ? byte ^ flip : byte))
        const check = checkSignature({ header, body: changed }, terms, now)
        deepEqual(check, { kind: 'refused', reason: 'signature_wrong' })
      }),
      replay,
    )
  })

  test('by the secret before is believed while both are known', () => {
    const header = signWebhook(formerSecret, now, body)
    equal(checkSignature({ header, body }, terms, now).kind, 'valid')
    const alone = { ...terms, secrets: [secret] }
    equal(checkSignature({ header, body }, alone, now).kind, 'refused')
  })

  test('is not made or checked by a secret that can be guessed', () => {
    for (const weak of ['', 'x', 'k'.repeat(31)]) {
      const header = `t=${now},v1=${macOf(weak, now, body)}`
      throws(() => signWebhook(weak, now, body), { code: 'CONFIG_INVALID' })
      const check = () => checkSignature({ header, body }, { ...terms, secrets: [weak] }, now)
      throws(check, { code: 'CONFIG_INVALID' })
    }
    throws(() => signWebhook('\ud83d'.repeat(32), now, body), { code: 'TEXT_MALFORMED' })
    throws(() => signWebhook(secret, 1.5, body), { code: 'UNIT_OUT_OF_RANGE' })
  })

  test('is refused by everybody where there is no secret', () => {
    const header = signWebhook(secret, now, body)
    const check = checkSignature({ header, body }, { ...terms, secrets: [] }, now)
    deepEqual(check, { kind: 'refused', reason: 'signature_wrong' })
  })
})

describe('what may be sent by whom does not know the secret', () => {
  const right = macOf(secret, now, body)
  const wrong = macOf('a secret of somebody else entirely, 40', now, body)
  const old = now - toleranceMsDefault - 1
  const oldMac = macOf(secret, old, body)
  type Vector = readonly [
    what: string,
    header: string | readonly string[] | undefined,
    reason: SignatureRefusal,
    body?: string,
  ]
  const vectors: readonly Vector[] = [
    ['no header', undefined, 'signature_missing'],
    ['an empty header', '', 'signature_malformed'],
    ['another secret', `t=${now},v1=${wrong}`, 'signature_wrong'],
    ['no secret at all', `t=${now},v1=${'0'.repeat(64)}`, 'signature_wrong'],
    ['another body', `t=${now},v1=${right}`, 'signature_wrong', '{}'],
    ['an empty body', `t=${now},v1=${right}`, 'signature_wrong', ''],
    ['a body with a blank behind', `t=${now},v1=${right}`, 'signature_wrong', `${body} `],
    ['an old delivery', `t=${old},v1=${oldMac}`, 'signature_old'],
    ['an old delivery with a new moment', `t=${now},v1=${oldMac}`, 'signature_wrong'],
    ['a moment to come', `t=${now + 400_000},v1=${macOf(secret, now + 400_000, body)}`,
      'signature_early'],
    ['two signatures, the right one first', `t=${now},v1=${right},v1=${wrong}`,
      'signature_malformed'],
    ['two signatures, the right one last', `t=${now},v1=${wrong},v1=${right}`,
      'signature_malformed'],
    ['the same signature twice', `t=${now},v1=${right},v1=${right}`, 'signature_malformed'],
    ['two moments, the signed one first', `t=${old},t=${now},v1=${oldMac}`, 'signature_malformed'],
    ['two moments, the signed one last', `t=${now},t=${old},v1=${oldMac}`, 'signature_malformed'],
    ['two headers', [`t=${now},v1=${right}`, `t=${now},v1=${wrong}`], 'signature_malformed'],
    ['one header in a list', [`t=${now},v1=${right}`], 'signature_malformed'],
    ['two headers, joined', `t=${now},v1=${right}, t=${now},v1=${wrong}`, 'signature_malformed'],
    ['a folded header', `t=${now},\r\n v1=${right}`, 'signature_malformed'],
    ['a header folded by a tab', `t=${now},\n\tv1=${right}`, 'signature_malformed'],
    ['a line end behind', `t=${now},v1=${right}\n`, 'signature_malformed'],
    ['blanks between', `t=${now}, v1=${right}`, 'signature_malformed'],
    ['the other order', `v1=${right},t=${now}`, 'signature_malformed'],
    ['no moment', `v1=${right}`, 'signature_malformed'],
    ['no signature', `t=${now}`, 'signature_malformed'],
    ['an empty signature', `t=${now},v1=`, 'signature_malformed'],
    ['a cut signature', `t=${now},v1=${right.slice(0, 62)}`, 'signature_malformed'],
    ['a lengthened signature', `t=${now},v1=${right}00`, 'signature_malformed'],
    ['capitals', `t=${now},v1=${right.toUpperCase()}`, 'signature_malformed'],
    ['base64', `t=${now},v1=${Buffer.from(right, 'hex').toString('base64')}`,
      'signature_malformed'],
    ['an unknown version', `t=${now},v0=${right}`, 'signature_malformed'],
    ['another version besides', `t=${now},v0=${wrong},v1=${right}`, 'signature_malformed'],
    ['a moment in seconds', `t=${now / 1_000},v1=${right}`, 'signature_wrong'],
    ['a moment with a zero before', `t=0${now},v1=${macOf(secret, `0${now}`, body)}`,
      'signature_malformed'],
    ['a moment with a sign', `t=+${now},v1=${macOf(secret, `+${now}`, body)}`,
      'signature_malformed'],
    ['a moment before all time', `t=-1,v1=${macOf(secret, '-1', body)}`, 'signature_malformed'],
    ['a moment as a power', `t=1e13,v1=${macOf(secret, '1e13', body)}`, 'signature_malformed'],
    ['a moment with a fraction', `t=${now}.5,v1=${macOf(secret, `${now}.5`, body)}`,
      'signature_malformed'],
    ['a moment without an end', `t=${'9'.repeat(40)},v1=${right}`, 'signature_malformed'],
    ['other digits', `t=١٢٣,v1=${right}`, 'signature_malformed'],
    ['a full stop moved into the body', `t=${String(now).slice(0, 12)},v1=${right}`,
      'signature_wrong', `${String(now).slice(12)}.${JSON.stringify(event)}`],
  ]
  for (const [what, header, reason, text] of vectors) {
    test(what, () => {
      const sent = text === undefined ? body : bytes(text)
      deepEqual(checkSignature({ header, body: sent }, terms, now), { kind: 'refused', reason })
    })
  }

  test('the right signature but for one bit, in any place', () => {
    for (let bit = 0; bit < 256; bit += 1) {
      const mac = Buffer.from(right, 'hex')
      mac.writeUInt8(mac.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const header = `t=${now},v1=${mac.toString('hex')}`
      const check = checkSignature({ header, body }, terms, now)
      deepEqual(check, { kind: 'refused', reason: 'signature_wrong' })
    }
  })

  test('the edges of the tolerance are inside', () => {
    for (const late of [-toleranceMsDefault, toleranceMsDefault]) {
      const header = signWebhook(secret, now - late, body)
      equal(checkSignature({ header, body }, terms, now).kind, 'valid')
    }
  })
})

describe('an inbox', () => {
  const delivery = (sentAt: number, of: object = event) => {
    const sent = bytes(JSON.stringify(of))
    return { header: signWebhook(secret, sentAt, sent), body: sent }
  }
  const asEvent = (received: Delivery) => {
    if (received.kind !== 'event') throw new Error(`not an event: ${JSON.stringify(received)}`)
    return received
  }

  test('gives an event once, in whichever delivery', () => {
    const inbox = new Inbox(terms)
    inbox.handled(asEvent(inbox.receive(delivery(now), now)))
    for (const again of [now, now + 1, now + toleranceMsDefault]) {
      deepEqual(inbox.receive(delivery(again), again), { kind: 'known', id: 'e1' })
    }
  })

  test('gives an event again whose handling failed', () => {
    const inbox = new Inbox(terms)
    asEvent(inbox.receive(delivery(now), now))
    asEvent(inbox.receive(delivery(now), now))
  })

  test('takes a captured delivery at no later moment, remembered or not', () => {
    const captured = delivery(now)
    const moments = fc.array(fc.integer({ min: 0, max: 3 * toleranceMsDefault }), { maxLength: 8 })
    fc.assert(
      fc.property(moments, (delays) => {
        const inbox = new Inbox(terms)
        inbox.handled(asEvent(inbox.receive(captured, now)))
        for (const delay of delays.toSorted((a, b) => a - b)) {
          // Other events go by and let the inbox forget what it may.
          const at = now + delay
          const [other, another] = ['o', 'p'].map((id) => ({ ...event, id: id + delay }))
          inbox.handled(asEvent(new Inbox(terms).receive(delivery(at, other), at)))
          inbox.receive(delivery(at, another), at)
          equal(['known', 'refused'].includes(inbox.receive(captured, at).kind), true)
        }
      }),
      replay,
    )
  })

  test('forgets what its age refuses, and takes no more than it can remember', () => {
    const inbox = new Inbox(terms, 3)
    const numbered = (id: number) => ({ ...event, id: `e${id}` })
    for (const id of [1, 2, 3]) {
      inbox.handled(asEvent(inbox.receive(delivery(now, numbered(id)), now)))
    }
    const full = inbox.receive(delivery(now, numbered(4)), now)
    deepEqual(full, { kind: 'refused', reason: 'inbox_full' })
    const later = now + toleranceMsDefault + 1
    asEvent(inbox.receive(delivery(later, numbered(4)), later))
    equal(inbox.remembered, 0)
  })

  const malformed: readonly (readonly [what: string, body: string])[] = [
    ['nothing', ''],
    ['no JSON', 'hold.authorised'],
    ['null', 'null'],
    ['a list', `[${JSON.stringify(event)}]`],
    ['a type of none', JSON.stringify({ ...event, type: 'hold.stolen' })],
    ['a name of every object', JSON.stringify({ ...event, type: 'constructor' })],
    ['a refund of a hold', JSON.stringify({ ...event, type: 'refund.succeeded' })],
    ['a state that the type denies', JSON.stringify({ ...event, type: 'hold.captured' })],
    ['another subject', JSON.stringify({ ...event, subject: 'h2' })],
    ['another sequence', JSON.stringify({ ...event, sequence: 2 })],
    ['no sequence', JSON.stringify({ ...event, sequence: undefined })],
    ['a sequence of zero', JSON.stringify({ ...event, sequence: 0 })],
    ['half a micro', JSON.stringify({ ...event, data: { ...hold, amountMicros: 0.5 } })],
    ['less than nothing', JSON.stringify({ ...event, data: { ...hold, capturedMicros: -1 } })],
    ['too much', JSON.stringify({ ...event, data: { ...hold, amountMicros: 2 ** 53 } })],
    ['a long body', JSON.stringify({ ...event, more: 'x'.repeat(70_000) })],
  ]
  for (const [what, text] of malformed) {
    test(`refuses ${what}, though it is signed`, () => {
      const sent = bytes(text)
      const signed = { header: signWebhook(secret, now, sent), body: sent }
      const received = new Inbox(terms).receive(signed, now)
      deepEqual(received, { kind: 'refused', reason: 'event_malformed' })
    })
  }

  test('reads past what a newer provider adds', () => {
    const newer = { ...event, livemode: true, data: { ...hold, network: 'x' } }
    equal(new Inbox(terms).receive(delivery(now, newer), now).kind, 'event')
  })
})
