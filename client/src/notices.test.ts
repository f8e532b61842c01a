/**
 * Goal: a receiver believes what the operator signed for it, and reads only what it knows.
 * Method: notices signed as the server signs them, and a table of bodies that are none.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { noticeBytesMax } from '@busbar/protocols/api'
import {
  addressOf,
  createDomain,
  publicKeyOf,
  recoverAddress,
  signDigest,
  webhookDigest,
} from '@busbar/protocols/eip712'
import { hexToBytes, keccak256, textToBytes } from '@busbar/protocols/hash'
import { noticeDigestOf, noticeHeader } from '@busbar/protocols/notices'
import { Signer, verifyNotice, withPrivateKey } from './index.ts'

const domain = createDomain({
  ...{ market: 'district', chainId: 31_337, verifyingContract: `0x${'a1'.repeat(20)}` },
})
const key = keccak256(textToBytes('the operator of a test'))
const terms = { domain, operator: addressOf(publicKeyOf(key)), account: 7 }
const now = 1_900_000_000_000

const delivered = (body: Uint8Array) => ({
  header: noticeHeader(now, signDigest(key, noticeDigestOf(domain, 7, now, body))),
  body,
})

const notice = {
  ...{ id: 'district/7/1', market: 'district', account: 7, sequence: 1, subject: 'offer/3' },
  ...{ atMs: now, journalSequence: 30, kind: 'offer_changed' },
  data: { offer: 3, status: 'matched' },
}

describe('a notice that was brought', () => {
  test('is believed and read', () => {
    const received = verifyNotice(delivered(textToBytes(JSON.stringify(notice))), terms, now)
    deepEqual(received, { kind: 'notice', notice, sentAt: now })
  })

  test('is not believed of others, nor after its time', () => {
    const good = delivered(textToBytes(JSON.stringify(notice)))
    const reasonOf = (change: Partial<typeof terms>, at = now) => {
      const received = verifyNotice(good, { ...terms, ...change }, at)
      return received.kind === 'refused' ? received.reason : received.kind
    }
    equal(reasonOf({ account: 8 }), 'signature_wrong')
    equal(reasonOf({ operator: `0x${'ab'.repeat(20)}` }), 'signature_wrong')
    equal(reasonOf({}, now + 300_001), 'signature_old')
  })

  const bodies: Readonly<Record<string, Uint8Array>> = {
    'no JSON': textToBytes('{'),
    'no object': textToBytes('null'),
    'no text': new Uint8Array([0xff, 0xfe]),
    'another account’s': textToBytes(JSON.stringify({ ...notice, account: 8 })),
    'of an unknown kind': textToBytes(JSON.stringify({ ...notice, kind: 'later' })),
    'too large': textToBytes(JSON.stringify({ ...notice, more: 'x'.repeat(noticeBytesMax) })),
  }
  for (const [what, body] of Object.entries(bodies)) {
    test(`is refused where its body is ${what}`, () => {
      const received = verifyNotice(delivered(body), terms, now)
      deepEqual(received, { kind: 'refused', reason: 'notice_malformed' })
    })
  }
})

test('a webhook is signed with its address and moment', async () => {
  const own = keccak256(textToBytes('a retailer of a test'))
  const signer = new Signer({ domain, account: 7, sign: withPrivateKey(own) })
  const webhook = await signer.webhook({ url: 'https://hooks.example', after: 4 }, now)
  deepEqual([webhook.url, webhook.after, webhook.issuedAt], ['https://hooks.example', 4, now])
  const signature = hexToBytes(webhook.signature)
  equal(recoverAddress(webhookDigest(domain, webhook), signature), addressOf(publicKeyOf(own)))
})
