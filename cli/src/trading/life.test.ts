/**
 * Goal: with the command line alone two customers of different retailers agree, are delivered and
 * are paid to the last micro, and everybody beside them does its part.
 * Method: a real server, chain and bill network; the market is founded and lives by `busbar`, one
 * step after the other, and what it prints is compared with what was worked out by hand.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { first, type Name, startMs, TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()

before(() => world.start())
after(() => world.end())

type Delivery = {
  readonly interval: number
  readonly obliged_wh: number
  readonly delivered_wh: number | null
  readonly result: string | null
  readonly seller_micros: number | null
  readonly buyer_micros: number | null
}
type Payments = {
  readonly payments: readonly {
    readonly payment: number
    readonly rail: string
    readonly state: string
    readonly amount_micros: number
  }[]
  readonly dues_micros: number
  readonly prepaid_micros: number
}
type Shown = {
  readonly trade: number
  readonly status: string
  readonly proposal: { readonly contract: string } | null
  readonly versions: readonly { readonly contract: string }[]
}

const at = (interval: number): string => new Date(startMs + interval * 900_000).toISOString()
const window = ['--from', at(0), '--until', at(4)]

const shown = (name: Name, trade: number): Promise<Shown> =>
  world.json<Shown>(name, 'trade', 'show', String(trade))

const digitsOf = ({ proposal }: Shown): string => (proposal?.contract ?? '').slice(0, 10)

describe('the life of trades', () => {
  test('an invitation is countered, read, and signed by its digest', async () => {
    const card = world.file('bob.json', (await world.as('bob', 'trade', 'card')).out)
    const terms = ['--total', '2.5kWh', '--price', '5', '--tolerance', '4%', ...window]
    const invited = await world.as('alice', 'trade', 'propose', '--sell', '--with', card, ...terms)
    match(invited.out, /your invitation is signed[\s\S]+sells +alice \(9\), meter 0, custom/)
    match((await world.as('bob', 'trade', 'list')).out, /invited +you buy of alice.+you are asked/)
    const told = await world.as('bob', 'trade', 'show', '1')
    match(told.out, /the seller has signed, the buyer has not signed yet/)
    const [command = ''] = /trade accept 1 0x[0-9a-f]{8}/.exec(told.out) ?? []
    const [, , , digits = ''] = command.split(' ')
    await world.json('bob', 'trade', 'counter', '1', digits, '--price', '4.80')
    const late = await world.as('alice', ...command.split(' '))
    deepEqual([late.code, late.err.includes('another contract now')], [2, true])
    const counter = digitsOf(await shown('alice', 1))
    match((await world.as('alice', 'trade', 'accept', '1', counter)).out, /Trade 1 is agreed/)
    match((await world.as('bob', 'trade', 'show', '1')).out, /seller has signed, the buyer has sig/)
  })

  test('what binds the two retailers is read by each of them', async () => {
    type Bound = { readonly agreements: readonly { retailers: number[]; basis: string }[] }
    const { agreements } = await world.json<Bound>('north', 'retailer', 'agreements')
    deepEqual(agreements.map(({ retailers, basis }) => [retailers, basis]), [[[5, 6], 'bilateral']])
    const told = await world.as('south', 'retailer', 'agreements')
    match(told.out, /north \(5\) and south \(6\) +bilateral/)
    const other = await world.as('grid', 'retailer', 'agreements')
    match(other.out, /No agreement binds you/)
  })

  test('by other rails as well, with prepaid money and with a bill', async () => {
    const topUp = ['retailer', 'top-up', 'carol', '50', '--reference', 'may']
    equal((await world.json('south', ...topUp)).balance_micros, 50_000_000)
    const prepaid = ['--energy', '100Wh', '--price', '0.30', '--rail', 'prepaid', ...window]
    equal(await world.agreed('alice', 'carol', ...prepaid), 2)
    const billed = ['--energy', '0.1kWh', '--price', '0.50', '--rail', 'bill-seller', ...window]
    equal(await world.agreed('alice', 'bob', ...billed), 3)
  })

  test('a utility sees what will flow, lets less through, and lifts its word', async () => {
    type Flows = { readonly flows: readonly { injected_wh: number; limited: number }[] }
    const flows = async (): Promise<unknown> =>
      (await world.json<Flows>('grid', 'utility', 'schedule')).flows.map((flow) => [
        flow.injected_wh, flow.limited,
      ])
    deepEqual(await flows(), [[825, 0], [825, 0], [825, 0], [825, 0]])
    const limit = ['limit', '1', '--from', at(1), '--intervals', '2', '--energy', '200Wh']
    await world.json('grid', 'utility', ...limit, '--reason', 'transformer 12')
    deepEqual(await flows(), [[825, 0], [400, 1], [400, 1], [825, 0]])
    await world.json('grid', 'utility', 'lift', '1', '--from', at(2), '--intervals', '1')
    deepEqual(await flows(), [[825, 0], [400, 1], [825, 0], [825, 0]])
    await world.json('grid', 'utility', 'wheeling', '0.012', '--from', '+0')
  })

  test('what was delivered is verified, and paid to the last micro', async () => {
    await world.to(-1)
    await world.to(0, 5)
    deepEqual(JSON.parse((await read(0)).out).outcomes, { counted: 3 })
    type Requests = { readonly requests: readonly { meter: number; missing: number[] }[] }
    await world.to(1, 5)
    const asked = await world.json<Requests>('north', 'retailer', 'requests')
    deepEqual(asked.requests.map(({ meter, missing }) => [meter, missing]), [
      [0, [first + 1]], [1, [first + 1]], [2, [first + 1]],
    ])
    equal(JSON.parse((await read(1)).out).readings, 3)
    const again = await read(0)
    deepEqual([again.code, JSON.parse(again.out).outcomes], [0, { duplicate: 3 }])
    for (const boundary of [2, 3, 4]) {
      await world.to(boundary, 5)
      equal((await read(boundary)).code, 0)
    }
    await world.to(4, 10)
    const { deliveries } = await world.json<{ deliveries: Delivery[] }>(
      'alice', 'trade', 'deliveries', '1',
    )
    // 625 Wh at 4.80 are 3.00, and 200 Wh 0.96; each side pays the exchange 0.0005 a kWh.
    deepEqual(
      deliveries.map((one) => [
        one.obliged_wh, one.delivered_wh, one.result, one.seller_micros, one.buyer_micros,
      ]),
      [
        [625, 625, 'complete', 2_999_687, -3_000_313],
        [200, 200, 'complete', 959_900, -960_100],
        [625, 625, 'complete', 2_999_687, -3_000_313],
        [625, 625, 'complete', 2_999_687, -3_000_313],
      ],
    )
    const table = await world.as('bob', 'trade', 'deliveries', '1', '--from', at(1))
    match(table.out, /14:15Z +0\.625 kWh +0\.2 kWh +0\.2 kWh[\s\S]+by grid \(8\): transformer 12$/)
  })

  test('each retailer is told what not to bill, and has it proven', async () => {
    type Declared = { readonly declarations: readonly Record<string, unknown>[] }
    const own = ['retailer', 'declarations', '--from', at(1), '--until', at(2)]
    const { declarations } = await world.json<Declared>('south', ...own)
    deepEqual(
      declarations.map((one) => [one.meter, one.bought_wh, one.wheeling_micros_per_kwh]),
      [[1, 300, 12_000], [2, 100, 12_000]],
    )
    await settled()
    const proven = ['retailer', 'traded', '1', '--from', at(0), '--intervals', '5']
    const kept = world.file('answer.json')
    type Found = { readonly secret: string; readonly intervals: readonly Record<string, unknown>[] }
    const found = await world.json<Found>('south', ...proven, '--node', world.node, '--out', kept)
    deepEqual(
      found.intervals.map(({ kind, bought_wh: bought }) => [kind, bought]),
      [['traded', 725], ['traded', 300], ['traded', 725], ['traded', 725], ['unsettled', null]],
    )
    const again = [...proven, '--node', world.node, '--secret', found.secret, '--against', kept]
    const told = await world.as('south', ...again)
    deepEqual([told.code, told.out.includes('by the same secret as before')], [0, true])
    const foreign = await world.as('north', ...proven, '--node', world.node)
    deepEqual([foreign.code, foreign.err.split('\n')[0]], [3, 'busbar retailer: not_found: meter'])
  })

  test('the proof that is shown is checked here: no other chain and no other secret', async () => {
    const proven = ['retailer', 'traded', '1', '--from', at(0), '--intervals', '1']
    const other = ['--node', world.node, '--secret', `0x${'5e'.repeat(32)}`]
    const lied = await world.as('south', ...proven, ...other)
    deepEqual([lied.code, /proof_invalid/.test(lied.err)], [3, true])
    const kept = world.file('answer.json')
    const answer = JSON.parse(readFileSync(kept, 'utf8')) as { sequence: number }
    writeFileSync(kept, JSON.stringify({ ...answer, sequence: answer.sequence + 1 }))
    const forged = await world.as('south', ...proven, '--node', world.node, '--against', kept)
    writeFileSync(kept, JSON.stringify(answer))
    deepEqual([forged.code, /no answer that the exchange has signed/.test(forged.err)], [2, true])
    const nowhere = await world.as('south', ...proven, '--node', 'http://127.0.0.1:9')
    match(nowhere.err, /CHAIN_UNREACHABLE/)
  })

  test('an exchange that signs two things is caught by what was kept', async () => {
    const proven = ['retailer', 'traded', '1', '--from', at(0), '--intervals', '1']
    const known = ['--node', world.node, '--out', world.file('now.json')]
    await world.json('south', ...proven, ...known)
    writeFileSync(world.file('forged.json'), JSON.stringify(await world.forgedAnswer('now.json')))
    const against = ['--node', world.node, '--against', world.file('forged.json')]
    const { code, out } = await world.as('south', ...proven, ...against, '--json')
    const { evidence } = JSON.parse(out) as { evidence: { kind: string; interval: number } }
    deepEqual([code, evidence.kind, evidence.interval], [1, 'root', first])
    match((await world.as('south', ...proven, ...against)).out, /CONTRADICTION +the exchange has/)
  })

  test('a corrected reading is another run, whose root is the one that counts', async () => {
    const all = { alice: [0, 3_300], bob: [2_875, 0], carol: [400, 0] } as const
    deepEqual(JSON.parse((await world.read(4, all)).out).outcomes, { conflicting: 1, duplicate: 2 })
    deepEqual(JSON.parse((await world.read(4, { bob: all.bob }, 1)).out).outcomes, { counted: 1 })
    await world.to(4, 30)
    const proven = ['retailer', 'traded', '1', '--from', at(3), '--intervals', '1', '--json']
    const known = ['--node', world.node, '--against', world.file('answer.json')]
    for (let turn = 0; turn < 200; turn += 1) {
      const { code, out } = await world.as('south', ...proven, ...known)
      // Until its run is on the chain, the answer is under a root that nobody can compare.
      if (code === 0) {
        const { intervals, evidence } = JSON.parse(out) as Record<string, unknown>
        deepEqual([intervals, evidence], [
          [{ interval: first + 3, kind: 'traded', sold_wh: 0, bought_wh: 700 }], undefined,
        ])
        return
      }
      equal((JSON.parse(out) as { error: { code: string } }).error.code, 'proof_invalid')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    ok(false, 'the chain has no root of the corrected run')
  })

  test('prepaid money has moved, and the bill is put off for a fee', async () => {
    for (const interval of [6, 8, 9, 10]) await world.to(interval, 20)
    const { payments, prepaid_micros: left } = await world.json<Payments>(
      'carol', 'trade', 'payments',
    )
    // 400 Wh at 0.30, and 50 micros of fee an interval.
    deepEqual(payments.map(({ rail, state }) => [rail, state]), [['prepaid', 'captured']])
    equal(left, 50_000_000 - 120_200)
    const bill = (await world.json<Payments>('bob', 'trade', 'payments')).payments[0]
    deepEqual([bill?.rail, bill?.state], ['bill-seller', 'capturing'])
    type Houses = { readonly nettings: unknown[]; readonly owed: Record<string, unknown>[] }
    const { nettings, owed } = await world.json<Houses>('south', 'retailer', 'nettings')
    // Alice, of north, is paid 400 Wh at 0.30 less her fee; the exchange gets both sides' fees.
    const between = owed.map((one) => [one.debtor, one.creditor, one.amount_micros])
    deepEqual([nettings, between], [[], [[6, 1, 400], [6, 5, 119_800]]])
    const { out } = await world.as('south', 'retailer', 'nettings')
    match(out, /south \(6\) owes the exchange \(1\) 0\.000400, for the next netting/)
    const north = await world.json<Houses>('north', 'retailer', 'nettings')
    deepEqual(north.owed.map((one) => one.amount_micros), [119_800])
    const postponed = await world.json('bob', 'trade', 'postpone', String(bill?.payment))
    equal(postponed.payment, bill?.payment)
    match((await world.as('bob', 'trade', 'payments')).out, /You owe 0\.\d+ outside of the ledger/)
  })

  test('who does not pay is warned, may appeal, and pays by the retailer', async () => {
    for (const interval of [12, 14, 16, 18, 19]) await world.to(interval, 5)
    type Defaults = { readonly defaults: readonly { status: string; steps: { step: string }[] }[] }
    const { defaults } = await world.json<Defaults>('south', 'retailer', 'defaults')
    deepEqual(
      defaults.map(({ status, steps }) => [status, steps.map(({ step }) => step)]),
      [['open', ['warning']]],
    )
    match((await world.as('bob', 'trade', 'defaults')).out, /payment_overdue[\s\S]+trade appeal/)
    const letter = world.file('letter.txt', 'Dear bob, …')
    const step = ['retailer', 'record-step', '1', 'warning', '--evidence', letter]
    match((await world.as('south', ...step)).out, /warning is shown by 0x[0-9a-f]{64}/)
    equal((await world.json('bob', 'trade', 'appeal', '1', letter)).status, 'appealed')
    const decided = await world.json('operator', 'authority', 'decide-appeal', '1', 'no')
    equal(decided.status, 'open')
    ok(!(await world.as('bob', 'trade', 'defaults')).out.includes('trade appeal'), 'one is heard')
    const recovery = ['retailer', 'recovery', '1', '0.05', '--reference', 'cash-1']
    equal((await world.json('south', ...recovery)).amount_micros, 50_000)
  })
})

describe('beside the first way', () => {
  const later = (interval: number): readonly string[] =>
    ['--from', at(interval), '--intervals', '2']

  test('two ladders meet half way, and both sign what is proposed', async () => {
    const buy = ['--buy', '--energy', '400Wh', ...later(40)]
    const ladder = 'alice@0.28, zone:street/solar@0.25, anyone@0.20'
    const bought = await world.json('carol', 'trade', 'offer', ...buy, '--ladder', ladder)
    equal(bought.status, 'open')
    const sell = ['--sell', '--source', 'solar', '--energy', '400Wh', ...later(40)]
    await world.json('alice', 'trade', 'offer', ...sell, '--ladder', 'carol@0.20, anyone@0.30')
    const board = await world.busbar('trade', 'board', '--zone', 'street', '--server', world.url)
    match(board.out, /buy +carol \(11\).+zone:0\/solar@0\.25, anyone@0\.2 /)
    ok(!board.out.includes('alice@'), 'who is whose sister is shown to nobody')
    match((await world.as('carol', 'trade', 'offers')).out, / alice@0\.28, zone:0\/solar@0\.25/)
    await world.client.setClock((await world.client.market()).clock.nowMs)
    const [met] = (await world.json<{ trades: Shown[] }>('carol', 'trade', 'list')).trades
      .filter(({ status }) => status === 'invited')
    const trade = String(met?.trade)
    match((await world.as('alice', 'trade', 'show', trade)).out, /because two offers met/)
    const contract = digitsOf(await shown('carol', Number(trade)))
    const half = await world.as('carol', 'trade', 'accept', trade, contract)
    match(half.out, /price +0\.24000 per kWh[\s\S]+in force when the other side signs, too/)
    equal((await world.json('alice', 'trade', 'accept', trade, contract)).status, 'agreed')
    const left = await world.busbar('trade', 'board', '--json', '--server', world.url)
    deepEqual(JSON.parse(left.out), { offers: [] })
  })

  test('an offer is answered with an invitation, and taken off the board', async () => {
    const sell = ['--sell', '--energy', '100Wh', ...later(44), '--ladder', 'anyone@0.30']
    const { offer } = await world.json('alice', 'trade', 'offer', ...sell)
    const answer = ['trade', 'propose', '--offer', String(offer), '--price', '0.29']
    const { trade } = await world.json<{ trade: number }>('carol', ...answer)
    match((await world.as('alice', 'trade', 'decline', String(trade))).out, /is declined/)
    const taken = await world.json('alice', 'trade', 'withdraw', '--offer', String(offer))
    equal(taken.status, 'withdrawn')
    equal((await world.as('carol', 'trade', 'propose', '--offer', String(offer))).code, 2)
  })

  test('what is agreed is changed, left or ended by who may', async () => {
    const terms = ['--energy', '300Wh', '--price', '0.3', '--exit-fee', '0.05']
    const one = await world.agreed('alice', 'carol', ...terms, ...later(50))
    const change = ['trade', 'modify', String(one), '--energy', '200Wh']
    const { contract } = await world.json<{ contract: string }>('alice', ...change)
    equal((await shown('carol', one)).proposal?.contract, contract)
    await world.json('carol', 'trade', 'accept', String(one), contract)
    equal((await shown('carol', one)).versions.length, 2)
    match((await world.as('carol', 'trade', 'exit', String(one))).out, /is exited\. You have left/)
    const two = await world.agreed('alice', 'carol', ...terms, ...later(54))
    const ended = await world.json<{ contract: string }>('carol', 'trade', 'cancel', String(two))
    match((await world.as('alice', 'trade', 'show', String(two))).out, /energy +none: it ends/)
    const sign = ['trade', 'accept', String(two), ended.contract]
    equal((await world.json('alice', ...sign)).status, 'cancelled')
    const three = await world.json<{ trade: number }>(
      'alice', 'trade', 'propose', '--sell', '--with', world.file('carol.json'), ...terms,
      ...later(58),
    )
    match((await world.as('alice', 'trade', 'withdraw', String(three.trade))).out, /is withdrawn/)
  })

  test('a key that the old one approves of signs contracts at once', async () => {
    const fresh = world.file('carol-2.key')
    const made = await world.busbar('key', 'new', fresh, '--plain', '--json')
    const { public_key: publicKey, address } = JSON.parse(made.out) as Record<string, string>
    const approve = ['key', 'approve', world.file('carol.key'), '--public-key', publicKey ?? '']
    const who = ['--as', 'carol', '--server', world.url, '--json']
    const { approval } = JSON.parse((await world.busbar(...approve, ...who)).out) as {
      approval: string
    }
    const participant = world.accountOf('carol')
    const content = { participant, address, publicKey, approval }
    await world.instruct('operator', 'replace_key', content)
    equal((await world.as('carol', 'trade', 'list')).code, 2, 'the old key is nobody’s')
    writeFileSync(world.file('carol.key'), readFileSync(fresh))
    await world.agreed('carol', 'alice', '--energy', '100Wh', '--price', '0.3', ...later(62))
    const before = await world.as('carol', 'trade', 'show', '2')
    match(before.out, /the buyer has signed with a key that is not registered any more/)
  })

  test('retailers and utilities see their part of a trade', async () => {
    const text = (await world.as('south', 'trade', 'show', '1')).out
    match(text, /customer +bob \(10\) buys by meter 1/)
    match((await world.as('grid', 'trade', 'show', '1')).out, /put in +meter 0 in zone 0/)
    match((await world.as('north', 'trade', 'list')).out, /alice \(9\) sells/)
    ok(!text.includes('alice') && !text.includes('4.80'), 'neither the other side nor the price')
  })

  const sell = ['trade', 'propose', '--sell', '--energy', '1kWh', '--price', '1', '--from', '+9']
  const wrong: readonly (readonly [Name, args: readonly string[], code: number, RegExp])[] = [
    ['alice', ['trade'], 2, /trade takes one of card, propose, .+; it was given nothing/],
    ['alice', ['trade', 'sell'], 2, /it was given sell/],
    ['alice', sell, 2, /--with is missing: the other side, or an --offer/],
    ['alice', [...sell, '--with', 'carol'], 2, /--their-meter and --their-retailer are missing/],
    ['alice', [...sell, '--with', 'nobody'], 2, /--with is nobody, and no participant/],
    ['alice', ['trade', 'accept', '1'], 2, /CONTRACT is missing/],
    ['alice', ['trade', 'accept', 'x', '0x12345678'], 2, /TRADE is x; it takes a whole number/],
    ['alice', ['trade', 'show', '999'], 3, /not_found/],
    ['alice', ['trade', 'exit', '1'], 2, /trade 1 is completed: nothing of it changes/],
    ['grid', ['trade', 'modify', '1'], 2, /trade 1 is not yours/],
    ['grid', ['utility', 'limit', '1', '--energy', '1', '--reason', 'r'], 2, /energy with its/],
    ['north', ['retailer', 'top-up', 'bob', '5', '--reference', 'x'], 3, /retailer_mismatch/],
    ['north', ['retailer', 'top-up', 'alice', '0', '--reference', 'x'], 2, /more than 0/],
    ['alice', ['authority', 'assign-utility', 'street', 'grid'], 3, /role_missing/],
    ['operator', ['authority', 'assign-utility', 'lane', 'grid'], 2, /the market has street \(0\)/],
    ['operator', ['authority', 'decide-appeal', '1', 'perhaps'], 2, /it takes yes, no/],
  ]
  for (const [name, args, code, words] of wrong) {
    test(`busbar ${args.join(' ')} says what is wrong`, async () => {
      const ran = await world.as(name, ...args)
      deepEqual({ code: ran.code, out: ran.out }, { code, out: '' })
      match(ran.err, words)
    })
  }

  test('a key that is not the one who speaks is told before anything is asked', async () => {
    const wrongKey = ['--as', 'alice', '--key', world.file('carol.key'), '--server', world.url]
    const ran = await world.busbar('trade', 'list', ...wrongKey)
    deepEqual([ran.code, /carol\.key is not the key of alice/.test(ran.err)], [2, true])
    const none = await world.busbar('trade', 'list', '--as', 'alice', '--server', world.url)
    match(none.err, /--key is missing: alice is not of the simulation with seed 1/)
  })
})

/** All export and import as contracted; carol takes her tenth of a kilowatt-hour. */
const read = (boundary: number) =>
  world.read(boundary, {
    alice: [0, boundary * 825],
    bob: [boundary * 725, 0],
    carol: [boundary * 100, 0],
  })

/** Until the chain has the roots of what was settled. */
async function settled(): Promise<void> {
  const proven = ['retailer', 'traded', '1', '--from', at(3), '--intervals', '1']
  for (let turn = 0; turn < 200; turn += 1) {
    const { out } = await world.as('south', ...proven, '--node', world.node)
    if (/14:45Z .+ proven/.test(out)) return
    await world.client.setClock((await world.client.market()).clock.nowMs)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  ok(false, 'the chain has no root of the last interval')
}
