/**
 * Goal: a message of the bill network says one thing in one spelling, and one that breaks its form
 * is refused by the field that does; the money of a bill goes where it belongs to the last cent.
 * Method: any message written, taken apart and read again; a recorded one; tables of changed ones;
 * and the shares of any amount counted. Signatures are verified in the rooms that have keys.
 * Replay with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import { messageLimits, parseXml } from '../xml/index.ts'
import {
  type BillBody,
  type BillCode,
  type BillMessage,
  type BillStatus,
  type BillTerms,
  billCodes,
  billStates,
  envelopeText,
  messageOf,
  openEnvelope,
  type Share,
  sharesOf,
  signedXmlOf,
  verifiedMessage,
} from './index.ts'
import { sampleMessage, sampleTerms } from './testing/index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const digest = `${'A'.repeat(43)}=`
const signature = 'B'.repeat(344)
const recorded = envelopeText(sampleMessage, digest, signature)

test('a recorded message has this spelling', () => {
  const signed = signedXmlOf({
    ...sampleMessage,
    body: { kind: 'fetch-bill', biller: 'district.7', bill: 'district.payment.12' },
  })
  equal(
    signed,
    '<BillMessage xmlns="urn:busbar:bill-presentment:1" Id="message"><Head>' +
      '<MessageId>payment/12/collect</MessageId><Sender>network</Sender>' +
      '<Receiver>exchange</Receiver><CreatedAt>2026-03-01T12:00:00.000Z</CreatedAt></Head>' +
      '<FetchBill><Biller>district.7</Biller><Bill>district.payment.12</Bill></FetchBill>' +
      '</BillMessage>',
  )
})

const peers = { sender: 'network', receiver: 'exchange' }

test('only what was verified is read, of the right sender, for the right receiver', () => {
  const envelope = openEnvelope(recorded)
  equal(envelope.claimedSender, 'network')
  deepEqual(verifiedMessage(envelope, envelope.signedXml, peers), sampleMessage)
  const isRefused = { code: 'BILL_SIGNATURE_INVALID' }
  const other = envelope.signedXml.replace('2500', '2501')
  throws(() => verifiedMessage(envelope, other, peers), isRefused)
  for (const wrong of [{ sender: 'mallory' }, { receiver: 'mallory' }]) {
    throws(() => verifiedMessage(envelope, envelope.signedXml, { ...peers, ...wrong }), isRefused)
  }
})

test('bytes are their text, without an order mark', () => {
  const bytes = new TextEncoder().encode(recorded)
  equal(openEnvelope(bytes).text, recorded)
  const marked = Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes)
  throws(() => openEnvelope(marked), { code: 'BILL_SIGNATURE_INVALID' })
})

const xml = signedXmlOf(sampleMessage)

const broken: readonly (readonly [string, string, RegExp])[] = [
  ['no head', xml.replace(/<Head>.*<\/Head>/, ''), /BillMessage/],
  ['two bodies', xml.replace('</BillMessage>', '<FetchBill/></BillMessage>'), /BillMessage/],
  ['no body', xml.replace(/<Answer>.*<\/Answer>/, ''), /BillMessage/],
  ['a body nobody knows', xml.replaceAll('Answer>', 'Answers>'), /Answers/],
  ['another Id', xml.replace('Id="message"', 'Id="other"'), /Id/],
  ['an attribute inside', xml.replace('<Bill>d', '<Bill x="1">d'), /Bill/],
  ['a part nobody knows', xml.replace('<Code>', '<Codes>1</Codes><Code>'), /Codes/],
  ['a part twice', xml.replace('<Code>', '<Code>ok</Code><Code>'), /Code/],
  ['a part less', xml.replace('<Code>ok</Code>', ''), /Code/],
  ['a code nobody knows', xml.replace('>ok<', '>fine<'), /Code/],
  ['a code that objects have', xml.replace('>ok<', '>toString<'), /Code/],
  ['a state nobody knows', xml.replace('>paid<', '>payed<'), /State/],
  ['an amount with a point', xml.replace('>2500<', '>25.00<'), /Amount/],
  ['an amount of nothing', xml.replace('>50<', '>0<'), /Amount/],
  ['an amount with a zero before', xml.replace('>50<', '>050<'), /Amount/],
  ['an amount below nothing', xml.replace('>50<', '>-50<'), /Amount/],
  ['shares that are more', xml.replace('>50<', '>51<'), /Share/],
  ['two shares of one', xml.replace('>district.20<', '>district.7<'), /Share/],
  ['no share', xml.replace(/<Share>.*<\/Share>/, ''), /Share/],
  ['a day that is none', xml.replace('03-02T', '02-30T'), /DueAt/],
  ['a time of another zone', xml.replace('12:00:00.000Z', '12:00:00.000+01:00'), /At/],
  ['expired before it is due', xml.replace('03-31T', '03-01T'), /ExpiresAt/],
  ['a name with a blank', xml.replace('>district.8<', '>district 8<'), /Payer/],
  ['a name of elements', xml.replace('>district.8<', '><Name>x</Name><'), /Payer/],
  ['a currency of four', xml.replace('>EUR<', '>EURO<'), /Currency/],
  ['overdue perhaps', xml.replace('<Overdue>true', '<Overdue>1'), /Overdue/],
  ['another namespace inside', xml.replace('<Code>', '<Code xmlns="urn:x">'), /Code/],
]

describe('what is refused', () => {
  for (const [what, text, field] of broken) {
    test(what, () => {
      const read = () => messageOf(parseXml(text, messageLimits))
      throws(read, (error: unknown) => {
        ok(error instanceof Fault)
        equal(error.code, 'BILL_MESSAGE_INVALID')
        return field.test(String(error.details.field))
      })
    })
  }

  const unwritten: readonly (readonly [string, Partial<BillTerms>, string])[] = [
    ['shares that are less', { amountCents: 2_501n }, 'Share'],
    ['no share', { shares: [] }, 'Share'],
    [
      'a share of nothing',
      { amountCents: 0n, shares: [{ party: 'a', amountCents: 0n }] },
      'Amount',
    ],
    ['a name of nothing', { payer: '' }, 'Payer'],
    ['a line end in a note', { note: 'a\nb' }, 'Note'],
    ['due after it has expired', { dueAtMs: sampleTerms.expiresAtMs + 1 }, 'ExpiresAt'],
    ['due at no time', { dueAtMs: Number.NaN }, 'DueAt'],
    ['due in the year 10000', { dueAtMs: 253_402_300_800_000, expiresAtMs: 2 ** 48 }, 'DueAt'],
  ]
  for (const [what, change, field] of unwritten) {
    test(`to be written: ${what}`, () => {
      const body = { kind: 'present-bill', terms: { ...sampleTerms, ...change } } as const
      throws(
        () => signedXmlOf({ ...sampleMessage, body }),
        (error: unknown) => error instanceof Fault && error.details.field === field,
      )
    })
  }
})

const plain = { noNullPrototype: true }
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/)
const note = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((text) => text.replace(/[^\u0020-\ud7ff\ue000-\ufffc]/g, ''))
const time = fc.integer({ min: 0, max: 4_000_000_000_000 })
const cents = fc.bigInt({ min: 1n, max: 10n ** 12n })
const amounts = fc
  .uniqueArray(fc.record({ party: name, amountCents: cents }, plain), {
    selector: ({ party }) => party,
    minLength: 1,
    maxLength: 8,
  })
  .map((shares: readonly Share[]) => ({
    amountCents: shares.reduce((sum, share) => sum + share.amountCents, 0n),
    shares,
  }))
const named = fc.record({ biller: name, bill: name }, plain)
const terms: fc.Arbitrary<BillTerms> = fc
  .tuple(
    named,
    amounts,
    fc.record({ payer: name, currency: fc.constantFrom('EUR', 'INR'), note }, plain),
    fc.tuple(time, time),
  )
  .map(([bill, money, more, [one, two]]) => ({
    ...bill,
    ...more,
    ...money,
    dueAtMs: Math.min(one, two),
    expiresAtMs: Math.max(one, two),
  }))
const status: fc.Arbitrary<BillStatus> = fc
  .tuple(
    terms,
    fc.record(
      {
        state: fc.constantFrom(...billStates),
        isOverdue: fc.boolean(),
        sequence: fc.nat(),
        payment: fc.oneof(fc.constant(''), name),
        paidAtMs: fc.option(time),
        refundedCents: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      },
      plain,
    ),
  )
  .map(([bill, more]) => ({ ...bill, ...more }))
const codes = Object.keys(billCodes) as BillCode[]
const body: fc.Arbitrary<BillBody> = fc.oneof(
  fc.tuple(name, note).map(([biller, text]): BillBody => ({
    kind: 'register-biller',
    biller,
    name: text,
  })),
  terms.map((one): BillBody => ({ kind: 'present-bill', terms: one })),
  named.map((one): BillBody => ({ kind: 'fetch-bill', ...one })),
  fc.tuple(named, note).map(([one, text]): BillBody => ({
    kind: 'cancel-bill',
    ...one,
    note: text,
  })),
  fc.tuple(named, amounts, note).map(([one, money, text]): BillBody => ({
    kind: 'adjust-bill',
    ...one,
    ...money,
    note: text,
  })),
  fc.tuple(named, amounts).map(([one, money]): BillBody => ({
    kind: 'refund-bill',
    ...one,
    ...money,
  })),
  fc.tuple(named, name, cents).map(([one, payer, amountCents]): BillBody => ({
    kind: 'pay-bill',
    ...one,
    payer,
    amountCents,
  })),
  fc.tuple(named, name).map(([one, payer]): BillBody => ({ kind: 'refuse-bill', ...one, payer })),
  fc
    .tuple(fc.constantFrom('bill-paid', 'bill-overdue', 'bill-closed', 'bill-refunded'), status)
    .map(([kind, one]): BillBody => ({ kind, status: one })),
  fc.tuple(name, fc.constantFrom(...codes), fc.option(status)).map(([to, code, one]): BillBody => ({
    kind: 'answer',
    inReplyTo: to,
    code,
    status: one,
  })),
)
const message: fc.Arbitrary<BillMessage> = fc
  .tuple(fc.tuple(name, name, name), time, body)
  .map(([[messageId, sender, receiver], createdAtMs, one]) => ({
    messageId,
    sender,
    receiver,
    createdAtMs,
    body: one,
  }))

test('what is written is read, whatever it is', () => {
  fc.assert(
    fc.property(message, (one) => {
      const text = envelopeText(one, digest, signature)
      const envelope = openEnvelope(text)
      deepEqual([envelope.digest, envelope.signature], [digest, signature])
      equal(envelope.signedXml, signedXmlOf(one))
      const { sender, receiver } = one
      deepEqual(verifiedMessage(envelope, signedXmlOf(one), { sender, receiver }), one)
    }),
    { ...replay, numRuns: 300 },
  )
})

test('another letter anywhere makes it another message or none', () => {
  const letter = fc.constantFrom('<', '>', '"', ' ', '0', 'A', '=', '/', '\n')
  fc.assert(
    fc.property(fc.nat(recorded.length - 1), letter, (place, other) => {
      const changed = `${recorded.slice(0, place)}${other}${recorded.slice(place + 1)}`
      if (changed === recorded) return
      try {
        const { signedXml, digest: shown, signature: value } = openEnvelope(changed)
        const isOther = signedXml !== xml || shown !== digest || value !== signature
        ok(isOther, `${other} at ${place}`)
      } catch (error) {
        ok(error instanceof Fault, String(error))
      }
    }),
    { ...replay, numRuns: 1_000 },
  )
})

describe('the shares of a bill', () => {
  const micros = fc.bigInt({ min: 0n, max: 10n ** 12n })

  test('go to the payee and the platform, in whole cents', () => {
    const platform = { party: 'p', feeMicros: 259_990n }
    deepEqual(sharesOf(12_345_678n, 's', platform), {
      amountCents: 1_234n,
      shares: [
        { party: 's', amountCents: 1_209n },
        { party: 'p', amountCents: 25n },
      ],
    })
    deepEqual(sharesOf(12_345_678n, 's', null).shares, [{ party: 's', amountCents: 1_234n }])
    deepEqual(sharesOf(9_999n, 's', null), { amountCents: 0n, shares: [] })
    deepEqual(sharesOf(20_000n, 'p', { party: 'p', feeMicros: 10_000n }).shares, [
      { party: 'p', amountCents: 2n },
    ])
    deepEqual(sharesOf(20_000n, 's', { party: 'p', feeMicros: 90_000n }).shares, [
      { party: 'p', amountCents: 2n },
    ])
  })

  test('are the bill, and the bill is less than a cent below the amount', () => {
    fc.assert(
      fc.property(micros, micros, (amount, feeMicros) => {
        const { amountCents, shares } = sharesOf(amount, 's', { party: 'p', feeMicros })
        equal(
          shares.reduce((sum, share) => sum + share.amountCents, 0n),
          amountCents,
        )
        const rest = amount - amountCents * 10_000n
        ok(rest >= 0n && rest < 10_000n)
        ok(shares.every((share) => share.amountCents > 0n))
      }),
      replay,
    )
  })
})
