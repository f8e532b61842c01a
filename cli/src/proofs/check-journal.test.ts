/**
 * Goal: a saved span that was changed anywhere is told, with its entry, and a hash that was noted
 * must be in it; a file that is none says which line.
 * Method: the real program over files: one as it is saved, and one for each change.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { entryHash, type SpanEntry } from '@busbar/protocols/journal'
import { busbar } from '../testing/run-busbar.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busbar-journal-'))
})
after(() => rm(folder, { recursive: true, force: true }))

const span: SpanEntry[] = []
for (let sequence = 5; sequence < 9; sequence += 1) {
  const previousHash = span.at(-1)?.hash ?? '1d'.repeat(32)
  const entry = { sequence, atMs: sequence, kind: 'k', body: `{"n":${sequence}}`, previousHash }
  span.push({ ...entry, hash: entryHash(entry) })
}
const [five, six, seven, eight] = span as [SpanEntry, SpanEntry, SpanEntry, SpanEntry]

async function check(entries: readonly unknown[], ...more: string[]) {
  const file = join(folder, 'span.jsonl')
  await writeFile(file, entries.map((one) => `${JSON.stringify(one)}\n`).join(''))
  return busbar(['check-journal', file, ...more])
}

test('a span as it was saved follows, and says with which hash it ends', async () => {
  const { code, out } = await check(span)
  equal(code, 0)
  deepEqual(out.trimEnd().split('\n'), [
    '4 entries, 5 to 8, follow one another.',
    `The last has the hash ${eight.hash}.`,
  ])
})

describe('a span that was changed', () => {
  const cases: readonly (readonly [string, readonly SpanEntry[], RegExp])[] = [
    ['in an entry', [five, { ...six, body: '{}' }, seven, eight], /entry 6 has not the hash/],
    ['by one left out', [five, seven, eight], /entry 7 does not come next/],
    ['by another before it', [five, six, { ...seven, previousHash: five.hash }], /entry 7 names/],
  ]
  for (const [what, entries, says] of cases) {
    test(`${what} is told`, async () => {
      const { code, out } = await check(entries)
      equal(code, 1)
      match(out, says)
    })
  }
})

describe('a noted hash', () => {
  test('is found, and says up to which entry nothing was changed', async () => {
    const { code, out } = await check(span, '--noted', six.hash, '--json')
    const { holds, notedAt } = JSON.parse(out) as { holds: boolean; notedAt: number }
    deepEqual([code, holds, notedAt], [0, true, 6])
  })

  test('that is not there, or behind a break, is told', async () => {
    equal((await check(span, '--noted', 'ab'.repeat(32))).code, 1)
    const { code, out } = await check([five, { ...six, body: '{}' }, seven], '--noted', seven.hash)
    equal(code, 1)
    match(out, /the noted hash is of no entry that follows/)
  })
})

test('what is no such file is refused with its line', async () => {
  const bad = await check([five, { ...six, hash: 'x' }])
  deepEqual([bad.code, /line 2: is no entry of a journal/.test(bad.err)], [2, true])
  deepEqual([(await check([])).code, (await busbar(['check-journal'])).code], [2, 2])
  equal((await check(span, '--noted', 'x')).code, 2)
})
