/**
 * Goal: a notice counts if the operator signed just these bytes, for this account and about now,
 * and in no other case.
 * Method: a good delivery, and a table of what differs from it in one thing.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { addressOf, createDomain, publicKeyOf, signDigest } from '../eip712/index.ts'
import { keccak256, textToBytes } from '../hash/index.ts'
import {
  checkNotice,
  noticeDigestOf,
  noticeHeader,
  type NoticeRefusal,
  noticeRefusals,
} from './index.ts'

const place = { market: 'district', chainId: 31_337, verifyingContract: `0x${'a1'.repeat(20)}` }
const domain = createDomain(place)
const key = keccak256(textToBytes('the operator of a test'))
const operator = addressOf(publicKeyOf(key))
const body = textToBytes('{"id":"district/7/1"}')
const sentAt = 1_900_000_000_000
const toleranceMs = 60_000
const terms = { domain, operator, account: 7, toleranceMs }

const signed = (account = 7, at = sentAt, bytes = body, by = key, where = domain): string =>
  noticeHeader(at, signDigest(by, noticeDigestOf(where, account, at, bytes)))

describe('the signature of a notice', () => {
  test('counts for its bytes, account and moment, within the tolerance', () => {
    for (const now of [sentAt, sentAt + toleranceMs, sentAt - toleranceMs]) {
      deepEqual(checkNotice({ header: signed(), body }, terms, now), { kind: 'valid', sentAt })
    }
    const capitals = { ...terms, operator: operator.toUpperCase().replace('0X', '0x') }
    equal(checkNotice({ header: signed(), body }, capitals, sentAt).kind, 'valid')
  })

  const other = keccak256(textToBytes('somebody else'))
  const elsewhere = createDomain({ ...place, chainId: 1 })
  const good = signed()
  const flipped = good.endsWith('1b') ? `${good.slice(0, -2)}1c` : `${good.slice(0, -2)}1b`
  type Case = readonly [what: string, header: string | readonly string[] | undefined, NoticeRefusal]
  const table: readonly Case[] = [
    ['no header', undefined, 'signature_missing'],
    ['an empty one', '', 'signature_malformed'],
    ['two of them', [good, good], 'signature_malformed'],
    ['two joined', `${good}, ${good}`, 'signature_malformed'],
    ['another order', good.split(',').reverse().join(','), 'signature_malformed'],
    ['a space', good.replace(',', ', '), 'signature_malformed'],
    ['leading zeros', good.replace('t=', 't=0'), 'signature_malformed'],
    ['a time that no number holds', good.replace(/t=\d+/, 't=9999999999999999'),
      'signature_malformed'],
    ['capitals', good.toUpperCase().replace('T=', 't=').replace('V1=0X', 'v1=0x'),
      'signature_malformed'],
    ['a short signature', good.slice(0, -2), 'signature_malformed'],
    ['another moment', good.replace(/t=\d+/, `t=${sentAt + 1}`), 'signature_wrong'],
    ['another account', signed(8), 'signature_wrong'],
    ['another body', signed(7, sentAt, textToBytes('{}')), 'signature_wrong'],
    ['another signer', signed(7, sentAt, body, other), 'signature_wrong'],
    ['another chain', signed(7, sentAt, body, key, elsewhere), 'signature_wrong'],
    ['another parity', flipped, 'signature_wrong'],
    ['too old', signed(7, sentAt - toleranceMs - 1), 'signature_old'],
    ['too early', signed(7, sentAt + toleranceMs + 1), 'signature_early'],
  ]
  for (const [what, header, reason] of table) {
    test(`${what}: ${reason}`, () => {
      deepEqual(checkNotice({ header, body }, terms, sentAt), { kind: 'refused', reason })
    })
  }

  test('is refused for each reason of the list', () => {
    deepEqual(new Set(table.map(([, , reason]) => reason)), new Set(Object.keys(noticeRefusals)))
  })
})
