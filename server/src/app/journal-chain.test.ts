/**
 * Goal: no change to a stored journal goes unnoticed, and the first changed entry is named.
 * Method: a hash worked out by hand from the definition; then properties that change, drop, double,
 * swap or re-hash entries of random chains. SEED=n repeats a run.
 */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  chainEntries,
  type EntryDraft,
  entryHash,
  genesisHash,
  journalStart,
  verifyChain,
} from './journal-chain.ts'
import type { JournalEntry } from './ports/journal.ts'

const seed = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }

const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '0'))

const draft: fc.Arbitrary<EntryDraft> = fc.record({
  at: fc.maxSafeNat(),
  kind: text,
  body: text,
})

const chain = fc
  .array(draft, { minLength: 1, maxLength: 20 })
  .map((drafts) => chainEntries(journalStart, drafts))

const chainAndIndex = chain.chain((entries) =>
  fc.tuple(fc.constant(entries), fc.nat(entries.length - 1)),
)

describe('entryHash', () => {
  test('is SHA-256 over the bytes of the definition', () => {
    const bytes = Buffer.concat([
      Buffer.alloc(32),
      Buffer.from('0000000000000001', 'hex'),
      Buffer.from('0000018bcfe56800', 'hex'), // 1,700,000,000,000
      Buffer.from('place-order'),
      Buffer.from([0]),
      Buffer.from('{"energyWh":1500}'),
    ])
    const expected = createHash('sha256').update(bytes).digest('hex')
    const at = 1_700_000_000_000
    equal(entryHash(genesisHash, 1, at, 'place-order', '{"energyWh":1500}'), expected)
    equal(expected, '24a74dd89328e5157a005bb09593d326e2a73ed521904abfa53cf8d41a040f90')
  })

  test('tells the end of the kind from the start of the body', () => {
    notEqual(entryHash(genesisHash, 1, 0, 'a', 'bc'), entryHash(genesisHash, 1, 0, 'ab', 'c'))
  })
})

describe('chainEntries', () => {
  test('continues where the last entry ended', () => {
    const drafts = [1, 2, 3].map((at) => ({ at, kind: 'k', body: `${at}` }))
    const [first, second, third] = chainEntries(journalStart, drafts)
    equal(first?.sequence, 1)
    equal(first?.previousHash, genesisHash)
    deepEqual(chainEntries(first as JournalEntry, drafts.slice(1)), [second, third])
  })

  test('always gives an intact chain, whole or page by page', () => {
    fc.assert(
      fc.property(chainAndIndex, ([entries, cut]) => {
        const last = entries.at(-1)
        const end = { sequence: last?.sequence, hash: last?.hash }
        deepEqual(verifyChain(entries), { kind: 'intact', last: end })
        const page = verifyChain(entries.slice(0, cut))
        if (page.kind === 'broken') throw new Error('a page of an intact chain is intact')
        deepEqual(verifyChain(entries.slice(cut), page.last), { kind: 'intact', last: end })
      }),
      seed,
    )
  })
})

describe('verifyChain', () => {
  test('finds any changed byte of any field, at its entry', () => {
    const change = fc.tuple(
      chainAndIndex,
      fc.constantFrom('kind', 'body', 'at', 'sequence', 'previousHash', 'hash'),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
    )
    fc.assert(
      fc.property(change, ([[entries, index], field, place, mask]) => {
        const changed = changeByte(entryAt(entries, index), field, place, mask)
        equal(firstBroken(entries.with(index, changed)), index + 1)
      }),
      { numRuns: 2_000, ...seed },
    )
  })

  test('finds an entry whose hash was made to fit: the next one does not name it', () => {
    fc.assert(
      fc.property(chainAndIndex, draft, ([entries, index], forged) => {
        const before = entries[index - 1] ?? journalStart
        const [entry] = chainEntries(before, [forged])
        const original = entryAt(entries, index)
        fc.pre(entry !== undefined && entry.hash !== original.hash)
        const isLast = index === entries.length - 1
        const tampered = entries.with(index, entry as JournalEntry)
        equal(firstBroken(tampered), isLast ? undefined : index + 2)
      }),
      seed,
    )
  })

  test('finds a dropped, doubled or swapped entry', () => {
    fc.assert(
      fc.property(chainAndIndex, ([entries, index]) => {
        fc.pre(index < entries.length - 1)
        equal(firstBroken(entries.toSpliced(index, 1)), index + 1)
        equal(firstBroken(entries.toSpliced(index, 0, entryAt(entries, index))), index + 2)
        const swapped = entries
          .with(index, entryAt(entries, index + 1))
          .with(index + 1, entryAt(entries, index))
        equal(firstBroken(swapped), index + 1)
      }),
      seed,
    )
  })

  test('finds the entry after which pages were read from another chain', () => {
    const entries = chainEntries(journalStart, [{ at: 1, kind: 'k', body: '' }])
    const elsewhere = { sequence: 0, hash: 'f'.repeat(64) }
    deepEqual(verifyChain(entries, elsewhere), {
      kind: 'broken',
      sequence: 1,
      reason: 'previous_hash',
    })
  })

  test('does not take text for its replacement characters', () => {
    const [entry] = chainEntries(journalStart, [{ at: 1, kind: 'k', body: '\ufffd' }])
    equal(firstBroken([{ ...(entry as JournalEntry), body: '\ud800' }]), 1)
  })
})

function firstBroken(entries: readonly JournalEntry[]): number | undefined {
  const check = verifyChain(entries)
  return check.kind === 'broken' ? check.sequence : undefined
}

function entryAt(entries: readonly JournalEntry[], index: number): JournalEntry {
  const entry = entries[index]
  if (entry === undefined) throw new Error('the generator gave an index of the chain')
  return entry
}

/** As an edit of the stored bytes would be read back: numbers as 8 bytes, text as UTF-8. */
function changeByte(
  entry: JournalEntry,
  field: keyof JournalEntry,
  place: number,
  mask: number,
): JournalEntry {
  const value = entry[field]
  if (typeof value === 'number') {
    const bits = 2 ** (place % 53)
    const changed = Math.floor(value / bits) % 2 === 0 ? value + bits : value - bits
    return { ...entry, [field]: changed }
  }
  const bytes = Buffer.from(value)
  if (bytes.length === 0) return { ...entry, [field]: String.fromCharCode(mask) }
  const index = place % bytes.length
  bytes.writeUInt8(bytes.readUInt8(index) ^ mask, index)
  return { ...entry, [field]: bytes.toString() }
}
