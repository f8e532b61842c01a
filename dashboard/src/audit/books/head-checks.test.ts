/**
 * Goal: a head of the journal counts as shown only when everything of it is so: one byte changed in
 * its contents, its transactions, its roots or against what was noted makes it red.
 * Method: a head with a hash that Node worked out and a transaction that another library signed;
 * then one part after the other is changed.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import type { CheckpointPart, JournalHead, PublicInterval } from '@busbar/protocols/api'
import { headChecks, type HeadTerms, type NotedHead } from './head-checks.ts'
import { anchoredOf, groupsOf, headsPerPage, pageBefore, partsOf } from './heads.ts'
import { noteHeads, notedHeads } from './noted-heads.ts'

/** Signed with viem 2.57.1 by the key 0x11…11: 100 bytes 0xab to 0xc1…c1, chain 31337. */
const raw =
  '0x02f8ce827a690780847735940083015f9094c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c180b864' +
  `${'ab'.repeat(100)}c001a0` +
  '8fc15c1a1afd157a5c820bbe87d2e2946e5e601e55b82b315ff8e94599f14e85a021fd7e63a5b40ba1f3dfb7' +
  '9661b21ce1720fefa50511dcee5b47b5fd84362f39'
const txHash = '0xa2db2d3487605bc5e2a868f46a97c19858774d37dfff185b9cb7160875f6e928'
const root = `0x${'ab'.repeat(32)}`

const terms = {
  contracts: { intervalLog: `0x${'C1'.repeat(20)}` },
  domain: { chainId: 31_337 },
  receiptSigner: '0x19E7E376E7C213B7E7E7E46CC70A5DD086DAFF2A',
} as unknown as HeadTerms

const part: CheckpointPart = {
  ...{ part: 'run', zone: 0, interval: 9, run: 0, description: 'a run', status: 'final' },
  ...{ txHash, blockNumber: 3, gasUsed: 1 },
}

const body = '{"interval":9,"kind":"settle_interval","zone":0}'
const hash = createHash('sha256')
  .update(Buffer.concat([
    Buffer.alloc(32, 0x1d), numberBytes(7), numberBytes(1_700_000_000_123),
    Buffer.from(`settle_interval\0${body}`),
  ]))
  .digest('hex')

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

const head: JournalHead = {
  ...{ sequence: 7, atMs: 1_700_000_000_123, kind: 'settle_interval', body, hash },
  ...{ previousHash: '1d'.repeat(32), transactions: [part], sent: [{ txHash, raw }] },
}

const shown = (change: object = {}): PublicInterval =>
  ({
    ...{ zone: 0, interval: 9, ordersRoot: root, clearingRoot: root },
    runs: [{ run: 0, readingsRoot: root, postingsRoot: root, ...change }],
  }) as unknown as PublicInterval

const noted: NotedHead = { sequence: 7, hash }

const states = (
  change: Partial<JournalHead> = {},
  intervals: readonly PublicInterval[] = [shown()],
  before: NotedHead | undefined = noted,
): string =>
  headChecks({ ...head, ...change }, intervals, before, terms).map(({ state }) => state).join(' ')

test('a head that is as it has to be holds', () => {
  equal(states(), 'holds holds holds holds')
})

describe('is red where one part is another', () => {
  const other = `0x${'12'.repeat(32)}`
  const elsewhere = { ...terms, contracts: { intervalLog: `0x${'c2'.repeat(20)}` } } as HeadTerms
  const cases: readonly (readonly [string, () => string, string])[] = [
    ['its contents', () => states({ body: body.replace('9', '8') }), 'fails holds holds holds'],
    ['its time', () => states({ atMs: 1 }), 'fails holds holds holds'],
    ['its kind', () => states({ kind: 'close_gate' }), 'fails holds holds holds'],
    ['the hash before', () => states({ previousHash: '1e'.repeat(32) }), 'fails holds holds holds'],
    ['a root', () => states({}, [shown({ postingsRoot: other })]), 'holds holds fails holds'],
    [
      'what was noted',
      () => states({}, [shown()], { sequence: 7, hash: 'f'.repeat(64) }),
      'holds holds holds fails',
    ],
    [
      'a byte of a transaction',
      () => states({ sent: [{ txHash, raw: `${raw.slice(0, -1)}8` }] }),
      'holds fails open holds',
    ],
    [
      'bytes that are no transaction',
      () => states({ sent: [{ txHash, raw: '0x02' }] }),
      'holds fails open holds',
    ],
    [
      'a transaction that is not listed',
      () => states({ transactions: [{ ...part, txHash: other }] }),
      'holds fails open holds',
    ],
    [
      'the contract',
      () => headChecks(head, [shown()], noted, elsewhere).map(({ state }) => state).join(' '),
      'holds fails open holds',
    ],
  ]
  for (const [name, found, expected] of cases) test(name, () => equal(found(), expected))
})

describe('is open where it cannot be shown', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['what somebody has sent', states({ body: null }), 'open holds holds holds'],
    ['too long', states({ sent: [{ txHash, raw: null }] }), 'holds open open holds'],
    ['an interval that is no longer shown', states({}, []), 'holds holds open holds'],
    ['seen for the first time', headChecks(head, [shown()], undefined, terms)
      .map(({ state }) => state).join(' '), 'holds holds holds open'],
  ]
  for (const [name, found, expected] of cases) test(name, () => equal(found, expected))
})

describe('what a browser has noted', () => {
  const keeper = () => {
    const kept = new Map<string, string>()
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
  }

  test('stays as it was seen first, by market', () => {
    const here = keeper()
    noteHeads(here, 'one', [noted])
    noteHeads(here, 'one', [{ sequence: 7, hash: 'other' }, { sequence: 8, hash: 'x' }])
    noteHeads(here, 'two', [{ sequence: 7, hash: 'y' }])
    deepEqual([...notedHeads(here, 'one').values()].map((one) => one.hash), [hash, 'x'])
    equal(notedHeads(here, 'two').get(7)?.hash, 'y')
  })

  test('is bounded, and what is no list is as good as none', () => {
    const here = keeper()
    noteHeads(here, 'one', Array.from({ length: 500 }, (_, n) => ({ sequence: n, hash: 'h' })))
    equal(notedHeads(here, 'one').size, 200)
    equal(notedHeads(here, 'one').has(499), true)
    for (const text of ['{', '{}', '[1]', '[{"market":"one"}]']) {
      here.setItem('busbar.heads', text)
      equal(notedHeads(here, 'one').size, 0)
    }
  })
})

describe('heads', () => {
  const cases: readonly (readonly [readonly CheckpointPart['status'][], string])[] = [
    [['final'], 'anchored'],
    [['final', 'final'], 'anchored'],
    [['mined', 'final'], 'waiting'],
    [['final', 'queued'], 'waiting'],
    [['failed', 'queued'], 'failed'],
  ]
  for (const [statuses, expected] of cases) {
    test(`of transactions that are ${statuses.join(' and ')} are ${expected}`, () => {
      equal(anchoredOf(statuses.map((status) => ({ status }))), expected)
    })
  }

  test('say each part once, however many transactions it took', () => {
    const parts = partsOf([part, { ...part, status: 'mined' }, { ...part, run: 1 }])
    deepEqual(parts.map(({ run, status }) => [run, status]), [[0, 'mined'], [1, 'final']])
  })

  test('say what is of one interval together, with its zones', () => {
    const [zone, other] = [part.zone, part.zone + 1]
    const groups = groupsOf([part, { ...part, zone: other }, part, { ...part, run: 1 }])
    deepEqual(groups.map(({ run, zones }) => [run, zones]), [[0, [zone, other]], [1, [zone]]])
  })

  test('go back page by page until one is not full', () => {
    const page = (count: number) => ({
      ...{ last: noted, nextFrom: null },
      heads: Array.from({ length: count }, (_, n) => ({ ...head, sequence: 40 + n })),
    })
    deepEqual(pageBefore(page(headsPerPage)), { before: 40 })
    equal(pageBefore(page(headsPerPage - 1)), undefined)
    equal(pageBefore(page(0)), undefined)
  })
})
