/**
 * Goal: a prepaid balance is spent once for each payment, never more than is there, and every micro
 * that one customer loses another one gets.
 * Method: stories of payments and a table of refusals on a store on disk; then any sequence of
 * steps, beside a plain count of balances, with every step asked twice. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import type { RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import type { BankLink } from './bank-link.ts'
import { RetailerNetting } from './retailer-netting.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const folder = mkdtempSync(join(tmpdir(), 'busbar-prepaid-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let worlds = 0

const noBank: BankLink = {
  hand: () => Promise.reject(new Error('no bank in this test')),
  files: () => Promise.reject(new Error('no bank in this test')),
  read: () => Promise.reject(new Error('no bank in this test')),
}

/** Accounts 41, 42 are customers of retailer 4, and so on. */
function newWorld() {
  worlds += 1
  const clock = { now: 1_000 }
  const rail = new RetailerNetting({
    path: join(folder, `${worlds}.sqlite`),
    prefix: 'T',
    currency: 'EUR',
    initiator: 'Market',
    bankOf: (retailer) => ({ name: `Retailer ${retailer}`, account: `R-${retailer}` }),
    retailerOf: (account) => Math.floor(account / 10),
    bank: noBank,
    now: () => clock.now,
  })
  return { rail, clock }
}

const request: RailRequest = {
  key: 'k1',
  payment: 1,
  payer: 41,
  payee: 51,
  amountMicros: 25_000n,
  dueAt: 1_000,
  reference: '',
  expiresAt: 2_000,
}
const by = (key: string, more: Partial<RailRequest> = {}): RailRequest => ({
  ...request,
  key,
  ...more,
})

describe('a payment', () => {
  test('is reserved, renewed, taken in part and given back in part', async () => {
    const { rail, clock } = newWorld()
    rail.topUp('t1', 41, 30_000n)
    const reserved = await rail.reserve(request)
    deepEqual(reserved, {
      state: 'reserved',
      reference: 'prepaid:1',
      amountMicros: 25_000n,
      expiresAt: 2_000,
      reason: '',
    })
    deepEqual([rail.balance(41), rail.available(41)], [30_000n, 5_000n])
    const renewed = await rail.renew(by('k2', { expiresAt: 9_000 }))
    deepEqual(renewed, { ...reserved, expiresAt: 9_000 })
    clock.now = 5_000
    const captured = await rail.capture(by('k3', { amountMicros: 20_000n }))
    const taken = { ...reserved, state: 'captured', amountMicros: 20_000n, expiresAt: null }
    deepEqual(captured, taken)
    deepEqual([rail.available(41), rail.balance(51)], [10_000n, 20_000n])
    deepEqual(await rail.refund(by('k4', { amountMicros: 1_000n })), {
      ...taken,
      amountMicros: 1_000n,
    })
    deepEqual([rail.balance(41), rail.balance(51), rail.between(4, 5)], [11_000n, 19_000n, 19_000n])
    equal(rail.between(5, 4), -19_000n)
    deepEqual(await rail.look(by('')), taken)
    rail.close()
  })

  test('is collected at once', async () => {
    const { rail } = newWorld()
    rail.topUp('t1', 41, 25_000n)
    equal((await rail.collect(request)).state, 'captured')
    deepEqual([rail.balance(41), rail.balance(51)], [0n, 25_000n])
    rail.close()
  })

  test('among customers of one retailer leaves nothing between retailers', async () => {
    const { rail } = newWorld()
    rail.topUp('t1', 41, 25_000n)
    await rail.collect({ ...request, payee: 42 })
    equal(rail.net(9_000), undefined)
    equal(rail.balance(42), 25_000n)
    rail.close()
  })

  test('is released, or expires, and the balance is free again', async () => {
    const { rail, clock } = newWorld()
    rail.topUp('t1', 41, 25_000n)
    await rail.reserve(request)
    equal((await rail.release(by('k2'))).state, 'released')
    equal(rail.available(41), 25_000n)
    equal((await rail.reserve(by('k3'))).state, 'reserved')
    clock.now = 2_000
    equal(rail.available(41), 25_000n)
    for (const step of ['capture', 'renew', 'release'] as const) {
      equal((await rail[step](by(step))).state, 'expired')
    }
    equal((await rail.look(request)).state, 'expired')
    equal(rail.between(4, 5), 0n)
    rail.close()
  })

  test('fails where the balance is too small, and can be tried anew after a top-up', async () => {
    const { rail } = newWorld()
    rail.topUp('t1', 41, 24_999n)
    const failed = {
      state: 'failed',
      reference: 'prepaid:1',
      amountMicros: 0n,
      expiresAt: null,
      reason: 'prepaid_insufficient',
    }
    deepEqual(await rail.reserve(request), failed)
    rail.topUp('t2', 41, 1n)
    deepEqual(await rail.reserve(request), failed)
    equal((await rail.reserve(by('k2'))).state, 'reserved')
    equal((await rail.reserve(by('k3', { payment: 2 }))).state, 'failed')
    rail.close()
  })

  test('and a top-up have their effect once, over a restart too', async () => {
    const { rail, clock } = newWorld()
    rail.topUp('t1', 41, 60_000n)
    await rail.collect(request)
    rail.close()
    const again = new RetailerNetting({
      path: join(folder, `${worlds}.sqlite`),
      prefix: 'T',
      currency: 'EUR',
      initiator: 'Market',
      bankOf: (retailer) => ({ name: `Retailer ${retailer}`, account: `R-${retailer}` }),
      retailerOf: (account) => Math.floor(account / 10),
      bank: noBank,
      now: () => clock.now,
    })
    again.topUp('t1', 41, 60_000n)
    equal((await again.collect(request)).state, 'captured')
    deepEqual(
      [again.balance(41), again.balance(51), again.between(4, 5)],
      [35_000n, 25_000n, 25_000n],
    )
    again.close()
  })
})

describe('what is refused', () => {
  type Ask = (rail: RetailerNetting) => Promise<RailAnswer>
  const cases: readonly (readonly [string, string, Ask])[] = [
    [
      'a key that meant something else',
      'key_reused',
      (rail) => rail.reserve({ ...request, amountMicros: 1n }),
    ],
    ['a key of another step', 'key_reused', (rail) => rail.release(request)],
    ['a second reservation of a payment', 'payment_exists', (rail) => rail.reserve(by('k2'))],
    ['to collect what is reserved', 'payment_exists', (rail) => rail.collect(by('k2'))],
    [
      'more than is reserved',
      'amount_exceeded',
      (rail) => rail.capture(by('k2', { amountMicros: 25_001n })),
    ],
    ['nothing', 'amount_invalid', (rail) => rail.capture(by('k2', { amountMicros: 0n }))],
    [
      'less than nothing',
      'amount_invalid',
      (rail) => rail.reserve(by('k2', { payment: 2, amountMicros: -1n })),
    ],
    ['a payment nobody made', 'not_found', (rail) => rail.capture(by('k2', { payment: 2 }))],
    ['to look at it', 'not_found', (rail) => rail.look(by('', { payment: 2 }))],
    [
      'another payer',
      'the payment is another one',
      (rail) => rail.capture(by('k2', { payer: 42 })),
    ],
    [
      'another reference',
      'the payment is another one',
      (rail) => rail.capture(by('k2', { reference: 'prepaid:2' })),
    ],
    ['a refund of what is not paid', 'refund_exceeded', (rail) => rail.refund(by('k2'))],
  ]
  for (const [what, reason, ask] of cases) {
    test(what, async () => {
      const { rail } = newWorld()
      rail.topUp('t1', 41, 60_000n)
      await rail.reserve(request)
      await rejects(ask(rail), (error) => {
        ok(error instanceof Fault)
        deepEqual([error.code, error.details['reason']], ['RAIL_REFUSED', reason])
        return true
      })
      deepEqual([rail.balance(41), rail.available(41)], [60_000n, 35_000n])
      rail.close()
    })
  }

  test('a top-up of the same id and another amount, or of nothing', () => {
    const { rail } = newWorld()
    rail.topUp('t1', 41, 1n)
    throws(() => rail.topUp('t1', 41, 2n), { code: 'RAIL_REFUSED' })
    throws(() => rail.topUp('t1', 42, 1n), { code: 'RAIL_REFUSED' })
    throws(() => rail.topUp('t2', 41, 0n), { code: 'RAIL_REFUSED' })
    equal(rail.balance(41), 1n)
    rail.close()
  })
})

test('whatever is asked, twice, balances are as a plain count says', async () => {
  const money = ['reserve', 'renew', 'capture', 'release', 'refund'] as const
  const step = fc.record({
    step: fc.oneof(fc.constantFrom(...money, 'wait'), fc.constantFrom('collect', 'net')),
    payment: fc.integer({ min: 1, max: 12 }),
    amount: fc.oneof(
      { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 15_000n }) },
      fc.bigInt({ min: 1n, max: 60_000n }),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { rail, clock } = newWorld()
      const accounts = [41, 42, 51, 61]
      const counted = new Map(accounts.map((account) => [account, 40_000n]))
      for (const account of accounts) rail.topUp(`t${account}`, account, 40_000n)
      const move = (payer: number, payee: number, micros: bigint): void => {
        counted.set(payer, (counted.get(payer) ?? 0n) - micros)
        counted.set(payee, (counted.get(payee) ?? 0n) + micros)
      }
      for (const [place, { step: name, payment, amount }] of steps.entries()) {
        if (name === 'wait') clock.now += 700
        else if (name === 'net') rail.net(clock.now)
        else {
          const [payer = 0, payee = 0] = [accounts[payment % 4], accounts[(payment + 1) % 4]]
          const times = { dueAt: clock.now, expiresAt: clock.now + 1_000 }
          const what = {
            ...request,
            key: `${place}`,
            payment,
            payer,
            payee,
            ...times,
            amountMicros: amount,
          }
          const ask = async (): Promise<RailAnswer | string> => {
            try {
              return await rail[name](what)
            } catch (error) {
              ok(error instanceof Fault)
              return error.code
            }
          }
          const before = await rail.look({ ...what, reference: '' }).catch(() => undefined)
          const answer = await ask()
          const isPaid = typeof answer === 'object' && answer.state === 'captured'
          const wasPaid = before?.state === 'captured'
          if (isPaid && name === 'refund') move(payee, payer, amount)
          else if (isPaid && !wasPaid) move(payer, payee, amount)
          const again = await ask()
          deepEqual(again, answer)
          ok(rail.available(payer) <= rail.balance(payer))
        }
        for (const account of accounts) equal(rail.balance(account), counted.get(account))
      }
      const transferred = (retailer: number): bigint =>
        rail.transfers().reduce((sum, { debtor, creditor, amountMicros }) => {
          if (debtor === retailer) return sum + amountMicros
          return creditor === retailer ? sum - amountMicros : sum
        }, 0n)
      for (const retailer of [4, 5, 6]) {
        const lost = accounts
          .filter((account) => Math.floor(account / 10) === retailer)
          .reduce((sum, account) => sum + 40_000n - rail.balance(account), 0n)
        const others = [4, 5, 6].filter((other) => other !== retailer)
        const between = others.reduce((sum, other) => sum + rail.between(retailer, other), 0n)
        equal(between + transferred(retailer), lost)
      }
      rail.close()
    }),
    { ...replay, numRuns: 60 },
  )
})
