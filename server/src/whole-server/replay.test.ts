/**
 * Goal: an interval of contracts that is as it has to be holds in every step when it is worked out
 * again, on the ledger and outside of it, with shortages, limits, corrections and charges; and
 * whatever is changed of what it was worked out from, or of what is shown, is found.
 * Method: a real server with contracts of two rails that share a meter, read by an auditor over
 * HTTP; then every value of the answers is changed, one at a time, and those that nothing hangs on
 * are listed by name.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { BusbarClient } from '@busbar/client'
import { readMaterial, replayed, type ReplayMaterial, verdictOf } from '@busbar/client/replay'
import { bilateralZone } from '@busbar/core/exchange'
import type { ContractTerms } from '@busbar/core/trades'
import { contractDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { contractMessage } from '@busbar/protocols/trades'
import { type RunningServer, startServer } from '../start.ts'
import {
  bankIn,
  buyerOf,
  configOf,
  first,
  type Pair,
  RailMarket,
  sellerOf,
} from '../testing/rail-market.ts'

const [inside, shared, outside]: readonly [Pair, Pair, Pair] = [
  { name: 'first', rail: 'clearing-house' },
  { name: 'second', rail: 'clearing-house' },
  { name: 'third', rail: 'prepaid' },
]

const market = new RailMarket(
  new BusbarClient({ baseUrl: 'http://127.0.0.1:1' }), [inside, shared, outside],
)
let server: RunningServer
let dataDir = ''
/** Of the first interval, which was corrected, and of one to which a charge was booked. */
let corrected: ReplayMaterial
let charged: ReplayMaterial
/** Of the zone in which their meters are. */
let zone: ReplayMaterial

/** What a seller's and a buyer's registers show at a boundary. */
const registersAt = (boundary: number) => (pair: Pair): readonly [number, number] =>
  pair === outside ? [boundary * 900, boundary * 500] : [boundary * 700, boundary * 625]

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'busbar-replay-'))
  const rails = { bank: bankIn(join(dataDir, 'bank')) }
  const config = configOf(dataDir, rails, ['clearing-house', 'prepaid'])
  server = await startServer(config, () => undefined)
  market.client = new BusbarClient({ baseUrl: server.url, timeoutMs: 60_000 })
  market.url = server.url
  await market.prepare()
  await market.admit('auditor', ['auditor'], null)
  await market.agree(inside)
  await market.agree(outside)
  await agreeShared()
  const limit = { fromInterval: first, intervals: 1, energyWh: 300, reason: 'congestion' }
  await market.instruct('grid', 'limit_delivery', { trade: 1, ...limit })
  for (const boundary of [0, 1, 2, 3, 4]) {
    await market.to(boundary, 5)
    await market.read(boundary, registersAt(boundary))
    if (boundary === 1) await market.instruct(buyerOf(shared), 'exit_trade', { contract })
  }
  // The seller that has two contracts gave less than was read first, and both are short.
  await market.read(1, (pair) => {
    const [exported, imported] = registersAt(1)(pair)
    return [exported - 100, imported]
  }, 1)
  await market.to(5)
  const auditor = await market.as('auditor')
  const shown = await auditor.market()
  /** When all that it put on the chain is signed. */
  const read = async (interval: number, zone: number = bilateralZone): Promise<ReplayMaterial> => {
    for (let left = 600; left > 0; left -= 1) {
      const found = await readMaterial(auditor, shown, { zone, interval })
      const { commitment, runs } = found.shown
      const sent = [commitment, ...runs.flatMap(({ transactions }) => transactions)]
      const isSigned = runs.every(({ transactions }) => transactions.length > 0)
      if (isSigned && sent.every((one) => (one?.txHash ?? null) !== null)) return found
      await setTimeout(100)
    }
    throw new Error(`what interval ${interval} put on the chain is not signed`)
  }
  corrected = await read(first)
  zone = await read(first, 0)
  const others = await Promise.all([1, 2, 3].map((place) => read(first + place)))
  const found = others.find(({ replay }) => (replay.contracts?.charges.length ?? 0) > 0)
  ok(found, 'the exit was charged')
  charged = found
})

after(async () => {
  await server?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

/** A second contract of the first one's seller; its buyer leaves it for a fee. */
async function agreeShared(): Promise<void> {
  const seller = sellerOf(inside)
  const terms: ContractTerms = market.termsOf(shared, {
    ...{ seller: market.accountOf(seller), sellerMeter: market.meterOf(seller) },
    ...{ exitFeeMicros: 700_000, platform: null, platformFeeMicrosPerKwh: 0 },
    priceMicrosPerKwh: 200_000,
  })
  const [from, to] = [await market.signerOf(seller), await market.signerOf(buyerOf(shared))]
  await market.client.trades.propose(await from.proposal(terms))
  await market.client.trades.accept(await to.acceptance(terms))
  contract = bytesToHex(contractDigest(from.domain, contractMessage(terms)))
}

let contract = ''

const stateOf = (material: ReplayMaterial): string => verdictOf([...replayed(material)])

/** Where each value of an answer is, such as `replay.runs.0.run`. */
function leavesOf(value: unknown, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, `${path}.${name}`))
}

/** The material with another value of the same kind in one place. */
function changed(material: ReplayMaterial, path: string): ReplayMaterial {
  const copy: unknown = structuredClone(material)
  const names = path.split('.')
  const last = names.pop() ?? ''
  const parent = names.reduce<unknown>((value, name) => Reflect.get(Object(value), name), copy)
  Reflect.set(Object(parent), last, otherThan(Reflect.get(Object(parent), last)))
  return copy as ReplayMaterial
}

function otherThan(value: unknown): unknown {
  if (value === null) return 1
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  const text = String(value)
  return `${text.slice(0, -1)}${text.endsWith('1') ? '2' : '1'}`
}

/** What an auditor is told of the whole, and the figures of it that everybody is shown. */
const changeable = (material: ReplayMaterial): readonly string[] => {
  const { replay, audit, shown } = material
  const roots = ['ordersRoot', 'clearingRoot', 'energyWh', 'priceMicrosPerKwh', 'rulebookHash']
  const runs = shown.runs.flatMap((_run, i) =>
    ['readingsRoot', 'postingsRoot'].map((name) => `shown.runs.${i}.${name}`))
  return [
    ...leavesOf(replay.contracts ?? [], 'replay.contracts'),
    ...[...leavesOf(replay.runs, 'replay.runs'), ...leavesOf(replay.sent, 'replay.sent')],
    ...leavesOf(material.metered, 'metered'),
    ...leavesOf(material.traded ?? [], 'traded'),
    ...[...leavesOf(audit.nets, 'audit.nets'), 'audit.energyWh', 'audit.priceMicrosPerKwh'],
    ...[...roots.map((name) => `shown.${name}`), ...runs],
    ...['market.rulebook.trades.feeMicrosPerKwh', 'market.rulebookHash'],
  ]
}

/** The kinds of places of which some, or all, can be changed without anything failing. */
function unnoticed(material: ReplayMaterial): Readonly<Record<'some' | 'all', readonly string[]>> {
  const kinds = Map.groupBy(changeable(material), (path) => path.replaceAll(/\d+/g, 'n'))
  const some: string[] = []
  const all: string[] = []
  for (const [kind, paths] of kinds) {
    const held = paths.filter((path) => stateOf(changed(material, path)) === 'holds')
    if (held.length === paths.length) all.push(kind)
    else if (held.length > 0) some.push(kind)
  }
  return { some: some.sort(), all: all.sort() }
}

describe('an interval of contracts that is worked out again', () => {
  test('holds in every step, with what was limited, short, outside and corrected', () => {
    const checks = [...replayed(corrected)]
    deepEqual(checks.map(({ name, state }) => `${name} ${state}`), [
      'rules holds', 'contracts holds', 'signatures holds', 'owed holds', 'readings holds',
      'allocation holds', 'traded holds', 'postings holds', 'settled holds', 'nets holds',
      'signed holds',
    ])
    const { runs, contracts } = corrected.replay
    ok(runs.length > 1, 'it was corrected')
    ok(runs.some(({ dues }) => dues.length > 0), 'some of it is outside of the ledger')
    ok(contracts?.owed.some(({ allowedWh }) => allowedWh === 300))
    const reasons = runs.flatMap(({ postings }) =>
      postings.flatMap(({ lines }) => lines.map(({ reason }) => reason)))
    ok(reasons.includes('trade_penalty_paid'), 'a side was short')
  })

  test('holds where leaving a trade was charged', () => {
    equal(stateOf(charged), 'holds')
    equal(charged.replay.contracts?.charges[0]?.amountMicros, 700_000)
  })

  test('gives its zone what it gave its meters, and nothing else', () => {
    const checks = [...replayed(zone)]
    deepEqual(checks.filter(({ state }) => state !== 'holds'), [])
    ok(checks.some(({ name, count }) => name === 'byContract' && count > 0))
    const failing = (path: string): readonly string[] =>
      [...replayed(changed(zone, path))]
        .filter(({ state }) => state === 'fails')
        .map(({ name }) => name)
    deepEqual(failing('replay.meters.0.tradeSoldWh'), ['byContract', 'money'])
    deepEqual(failing('traded.readingsRoot'), ['byContract'])
    deepEqual(unnoticed(zone), { some: [], all: [] })
  })

  test('does not hold where anything that counts is another', () => {
    // A tariff counts where its side loses by it, and for nothing else.
    const [buyerTariff, sellerTariff] = ['buyer', 'seller'].map(
      (side) => `replay.contracts.owed.n.${side}Tariff`,
    )
    deepEqual(unnoticed(corrected), {
      some: [`${buyerTariff}.retailMicrosPerKwh`, `${sellerTariff}.feedInMicrosPerKwh`],
      all: [`${buyerTariff}.feedInMicrosPerKwh`, `${sellerTariff}.retailMicrosPerKwh`],
    })
  })
})
