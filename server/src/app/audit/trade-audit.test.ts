/**
 * Goal: each check of trades finds what it is there to find, and nothing in a sound market.
 * Method: a real server on which two pairs trade, one paid on the ledger and one from prepaid
 * balances, and which stops; its journal is replayed, and at one command one figure is changed.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { BusbarClient } from '@busbar/client'
import {
  apply,
  bilateralZone,
  type Command,
  emptyState,
  type IntervalRecord,
  recordOf,
  type State,
} from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import { openStore } from '../../adapters/store/open-store.ts'
import { startServer } from '../../start.ts'
import { configOf, first, marketId, type Pair, RailMarket } from '../../testing/rail-market.ts'
import { naiveEngine } from '../engines.ts'
import type { JournalEntry } from '../ports/journal.ts'
import { Findings, type VerifyReport } from './findings.ts'
import { TradeAudit } from './trade-audit.ts'

const pairs: readonly Pair[] = [
  { rail: 'clearing-house', name: 'one' },
  { rail: 'prepaid', name: 'two' },
]
const dataDir = mkdtempSync(join(tmpdir(), 'busbar-trade-audit-'))
let entries: readonly JournalEntry[] = []

before(async () => {
  const party = (account: number) => ({ name: `House ${account}`, account: `B-${account}` })
  const accounts = { 1: party(1), 5: party(5), 6: party(6), 9: party(9) }
  const names = { prefix: 'R', currency: 'EUR', initiator: 'Market', accounts }
  const bank = { link: { folder: join(dataDir, 'bank') }, ...names }
  const config = configOf(dataDir, { bank }, ['clearing-house', 'prepaid'])
  const server = await startServer(config, () => undefined)
  const market = new RailMarket(new BusbarClient({ baseUrl: server.url }), pairs)
  market.url = server.url
  await market.prepare()
  for (const pair of pairs) await market.agree(pair)
  await market.to(-1)
  for (let boundary = 0; boundary <= 3; boundary += 1) {
    await market.to(boundary, 5)
    await market.read(boundary, () => [boundary * 500, boundary * 700])
  }
  await market.to(3, 10)
  await server.stop()
  const store = await openStore(marketId, { dataDir: join(dataDir, 'store') })
  entries = await store.read(0, 10_000)
  await store.close()
})

after(() => rmSync(dataDir, { recursive: true, force: true }))

type Plant = {
  readonly at: (command: Command) => boolean
  readonly change: (state: State, record: IntervalRecord, run: Run) => void
}

/** Replays until the change, if there is one, and says what the audit found by then. */
function audited(plant?: Plant): VerifyReport {
  const findings = new Findings()
  const audit = new TradeAudit(findings)
  const state = emptyState()
  for (const { sequence, at, body } of entries) {
    const command = JSON.parse(body) as Command
    const { outcome } = apply(state, { sequence, at, command }, naiveEngine)
    const isHere = plant?.at(command) === true
    const record = recordOf(state, bilateralZone, first)
    const run = record?.runs.at(-1)
    if (isHere && record !== undefined && run !== undefined) plant.change(state, record, run)
    audit.hear(state, { sequence, at }, command, outcome)
    if (isHere) break
  }
  audit.finish(state)
  return findings.report()
}

const settlesTrades = (command: Command): boolean =>
  command.kind === 'settle_interval' && command.zone === bilateralZone && command.interval === first

const found = (change: Plant['change']): readonly string[] =>
  audited({ at: settlesTrades, change }).differences.map(({ check, what }) => `${check}: ${what}`)

test('nothing is found in a sound market, and much was looked at', () => {
  const { differences, checks } = audited()
  deepEqual(differences, [])
  const details = new Map(checks.map(({ name, detail }) => [name, detail]))
  match(details.get('trades') ?? '', /^\d+ runs/)
  match(details.get('traded energy') ?? '', /^\d\d meter intervals of/)
  match(details.get('declarations') ?? '', /^12 to retailers/)
  match(details.get('keys') ?? '', /^4 contracts/)
  match(details.get('contracts') ?? '', /^2 shown under the root/)
  equal(checks.length, 6)
})

describe('what is changed is found', () => {
  test('a line of a run, inside or outside of the ledger', () => {
    const more = (list: 'items' | 'dues') =>
      found((_, __, run) => {
        const [line] = run[list]
        if (line !== undefined) Object.assign(line, { amount: line.amount + 1n })
      })
    deepEqual(more('items').map((one) => one.replace(/trade \d/, 'trade')), [
      'trades: trade has 1 micros too much',
      'trades: its lines sum to 1 micros',
    ])
    match(more('dues')[1] ?? '', /^trades: its dues sum to 1 micros/)
  })

  test('energy that a trade got beyond what it owes, or that its meters did not give it', () => {
    const faults = found((_, { deliveries }) => {
      const [one] = deliveries.values()
      if (one !== undefined) Object.assign(one, { delivered: 626n })
    })
    match(faults[0] ?? '', /^trades: trade \d got 626 Wh of 625 owed$/)
    ok(faults.some((fault) => /^trades: meter \d is said to have traded other/.test(fault)))
    ok(faults.some((fault) => /^declarations: retailer 5 was told of meter/.test(fault)))
  })

  test('an obligation without a delivery', () => {
    const faults = found((_, { deliveries }) => deliveries.clear())
    ok(faults.includes('trades: trade 1 has an obligation and no delivery'))
  })

  test('a declaration with more than the meter gave, or with another energy', () => {
    const more = found((_, __, { traded }) => {
      const [one] = traded
      if (one !== undefined) Object.assign(one, { sold: one.sold + 1n })
    })
    ok(more.some((fault) => /^declarations: retailer 5 was told of meter 0/.test(fault)))
    ok(more.some((fault) => /^traded energy: meter 0: 501 Wh sold of 500 exported/.test(fault)))
    const other = found((_, __, { metered }) => {
      const [one] = metered
      if (one !== undefined) Object.assign(one, { exported: one.exported + 7n })
    })
    const twice = 'traded energy: meter 0: its contracts and its retailer go by other readings'
    ok(other.includes(twice))
  })

  test('a declaration that is missing, by name', () => {
    const faults = found((state) => {
      // Its owner changed hands behind everybody’s back: the one retailer is told, not the other.
      const [meter] = state.meters
      if (meter !== undefined) state.meters[0] = { ...meter, account: meter.account + 1 }
    })
    deepEqual(faults.map((fault) => fault.replace(/\d+ Wh/g, 'N Wh')), [
      'declarations: retailer 6 was told of meter 0: N Wh sold and 0 bought',
      'declarations: retailer 5 was told nothing of meter 0',
    ])
  })

  test('a watt-hour with two owners, or with none', () => {
    const faults = found((state) => {
      const run = recordOf(state, 0, first)?.runs.at(-1)
      if (run !== undefined) Object.assign(run.energy, { tradeSold: 1n, exported: 1n })
    })
    deepEqual(faults.map((fault) => fault.slice(0, 23)), [
      'traded energy: zone 0: ',
      'traded energy: zone 0: ',
    ])
  })

  test('a contract that its gate left out, or a set that is not the one on the chain', () => {
    const inSets = (change: (trading: State['trading'], contract: string) => void) =>
      found((state) => {
        const [contract = ''] = state.trading.contractGates.keys()
        change(state.trading, contract)
      })
    const lost = inSets(({ contractGates }, contract) => contractGates.delete(contract))
    ok(lost.some((fault) => /^contracts: contract 0x\w+ is in no set/.test(fault)), lost.join())
    const waiting = inSets(({ contractGates, recorded }, contract) => {
      contractGates.delete(contract)
      recorded.push(contract)
    })
    ok(waiting.some((fault) => /^contracts: contract 0x\w+ was left out by a gate/.test(fault)))
    const other = inSets(({ contractGates, contractSets }, contract) => {
      const interval = contractGates.get(contract) ?? -1
      const set = contractSets.get(interval)
      const digests = [...(set?.digests ?? [])].reverse()
      if (set !== undefined) contractSets.set(interval, { ...set, digests })
    })
    ok(other.includes('contracts: its set is not what it put on the chain'), other.join())
    ok(other.includes('contracts: its set is not ascending'))
    const early = inSets(({ contractGates, contractSets }, contract) => {
      const interval = contractGates.get(contract) ?? -1
      const set = contractSets.get(interval)
      if (set !== undefined) contractSets.set(interval, { ...set, sequence: 1 })
    })
    ok(early.some((fault) => /is in a set of an earlier gate/.test(fault)))
  })

  test('dues that no run made', () => {
    const faults = found(({ trading }) => {
      const [account = 0, amount = 0n] = [...trading.dues][0] ?? []
      trading.dues.set(account, (amount + 1n) as never)
    })
    match(faults[0] ?? '', /^dues: they sum to 1 micros/)
    match(faults[1] ?? '', /^dues: 1 micros that no run and no payment explains/)
    const owing = found(({ trading }) => {
      for (const parts of trading.owed.values()) {
        for (const [account, amount] of parts) parts.set(account, (amount + 1n) as never)
      }
    })
    ok(owing.some((fault) => /^dues: what it owes sums to/.test(fault)))
  })

  test('a cent that is on no bill, and a bill of less', () => {
    const carried = found(({ trading }) => void trading.carried.set('3:4', 10_000n as never))
    ok(carried.includes('dues: 10000 micros are carried, which are on no bill'), String(carried))
    const bill = found(({ trading }) => {
      const [payment] = trading.payments.values()
      if (payment === undefined) return
      Object.assign(payment, { rail: 'bill-seller', state: 'capturing' })
      payment.legs = [{ account: 3, amount: 1n as never }, { account: 4, amount: -1n as never }]
    })
    ok(bill.includes('dues: a bill of parts of a cent'), String(bill))
  })
})

describe('keys', () => {
  const signs = (command: Command): boolean => command.kind === 'accept_trade'
  const at = (change: (state: State) => void): readonly string[] => {
    const findings = new Findings()
    const audit = new TradeAudit(findings)
    const state = emptyState()
    for (const { sequence, at: written, body } of entries) {
      const command = JSON.parse(body) as Command
      const { outcome } = apply(state, { sequence, at: written, command }, naiveEngine)
      if (signs(command)) change(state)
      audit.hear(state, { sequence, at: written }, command, outcome)
      if (signs(command)) break
    }
    audit.finish(state)
    return findings.report().differences.map(({ what }) => what)
  }
  const buyer = 11
  const key = (state: State, more: object) => {
    const own = state.participants[buyer - 3]
    if (own === undefined) throw new Error('the buyer was admitted')
    const { publicKey, address } = own
    const rest = { sequence: 1, at: 1, tradesFrom: 1 + 86_400_000, approved: false }
    return { publicKey, address, ...rest, ...more }
  }

  test('that were admitted, or have waited, are sound', () => {
    deepEqual(at(() => undefined), [])
    deepEqual(at((state) => state.trading.keys.set(buyer, [key(state, {})])), [])
  })

  test('that did not wait, signed too early, or are not the last are named', () => {
    const late = { tradesFrom: Number.MAX_SAFE_INTEGER }
    const faults = [{ tradesFrom: 2 }, { tradesFrom: 0 }, late, { publicKey: '0x02' }].map((more) =>
      at((state) => state.trading.keys.set(buyer, [key(state, more)])),
    )
    deepEqual(faults, [
      [],
      ['key 0 could sign before it was certified', 'key 0 did not wait'],
      [`account ${buyer} signed before its key could, ${late.tradesFrom}`],
      [
        `account ${buyer} signs with a key that is not its last`,
        'its last certified key is not the one in use',
      ],
    ])
  })

  test('follow one another, and none is approved by one that could not sign', () => {
    const faults = at((state) => {
      const second = key(state, { sequence: 1, at: 0, tradesFrom: 5, approved: true })
      state.trading.keys.set(buyer, [key(state, {}), second])
    })
    deepEqual(faults, [
      'key 1 is not later than the one before',
      'key 1 was approved by one that could not sign yet',
    ])
  })
})
