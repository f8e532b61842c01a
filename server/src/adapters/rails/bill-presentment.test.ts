/**
 * Goal: whatever happens between market and bill network, each payment is billed and paid once.
 * Method: the network's simulator in a process of its own, misbehaving in each way it can, dying at
 * every step of each message; and a caller in a process of its own, killed between every two steps.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '@busbar/core/errors'
import type { PaymentRail, RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import { BillingMarket } from '../../testing/billing-market.ts'
import { marketKeys } from '../../testing/network-process.ts'

const market = new BillingMarket()
const { network, seller, buyer, never, late } = market
const { billing, payment, next, movesSince, countOfMoves, pass } = market
const dayMs = 86_400_000
let rail: PaymentRail

before(async () => {
  await market.start()
  rail = billing()
})
after(() => network.remove())

describe('a bill', () => {
  test('is presented and paid, and a part of it given back', async () => {
    const count = await countOfMoves()
    const request = payment()
    const presented = await rail.collect(request)
    deepEqual(presented, {
      state: 'pending',
      reference: `bill:district.8|district.payment.${request.payment}`,
      amountMicros: 25_000_000n,
      expiresAt: request.expiresAt,
      reason: '',
    })
    const paid = await rail.look(next(request, presented, ''))
    deepEqual(paid, { ...presented, state: 'captured', expiresAt: null })
    deepEqual(await rail.collect(request), paid)
    const back = await rail.refund(next(request, paid, 'refund', { amountMicros: 5_000_000n }))
    deepEqual(back, { ...paid, amountMicros: 5_000_000n })
    deepEqual(await movesSince(count), ['7 -2500', '8 2500', '8 -500', '7 500'])
  })

  test('is found again by its payment where no answer came', async () => {
    const request = payment()
    await rail.collect(request)
    equal((await rail.look(request)).state, 'captured')
    await rejects(rail.look(payment()), { code: 'RAIL_REFUSED' })
  })

  test('is overdue, and paid late', async () => {
    const request = payment({ payer: late })
    const presented = await rail.collect(request)
    await pass(dayMs)
    const overdue = await rail.look(next(request, presented, ''))
    deepEqual([overdue.state, overdue.reason], ['pending', 'overdue'])
    await pass(1_000)
    const paid = await rail.look(next(request, presented, ''))
    deepEqual([paid.state, paid.reason], ['captured', ''])
  })

  test('that is never paid expires, and cannot be paid after that', async () => {
    const count = await countOfMoves()
    const request = payment({ payer: never })
    const presented = await rail.collect(request)
    await pass(30 * dayMs)
    const expired = await rail.look(next(request, presented, ''))
    deepEqual(expired, { ...presented, state: 'expired', expiresAt: null })
    await network.admitParty(`district.${never}`, 'at-once')
    await pass(1)
    deepEqual(await rail.look(next(request, presented, '')), expired)
    await network.admitParty(`district.${never}`, 'never')
    deepEqual(await movesSince(count), [])
  })

  test('is taken back, unless it was paid', async () => {
    const count = await countOfMoves()
    const request = payment({ payer: never })
    const presented = await rail.collect(request)
    const released = await rail.release(next(request, presented, 'release'))
    deepEqual(released, { ...presented, state: 'released', expiresAt: null })
    deepEqual(await rail.release(next(request, presented, 'release/2')), released)
    deepEqual(await movesSince(count), [])
    const other = payment()
    const bill = await rail.collect(other)
    equal((await rail.release(next(other, bill, 'release'))).state, 'captured')
    deepEqual(await movesSince(count), ['7 -2500', '8 2500'])
  })

  test('of nobody that the network knows fails', async () => {
    const failed = await rail.collect(payment({ payer: 99 }))
    deepEqual([failed.state, failed.reason], ['failed', 'payer_unknown'])
  })
})

describe('what is refused', () => {
  type Ask = (request: RailRequest, presented: RailAnswer) => Promise<unknown>
  const cases: readonly (readonly [string, RegExp, Ask])[] = [
    ['to set money aside', /set no money/, (request) => rail.reserve(request)],
    [
      'what is not in whole cents',
      /whole cents/,
      (request) => rail.collect({ ...request, key: `${request.key}/2`, amountMicros: 19_999n }),
    ],
    [
      'a part that is not in whole cents',
      /whole cents/,
      (request) => {
        const shares = [{ from: request.payer, to: market.platform, amountMicros: 1n }]
        return rail.collect({ ...request, key: `${request.key}/2`, shares })
      },
    ],
    ['to keep it set aside', /set no money/, (request) => rail.renew(request)],
    ['to take what was set aside', /set no money/, (request) => rail.capture(request)],
    [
      'another amount by the same key',
      /message_exists/,
      (request) => rail.collect({ ...request, amountMicros: 1_000_000n }),
    ],
    [
      'a second bill for a payment',
      /bill_exists/,
      (request) => rail.collect({ ...request, key: `${request.key}/2`, amountMicros: 1_000_000n }),
    ],
    [
      'a key of another step',
      /message_exists/,
      (request, presented) => rail.release({ ...request, reference: presented.reference }),
    ],
    [
      'a refund of what was not paid',
      /bill_unpaid/,
      (request, presented) => rail.refund(next(request, presented, 'refund')),
    ],
    [
      'a bill of another payment',
      /names no bill/,
      (request, presented) => rail.look({ ...request, payment: 1, reference: presented.reference }),
    ],
    [
      'a bill of somebody else',
      /not_found/,
      (request) =>
        rail.look({ ...request, reference: `bill:other|district.payment.${request.payment}` }),
    ],
    [
      'a reference of none',
      /names no bill/,
      (request) => rail.look({ ...request, reference: 'hold:1' }),
    ],
    ['a key that is no name', /MessageId/, (request) => rail.collect({ ...request, key: 'a b' })],
    [
      'a platform’s bill without a platform',
      /no platform/,
      (request) => billing({ biller: 'platform' }).collect({ ...request, payment: 10_000 }),
    ],
  ]
  for (const [what, reason, ask] of cases) {
    test(what, async () => {
      const count = await countOfMoves()
      const request = payment({ payer: never })
      const presented = await rail.collect(request)
      await rejects(ask(request, presented), (error) => {
        ok(error instanceof Fault)
        equal(error.code, 'RAIL_REFUSED')
        ok(reason.test(String(error.details['reason'])), String(error.details['reason']))
        return true
      })
      deepEqual(await movesSince(count), [])
    })
  }
})

type Step = 'collect' | 'release' | 'refund'

const steps = ['collect', 'release', 'refund'] as const

const kinds: Readonly<Record<Step, string>> = {
  collect: 'present-bill',
  release: 'cancel-bill',
  refund: 'refund-bill',
}

/** What has to have moved when a payment has got to this step and its time has passed. */
const movedBy: Readonly<Record<Step, readonly string[]>> = {
  collect: ['7 -2500', '8 2500'],
  release: [],
  refund: ['7 -2500', '8 2500', '8 -2500', '7 2500'],
}

/** Brings a new payment to where `step` can be asked. */
async function prepared(step: Step): Promise<RailRequest> {
  const request = payment(step === 'release' ? { payer: never } : {})
  if (step === 'collect') return request
  return next(request, await rail.collect(request), step)
}

async function untilAnswered(ask: () => Promise<RailAnswer>): Promise<RailAnswer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RAIL_UNAVAILABLE') throw error
      await wait(20)
    }
  }
}

describe('money moves once', () => {
  for (const step of steps) {
    for (const fault of ['timeout', 'fail-before', 'fail-after', 'garbled'] as const) {
      test(`when ${step} meets ${fault}`, async () => {
        const count = await countOfMoves()
        const request = await prepared(step)
        await network.misbehave(fault, kinds[step])
        const impatient = billing({ deadlineMs: fault === 'timeout' ? 300 : 5_000 })
        await rejects(impatient[step](request), { code: 'RAIL_UNAVAILABLE' })
        const first = await rail[step](request)
        await pass(1)
        const again = await rail[step](request)
        equal(again.reference, first.reference)
        deepEqual(await movesSince(count), movedBy[step])
      })
    }
  }

  for (const fault of ['crash-before', 'crash-during', 'crash-after'] as const) {
    test(`when the network dies, ${fault}, at each of its steps`, async () => {
      const alive = network.keepAlive()
      for (const step of steps) {
        const count = await countOfMoves()
        const request = await prepared(step)
        const deaths = alive.deaths()
        await network.misbehave(fault, kinds[step])
        await rejects(rail[step](request), { code: 'RAIL_UNAVAILABLE' })
        await untilAnswered(() => rail[step](request))
        await pass(1)
        await rail[step](request)
        deepEqual(await movesSince(count), movedBy[step])
        equal(alive.deaths(), deaths + 1)
      }
      alive.stop()
    })
  }

  test('when the same is asked ten times at once', async () => {
    const count = await countOfMoves()
    const request = payment()
    const answers = await Promise.all(Array.from({ length: 10 }, () => rail.collect(request)))
    equal(new Set(answers.map(({ reference }) => reference)).size, 1)
    await pass(1)
    deepEqual(await movesSince(count), movedBy.collect)
  })
})

describe('a caller that is killed', () => {
  const program = fileURLToPath(new URL('../../testing/bill-caller.ts', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'busbar-bill-caller-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const callerSteps = [
    { step: 'collect', amountMicros: 25_000_000 },
    { step: 'refund', amountMicros: 5_000_000 },
    { step: 'release', amountMicros: 1 },
  ] as const
  const moved = ['7 -2500', '8 2500', '8 -500', '7 500']

  /** Runs it to its end, through one death where there is one. The points that it passed. */
  async function run(killAt: string): Promise<readonly string[]> {
    const { payment: number } = payment()
    const pem = (key: KeyObject, type: 'pkcs8' | 'spki'): string =>
      key.export({ type, format: 'pem' } as never).toString()
    const plan = {
      url: network.url,
      privateKey: pem(marketKeys.privateKey, 'pkcs8'),
      networkKey: pem(network.networkKey, 'spki'),
      payment: number,
      dueAt: market.now + dayMs,
      steps: callerSteps,
    }
    const [journal, log] = ['journal', 'log'].map((name) => join(folder, `${number}.${name}`))
    for (const deadly of killAt === '' ? [''] : [killAt, '']) {
      const args = [program, JSON.stringify(plan), journal ?? '', log ?? '', deadly]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
      deepEqual([code, signal], deadly === '' ? [0, null] : [null, 'SIGKILL'])
    }
    return readFileSync(log ?? '', 'utf8')
      .trimEnd()
      .split('\n')
  }

  test('at any point, has done each step once when it has come to its end', async () => {
    const count = await countOfMoves()
    const points = await run('')
    deepEqual(await movesSince(count), moved)
    equal(points.length, callerSteps.length * 5)
    for (const point of points) {
      const before = await countOfMoves()
      await run(`${point}:1`)
      deepEqual(await movesSince(before), moved, point)
    }
  })
})
