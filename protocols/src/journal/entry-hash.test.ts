/**
 * Goal: the hash of an entry is what it is defined as, and a span in which anything was changed,
 * left out, added or moved does not hold.
 * Method: the definition written out with Node's own hash; a span with each kind of change.
 */
import { equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { entryHash, type SpanEntry, spanFault } from './entry-hash.ts'

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

function spanOf(bodies: readonly string[], first = 41): readonly SpanEntry[] {
  let previousHash = '1d'.repeat(32)
  return bodies.map((body, index) => {
    const [sequence, atMs] = [first + index, 1_700_000_000_000 + index]
    const hash = createHash('sha256')
      .update(Buffer.from(previousHash, 'hex'))
      .update(Buffer.concat([number(sequence), number(atMs), Buffer.from(`kind\0${body}`)]))
      .digest('hex')
    const entry = { sequence, atMs, kind: 'kind', body, previousHash, hash }
    previousHash = hash
    return entry
  })
}

const span = spanOf(['{}', '{"a":"ü"}', '{"b":[]}'])

/** The first fault of a span. */
const faultOf = (entries: readonly SpanEntry[]): string | undefined =>
  entries
    .map((entry, index) => spanFault(entries[index - 1], entry))
    .find((one) => one !== undefined)

test('a span as it was written holds, and each hash is the defined one', () => {
  equal(faultOf(span), undefined)
  for (const entry of span) equal(entryHash(entry), entry.hash)
})

describe('a span does not hold', () => {
  const [one, two, three] = span as [SpanEntry, SpanEntry, SpanEntry]
  const cases: readonly (readonly [string, readonly SpanEntry[], string])[] = [
    ['with other contents', [one, { ...two, body: '{"a":"u"}' }, three], 'hash'],
    ['at another time', [one, { ...two, atMs: two.atMs + 1 }, three], 'hash'],
    ['of another kind', [{ ...one, kind: 'other' }, two, three], 'hash'],
    ['with one left out', [one, three], 'sequence'],
    ['with one twice', [one, two, two], 'sequence'],
    ['out of order', [two, one, three], 'sequence'],
    ['with another before it', [one, { ...two, previousHash: two.hash }, three], 'previous_hash'],
    ['that begins elsewhere', [{ ...one, previousHash: three.hash }, two, three], 'hash'],
  ]
  for (const [what, entries, fault] of cases) test(what, () => equal(faultOf(entries), fault))
})
