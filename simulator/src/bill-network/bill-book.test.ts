/**
 * Goal: the network's books hold: a bill is paid at most once, in full, to those it belongs to; and
 * whoever may not do something is told why.
 * Method: a story for each ending of a bill, a table of refusals in the order of precedence, and
 * any sequence of messages and times with the money counted after each. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { BillCode, BillTerms } from '@busbar/protocols/bill-presentment'
import fc from 'fast-check'
import { newWorld, removeWorlds, terms, type Write } from './testing/bill-world.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

after(removeWorlds)

const named = { biller: 'seller', bill: 'b1' }
const present = (change: Partial<BillTerms> = {}): Write => ({
  kind: 'present-bill',
  terms: { ...terms, ...change },
})
const half = {
  amountCents: 1_250n,
  shares: [
    { party: 'seller', amountCents: 1_225n },
    { party: 'platform', amountCents: 25n },
  ],
}

const balances = ({ parties }: ReturnType<typeof newWorld>): object =>
  Object.fromEntries(
    parties
      .list()
      .filter(({ balanceCents }) => balanceCents !== 0)
      .map(({ name, balanceCents }) => [name, balanceCents]),
  )

describe('what becomes of a bill', () => {
  const endings: readonly {
    readonly what: string
    readonly payer: string
    readonly acts?: readonly (readonly [at: number, body: Write, institution?: string])[]
    readonly state: string
    readonly overdue?: boolean
    readonly told: readonly string[]
    readonly balances: object
  }[] = [
    {
      what: 'paid at once',
      payer: 'prompt',
      state: 'paid',
      told: ['bill-paid 2'],
      balances: { prompt: -2_500, seller: 2_450, platform: 50 },
    },
    {
      what: 'paid late',
      payer: 'late',
      state: 'paid',
      overdue: true,
      told: ['bill-overdue 2', 'bill-paid 3'],
      balances: { late: -2_500, seller: 2_450, platform: 50 },
    },
    {
      what: 'never paid',
      payer: 'never',
      state: 'expired',
      overdue: true,
      told: ['bill-overdue 2', 'bill-closed 3'],
      balances: {},
    },
    {
      what: 'without the money',
      payer: 'poor',
      state: 'expired',
      overdue: true,
      told: ['bill-overdue 2', 'bill-closed 3'],
      balances: {},
    },
    {
      what: 'cancelled',
      payer: 'prompt',
      acts: [[1_005, { kind: 'cancel-bill', ...named, note: '' }]],
      state: 'cancelled',
      told: ['bill-closed 2'],
      balances: {},
    },
    {
      what: 'paid by its bank',
      payer: 'guest',
      acts: [[1_005, { kind: 'pay-bill', ...named, payer: 'guest', amountCents: 2_500n }, 'bank']],
      state: 'paid',
      told: ['bill-paid 2'],
      balances: { guest: -2_500, seller: 2_450, platform: 50 },
    },
    {
      what: 'refused by its payer',
      payer: 'guest',
      acts: [[1_005, { kind: 'refuse-bill', ...named, payer: 'guest' }, 'bank']],
      state: 'refused',
      told: ['bill-closed 2'],
      balances: {},
    },
    {
      what: 'adjusted and paid',
      payer: 'prompt',
      acts: [[1_005, { kind: 'adjust-bill', ...named, ...half, note: 'less' }]],
      state: 'paid',
      told: ['bill-paid 3'],
      balances: { prompt: -1_250, seller: 1_225, platform: 25 },
    },
    {
      what: 'paid and given back in part, twice',
      payer: 'prompt',
      acts: [
        [1_100, { kind: 'refund-bill', ...named, ...half }],
        [
          1_200,
          {
            kind: 'refund-bill',
            ...named,
            amountCents: 1_225n,
            shares: [{ party: 'seller', amountCents: 1_225n }],
          },
        ],
      ],
      state: 'paid',
      told: ['bill-paid 2', 'bill-refunded 3', 'bill-refunded 4'],
      balances: { prompt: -25, platform: 25 },
    },
  ]
  for (const ending of endings) {
    test(ending.what, () => {
      const world = newWorld()
      equal(world.write(present({ payer: ending.payer })), 'ok')
      for (const [at, body, institution] of ending.acts ?? []) {
        world.pass(at)
        equal(world.write(body, at, institution), 'ok')
      }
      for (const at of [1_500, 2_005, 2_500, 9_000, 20_000]) world.pass(at)
      const status = world.book.find(named)
      deepEqual([status?.state, status?.isOverdue], [ending.state, ending.overdue ?? false])
      deepEqual(
        world.told,
        ending.told.map((one) => `market ${one}`),
      )
      deepEqual(balances(world), ending.balances)
      world.store.close()
    })
  }

  test('the same when all of the time passes at once', () => {
    for (const { payer, told, acts } of endings) {
      if (acts !== undefined) continue
      const world = newWorld()
      world.write(present({ payer }))
      world.pass(20_000)
      deepEqual(
        world.told,
        told.map((one) => `market ${one}`),
        payer,
      )
      world.store.close()
    }
  })
})

describe('what is refused', () => {
  const cancel: Write = { kind: 'cancel-bill', ...named, note: '' }
  const refund: Write = { kind: 'refund-bill', ...named, ...half }
  const pay: Write = { kind: 'pay-bill', ...named, payer: 'guest', amountCents: 2_500n }
  type Case = readonly [
    code: BillCode,
    before: readonly Write[],
    body: Write,
    institution?: string,
    at?: number,
  ]
  const cases: readonly Case[] = [
    ['biller_foreign', [], { kind: 'register-biller', biller: 'seller', name: 'x' }, 'bank'],
    ['biller_foreign', [present()], cancel, 'bank'],
    ['biller_unknown', [], present({ biller: 'nobody' })],
    ['payer_unknown', [], present({ payer: 'nobody' })],
    ['payer_unknown', [present()], { ...pay, payer: 'nobody' } as Write, 'bank'],
    ['payer_foreign', [present({ payer: 'guest' })], pay, 'market'],
    ['party_unknown', [], present({ shares: [{ party: 'nobody', amountCents: 2_500n }] })],
    [
      'party_unknown',
      [present()],
      {
        kind: 'adjust-bill',
        ...named,
        amountCents: 1n,
        shares: [{ party: 'nobody', amountCents: 1n }],
        note: '',
      },
    ],
    ['bill_exists', [present()], present({ dueAtMs: 3_000 })],
    ['bill_exists', [present()], present({ shares: [{ party: 'seller', amountCents: 2_500n }] })],
    ['bill_unknown', [], cancel],
    ['bill_unknown', [present()], pay, 'bank'],
    ['bill_paid', [present({ payer: 'prompt' })], cancel, 'market', 1_500],
    ['bill_paid', [present({ payer: 'guest' })], pay, 'bank'],
    [
      'bill_closed',
      [present()],
      { kind: 'adjust-bill', ...named, ...half, note: '' },
      'market',
      9_000,
    ],
    ['bill_unpaid', [present()], refund],
    ['bill_unpaid', [present(), cancel], refund],
    [
      'amount_differs',
      [present({ payer: 'guest' })],
      { ...pay, amountCents: 2_499n } as Write,
      'bank',
    ],
    [
      'refund_exceeded',
      [present({ payer: 'prompt' })],
      {
        kind: 'refund-bill',
        ...named,
        amountCents: 2_500n,
        shares: [{ party: 'seller', amountCents: 2_500n }],
      },
      'market',
      1_500,
    ],
  ]
  for (const [code, before, body, institution = 'market', at = 1_001] of cases) {
    test(`${code}: ${body.kind}`, () => {
      const world = newWorld()
      for (const one of before) equal(world.write(one), 'ok')
      if (code === 'bill_paid' && body.kind === 'pay-bill') {
        equal(world.write(body, 1_000, 'bank'), 'ok')
      }
      world.pass(at)
      const [status, moves] = [world.book.find(named), world.parties.moves(0)]
      equal(world.write(body, at, institution), code)
      deepEqual([world.book.find(named), world.parties.moves(0)], [status, moves])
      world.store.close()
    })
  }

  test('funds_insufficient: of a payer, and of those who give back', () => {
    const world = newWorld()
    world.parties.put({
      name: 'guest',
      institution: 'bank',
      pays: 'never',
      delayMs: 0,
      creditCents: 9,
    })
    world.write(present({ payer: 'guest' }))
    equal(world.write(pay, 1_000, 'bank'), 'funds_insufficient')
    world.write(present({ payer: 'prompt', bill: 'b2' }))
    world.pass(1_500)
    world.admit('seller', 'never', 0)
    const all = { amountCents: 2_450n, shares: [{ party: 'seller', amountCents: 2_450n }] }
    equal(world.write({ kind: 'refund-bill', biller: 'seller', bill: 'b2', ...all }), 'ok')
    world.write(present({ payer: 'prompt', bill: 'b3' }), 3_000)
    world.pass(3_500)
    const out = {
      ...present({
        bill: 'b4',
        biller: 'seller',
        payer: 'seller',
        shares: [{ party: 'platform', amountCents: 2_500n }],
      }),
    }
    world.admit('seller', 'at-once', 100)
    world.write(out, 4_000)
    world.pass(4_001)
    world.admit('seller', 'never', 0)
    equal(
      world.write({ kind: 'refund-bill', biller: 'seller', bill: 'b3', ...all }),
      'funds_insufficient',
    )
    world.store.close()
  })
})

test('whatever is asked and however time passes, money is neither made nor lost', () => {
  const payer = fc.constantFrom('prompt', 'late', 'never', 'poor', 'guest')
  const bill = fc.constantFrom('b1', 'b2', 'b3')
  const act = fc.oneof(
    fc.record({ kind: fc.constant('present' as const), bill, payer }),
    fc.record({ kind: fc.constantFrom('cancel', 'adjust', 'refund', 'pay', 'refuse'), bill }),
    fc.record({ kind: fc.constant('pass' as const), by: fc.nat(2_500) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const world = newWorld()
      let now = 1_000
      for (const one of acts) {
        const own = 'bill' in one ? { biller: 'seller', bill: one.bill } : named
        if (one.kind === 'pass') now += one.by
        world.pass(now)
        if (one.kind === 'present') {
          const times = { dueAtMs: now + 500, expiresAtMs: now + 3_000 }
          world.write(present({ bill: one.bill, payer: one.payer, ...times }), now)
        }
        if (one.kind === 'cancel') world.write({ kind: 'cancel-bill', ...own, note: '' }, now)
        if (one.kind === 'adjust')
          world.write({ kind: 'adjust-bill', ...own, ...half, note: '' }, now)
        if (one.kind === 'refund') world.write({ kind: 'refund-bill', ...own, ...half }, now)
        const paid = world.book.find(own)
        if (one.kind === 'pay' && paid !== null) {
          const { amountCents } = paid
          world.write({ kind: 'pay-bill', ...own, payer: 'guest', amountCents }, now, 'bank')
        }
        if (one.kind === 'refuse')
          world.write({ kind: 'refuse-bill', ...own, payer: 'guest' }, now, 'bank')
      }
      const moves = world.parties.moves(0)
      equal(
        moves.reduce((sum, { cents }) => sum + cents, 0),
        0,
      )
      let expected = 0n
      for (const name of ['b1', 'b2', 'b3']) {
        const status = world.book.find({ biller: 'seller', bill: name })
        if (status === null) continue
        equal(status.state === 'paid', status.payment !== '')
        const own = moves.filter(({ payment }) => payment.split(':')[0] === status.payment)
        const paid = own.filter(({ kind, cents }) => kind === 'payment' && cents < 0)
        deepEqual(
          paid.map(({ cents }) => BigInt(-cents)),
          status.payment === '' ? [] : [status.amountCents],
        )
        const back = own.filter(({ kind, cents }) => kind === 'refund' && cents > 0)
        equal(
          back.reduce((sum, { cents }) => sum + BigInt(cents), 0n),
          status.refundedCents,
        )
        ok(status.refundedCents <= status.amountCents)
        if (status.payment !== '') expected += status.amountCents - status.refundedCents
      }
      const got = world.parties
        .list()
        .filter(({ name }) => name === 'seller' || name === 'platform')
      equal(
        got.reduce((sum, { balanceCents }) => sum + BigInt(balanceCents), 0n),
        expected,
      )
      world.store.close()
    }),
    { ...replay, numRuns: 40 },
  )
})
