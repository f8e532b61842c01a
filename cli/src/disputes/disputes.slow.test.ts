/**
 * Goal: who is no part of an exchange holds it to its word with the command line alone: a dropped
 * order, a place that is not shown, a void, a proof that does not come, a forged price; and the
 * auditor decides what only opened orders show.
 * Method: a server on an anvil of its own, whose clock is moved on; the operator's key signs
 * receipts for orders that it never took, and one clearing is forged on its way to the chain.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Openings, OrderNeighbours, Receipt } from '@busbar/protocols/api'
import { receiptDigest, signDigest } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { setPath, setRoot } from '@busbar/protocols/sealed-orders'
import type { Outbox, OutboxItem } from '@busbar/server/app/ports/outbox'
import { openChallenger } from '@busbar/server/own-node/challenger'
import { undecorated } from '@busbar/server/decorators'
import { accountOf, first, liveKeyOf } from '@busbar/server/testing/live-market'
import {
  addressFor,
  type DisputedMarket,
  keys,
  startDisputedMarket,
} from '../testing/disputed-market.ts'
import { type LyingFront, startLyingFront } from '../testing/lying-front.ts'
import { busbar, type Ran } from '../testing/run-busbar.ts'

/** Which interval does what. */
const [dropped, hidden, voided, late, forged] = [first, first + 1, first + 2, first + 3, first + 4]
const [unsorted, miscounted] = [first + 5, first + 6]

let disputed: DisputedMarket
let front: LyingFront
let { anvil, rpc, server, client, market, folder } = {} as DisputedMarket

/**
 * A lying exchange: on their way to the chain one clearing gets a price of one micro more, one set
 * is turned round, and one says that it has an order more.
 */
const lying = {
  ...undecorated,
  outbox: (plain: Outbox): Outbox => ({
    enqueue: (items) => plain.enqueue(items),
    unfinished: async (limit) => (await plain.unfinished(limit)).map(forge),
    failed: (limit) => plain.failed(limit),
    update: (id, changes) => plain.update(id, changes),
    find: async (id) => {
      const item = await plain.find(id)
      return item && forge(item)
    },
    ofJournalSequence: (sequence) => plain.ofJournalSequence(sequence),
    list: async (after, limit) => (await plain.list(after, limit)).map(forge),
    lastJournalSequence: () => plain.lastJournalSequence(),
  }),
}

function forge(item: OutboxItem): OutboxItem {
  // Behind the selector: zone, interval, whether there is a price, and the price.
  if (item.id === `commit/0/${forged}`) return changed(item, 3, (price) => price + 1n)
  // Zone, interval, the root and the count.
  if (item.id === `fix/0/${miscounted}`) return changed(item, 3, (count) => count + 1n)
  if (item.id !== `fix/0/${unsorted}`) return item
  return changed(item, 2, () => BigInt(setRoot(descending())))
}

/** With another word in its calldata. */
function changed(item: OutboxItem, place: number, by: (word: bigint) => bigint): OutboxItem {
  const at = 10 + place * 64
  const { calldata } = item
  const word = by(BigInt(`0x${calldata.slice(at, at + 64)}`)).toString(16).padStart(64, '0')
  return { ...item, calldata: `${calldata.slice(0, at)}${word}${calldata.slice(at + 64)}` }
}

const descending = (): readonly string[] =>
  (receipts.get(unsorted) ?? []).map(({ commitment }) => commitment).sort().toReversed()

/** The exchange has to show the set that it has fixed, or its paths would lead nowhere. */
function turnedRound(path: string, answer: unknown): unknown {
  const set = descending()
  if (path.includes('/v1/audit/openings')) {
    return { ...(answer as Openings), orders: (answer as Openings).orders.toReversed() }
  }
  if (!path.includes('/neighbours')) return answer
  const { places, ...rest } = answer as OrderNeighbours
  const turned = places.map(({ commitment }) => ({
    commitment, ...setPath(set, set.indexOf(commitment)),
  }))
  return { ...rest, ordersRoot: setRoot(set), places: turned }
}

before(async () => {
  disputed = await startDisputedMarket({ lies: lying })
  ;({ anvil, rpc, server, client, market, folder } = disputed)
  front = await startLyingFront(server.url, turnedRound)
})

after(async () => {
  await front.close()
  await disputed.stop()
})

const receipts = new Map<number, readonly Receipt[]>()

async function trade(interval: number): Promise<void> {
  const sell = { side: 'sell', energyWh: 800, limitMicrosPerKwh: 100_000 } as const
  const sold = await market.place('alice', sell, interval)
  const buy = { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 } as const
  const bought = await market.place('bob', buy, interval)
  receipts.set(interval, [sold.receipt, bought.receipt])
}

/** The exchange looks at the chain when its clock is set, and at disputes every tenth time. */
async function looked(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) {
    await client.setClock((await client.market()).clock.nowMs)
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`it did not come to this: ${what}`)
}

const statusOf = async (interval: number): Promise<string | undefined> => {
  const { contracts } = await client.market()
  const clearingProofs = contracts?.clearingProofs ?? ''
  const key = bytesToHex(keys.stranger)
  const chain = await openChallenger({ nodeUrl: anvil.url, key, clearingProofs })
  return (await chain.interval(0, interval))?.status
}

/** A receipt by the operator's key, for an order that the exchange never took. */
async function forgedReceipt(interval: number): Promise<string> {
  const commitment = `0x00${'9'.repeat(62)}`
  const content = { commitment, zone: 0, interval, sequence: 99 }
  const digest = receiptDigest(await client.domain(), content)
  const signature = bytesToHex(signDigest(keys.operator, digest))
  return fileOf({ ...content, signature })
}

function fileOf(receipt: Receipt | undefined): string {
  ok(receipt)
  const path = join(folder, `${receipt.interval}.json`)
  writeFileSync(path, JSON.stringify(receipt))
  return path
}

const ownFile = (interval: number): string => fileOf(receipts.get(interval)?.[0])

/** Of an option that is given twice the last counts. */
const lyingFront = (): readonly string[] => ['--server', front.url]

const run = (
  key: 'stranger' | 'auditor',
  command: string,
  ...args: readonly string[]
): Promise<Ran> =>
  busbar([
    command, '--json', '--server', server.url, '--node', anvil.url, ...args,
    ...['--key', join(folder, `${key}.key`)],
  ])

const reExecuted = (interval: number, ...more: readonly string[]): Promise<Ran> =>
  run('auditor', 're-execute', '0', String(interval), '--decide', ...more, ...[
    ...['--account', String(accountOf('auditor'))],
    ...['--account-key', join(folder, 'account.key')],
  ])

/** By the file alone: the same report, with the same hash. */
async function judgedAgain(kept: string, before: string): Promise<void> {
  const { code, out, err } = await busbar(['re-execute', '--json', '--from', kept])
  const { transaction, ...report } = JSON.parse(before) as { transaction: unknown; agrees: boolean }
  ok(typeof transaction === 'string')
  deepEqual(JSON.parse(out), { ...report, transaction: null }, err)
  equal(code, report.agrees ? 0 : 1)
}

const later = async (seconds: number): Promise<void> => {
  await rpc.call('evm_increaseTime', [seconds])
  await rpc.call('anvil_mine', ['0x1'])
}

describe('somebody with a receipt and no part in the exchange', () => {
  test('sees the gates close', async () => {
    for (const interval of [dropped, late, forged, unsorted, miscounted]) await trade(interval)
    const offTick = { side: 'sell', energyWh: 500, limitMicrosPerKwh: 100_003 } as const
    receipts.set(voided, [(await market.place('alice', offTick, voided)).receipt])
    await market.to(6)
    for (let interval = first; interval <= miscounted; interval += 1) {
      await until(`${interval} cleared`, async () => (await statusOf(interval)) === 'cleared')
    }
  })

  test('is told that an order is in its set', async () => {
    const { code, out } = await run('stranger', 'challenge', 'omission', ownFile(late))
    deepEqual([code, JSON.parse(out)], [
      0, { challenge: 'omission', included: true, transaction: null },
    ])
  })

  test('shows that an order was dropped: the interval is faulty', async () => {
    const file = await forgedReceipt(dropped)
    const { code, out, err } = await run('stranger', 'challenge', 'omission', file)
    equal(code, 1, err + out)
    equal(await statusOf(dropped), 'faulty')
    const again = await run('stranger', 'challenge', 'omission', file)
    deepEqual([again.code, /IntervalLogJudgementRefused/.test(again.out)], [2, true])
  })

  test('finds nothing wrong with a set that ascends and is as long as it says', async () => {
    for (const task of ['ascent', 'count']) {
      const { code, out, err } = await run('stranger', 'challenge', task, ownFile(late))
      deepEqual([code, JSON.parse(out)], [
        0, { challenge: task, shown: false, transaction: null },
      ], err)
    }
    equal(await statusOf(late), 'cleared')
  })

  test('shows by one path that a set does not ascend: the interval is faulty', async () => {
    const file = ownFile(unsorted)
    // The paths of the set in its right order lead to another root.
    const other = await run('stranger', 'challenge', 'ascent', file)
    deepEqual([other.code, /not the set on the chain/.test(other.out)], [2, true])
    const { code, out } = await run('stranger', 'challenge', 'ascent', file, ...lyingFront())
    equal(code, 1, out)
    deepEqual({ ...JSON.parse(out), transaction: '' }, {
      challenge: 'ascent', shown: true, position: 0, transaction: '',
    })
    equal(await statusOf(unsorted), 'faulty')
  })

  test('is the auditor, who sees all of a set that is not as long as it says', async () => {
    const [account, key] = [String(accountOf('auditor')), join(folder, 'account.key')]
    const as = ['--account', account, '--account-key', key]
    const where = ['0', String(miscounted), ...as]
    const { code, out, err } = await run('auditor', 'challenge', 'count', ...where)
    equal(code, 1, out + err)
    deepEqual({ ...JSON.parse(out), transaction: '' }, {
      challenge: 'count', shown: true, position: 2, transaction: '',
    })
    equal(await statusOf(miscounted), 'faulty')
  })

  test('demands a place that the exchange cannot show: the interval is faulty', async () => {
    const file = await forgedReceipt(hidden)
    equal((await run('stranger', 'challenge', 'demand', file)).code, 0)
    const early = await run('stranger', 'challenge', 'unanswered', file)
    deepEqual([early.code, /ClearingProofsNotShown/.test(early.out)], [2, true])
    await looked()
    const { checks } = await client.health()
    equal(checks.find(({ name }) => name === 'demands')?.ok, false)
    await later(3_601)
    equal((await run('stranger', 'challenge', 'unanswered', file)).code, 1)
    equal(await statusOf(hidden), 'faulty')
  })

  test('disputes a void by its reason; the auditor finds it founded', async () => {
    const [receipt] = receipts.get(voided) ?? []
    const file = fileOf(receipt)
    const reason = ['--reason', 'price_off_tick']
    const { code, out } = await run('stranger', 'challenge', 'void', file, ...reason)
    equal(code, 0, out)
    await looked()
    const disputed = async () => {
      const { checks } = await client.health()
      return checks.find(({ name }) => name === 'disputes')?.detail ?? ''
    }
    match(await disputed(), /^1 before the auditor/)
    const { disputes } = await (await market.as('auditor')).auditInterval(0, voided)
    const { reason_hash: reasonHash } = JSON.parse(out) as { reason_hash: string }
    equal(disputes[0]?.commitment, receipt?.commitment)
    equal(disputes[0]?.reasonHash, reasonHash)
    const decided = await reExecuted(voided, '--void', receipt?.commitment ?? '')
    equal(decided.code, 0, decided.out + decided.err)
    await looked()
    match(await disputed(), /^0 before the auditor/)
    equal(await statusOf(voided), 'overdue')
  })
})

describe('an interval whose proof does not come', () => {
  test('is called overdue by the exchange itself', async () => {
    await market.to(20)
    await looked()
    const event = bytesToHex(keccak256(textToBytes('OverdueFlagged(uint32,uint64,address)')))
    const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`
    const topics = [event, word(0), word(late)]
    const range = { fromBlock: '0x0', toBlock: 'latest' }
    await until('flagged', async () => {
      const logs = await rpc.call<{ topics: string[] }[]>('eth_getLogs', [{ topics, ...range }])
      const operator = addressFor(keys.operator).slice(2)
      return logs.some((log) => log.topics[3]?.endsWith(operator) === true)
    })
  })

  test('is cleared again by the auditor, and counts as proven', async () => {
    equal((await run('stranger', 'challenge', 'overdue', '0', String(late))).code, 0)
    const kept = join(folder, 'kept.json')
    const { code, out, err } = await reExecuted(late, '--save', kept)
    equal(code, 0, out + err)
    await judgedAgain(kept, out)
    equal(await statusOf(late), 'reexecuted')
    await until('booked', async () => {
      await looked()
      return (await client.interval(0, late)).proof.state === 'proven'
    })
  })

  test('is faulty where its price was forged', async () => {
    equal((await run('stranger', 'challenge', 'overdue', '0', String(forged))).code, 0)
    const report = join(folder, 'report.json')
    const kept = join(folder, 'forged.json')
    const { code, out } = await reExecuted(forged, '--out', report, '--save', kept)
    equal(code, 1, out)
    await judgedAgain(kept, out)
    const { differences, evidence } = JSON.parse(out) as { differences: string[]; evidence: string }
    deepEqual(differences, ['price: 100001 on the chain, 100000 by the rule'])
    equal(evidence, bytesToHex(keccak256(textToBytes(readFileSync(report, 'utf8')))))
    ok(!/limitMicros|salt|energyWh/.test(readFileSync(report, 'utf8')))
    equal(await statusOf(forged), 'faulty')
    const again = await reExecuted(forged)
    deepEqual([again.code, /the dispute is upheld/.test(again.out)], [2, true])
  })
})

describe('an owner that leaves', () => {
  type State = {
    readonly balance_micros: number
    readonly requested_micros: number | null
    readonly transaction: string | null
  }
  const leave = async (...more: readonly string[]): Promise<State> => {
    const { contracts } = await client.market()
    const { code, out, err } = await busbar([
      ...['leave', String(accountOf('alice')), '--json', '--node', anvil.url],
      ...['--key', join(folder, 'alice.key'), '--house', contracts?.clearingHouse ?? '', ...more],
    ])
    equal(code, 0, out + err)
    return JSON.parse(out) as State
  }

  test('asks the contract, and takes it after the delay', async () => {
    writeFileSync(join(folder, 'alice.key'), bytesToHex(liveKeyOf('alice')))
    await rpc.call('anvil_setBalance', [addressFor(liveKeyOf('alice')), '0xffffffffffffffffff'])
    const before = await leave()
    const asked = await leave('--amount', '0.5')
    equal(asked.requested_micros, 500_000)
    await later(7 * 86_400)
    const taken = await leave('--claim')
    deepEqual([taken.requested_micros, typeof taken.transaction], [null, 'string'])
    ok(taken.balance_micros < before.balance_micros)
  })
})
