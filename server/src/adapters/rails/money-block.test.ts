/**
 * Goal: whatever happens between market and payment provider, each payment moves its money once.
 * Method: the provider's simulator in a process of its own, misbehaving in each way it can, dying
 * at every step of each operation. Requests are repeated with their keys, and the provider's books
 * are counted. The suite of the killed caller has the other side.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import type { PaymentRail, RailAnswer, RailRequest } from '../../app/ports/rails.ts'
import { openingMicros, TestProvider } from '../../testing/provider-process.ts'
import { MoneyBlock } from './money-block.ts'

const dayMs = 86_400_000
/** By the market's clock, which the provider is told. */
let now = 1_767_225_600_000
const provider = new TestProvider({ holdMaxMs: 7 * dayMs, clock: 'market' })
let rail: PaymentRail

const moneyBlock = (more: object = {}): PaymentRail => {
  const { url, credentials } = provider
  const terms = { url, apiKey: credentials.apiKey, market: 'district', deadlineMs: 5_000 }
  return new MoneyBlock({ ...terms, ...more })
}

before(async () => {
  await provider.start()
  await provider.tell('clock', { nowMs: now })
  for (const account of [7, 8, 9]) await provider.admit(`district.${account}`)
  rail = moneyBlock()
})
after(() => provider.remove())

let payments = 0

/** A payment that no other test makes. */
function payment(amountMicros = 25_000_000n): RailRequest {
  payments += 1
  const parties = { payer: 7, payee: 8 }
  const when = { dueAt: now, expiresAt: now + dayMs }
  const key = `payment/${payments}/reserve`
  return { key, payment: payments, ...parties, ...when, amountMicros, reference: '' }
}

const next = (request: RailRequest, answer: RailAnswer, step: string, more: object = {}) => ({
  ...request,
  key: `payment/${request.payment}/${step}`,
  reference: answer.reference,
  ...more,
})

/** What moved for one reference, as kind and amount. */
async function movesOf(...references: readonly string[]): Promise<readonly string[]> {
  const ids = references.map((reference) => reference.split(':')[1])
  const moves = await provider.moves()
  const own = moves.filter(({ what }) => ids.includes(what))
  return own.map(({ kind, amount }) => `${kind} ${amount}`)
}

describe('a payment by money block', () => {
  test('is reserved, renewed, captured in part and given back in part', async () => {
    const request = payment()
    const reserved = await rail.reserve(request)
    deepEqual(
      { ...reserved, reference: reserved.reference.slice(0, 5) },
      {
        state: 'reserved',
        reference: 'hold:',
        amountMicros: 25_000_000n,
        expiresAt: now + dayMs,
        reason: '',
      },
    )
    const later = { expiresAt: now + 2 * dayMs }
    const renewed = await rail.renew(next(request, reserved, 'renew', later))
    deepEqual(renewed, { ...reserved, ...later })
    const part = { amountMicros: 23_000_000n }
    const captured = await rail.capture(next(request, reserved, 'capture', part))
    deepEqual(captured, { ...reserved, state: 'captured', ...part, expiresAt: null })
    deepEqual(await rail.look(next(request, reserved, '')), captured)
    const back = await rail.refund(next(request, reserved, 'refund', { amountMicros: 3_000_000n }))
    deepEqual(back, { ...captured, amountMicros: 3_000_000n })
    deepEqual(await movesOf(reserved.reference), ['capture 23000000'])
    const { heldMicros } = await provider.party('district.7')
    equal(heldMicros, 0)
  })

  test('is released, and nothing moved', async () => {
    const request = payment()
    const reserved = await rail.reserve(request)
    const released = await rail.release(next(request, reserved, 'release'))
    deepEqual(released, { ...reserved, state: 'released', expiresAt: null })
    const late = await rail.capture(next(request, reserved, 'capture'))
    deepEqual(late, released)
    deepEqual(await movesOf(reserved.reference), [])
  })

  test('is collected without a reservation', async () => {
    const request = payment()
    const collected = await rail.collect(request)
    deepEqual([collected.state, collected.amountMicros], ['captured', 25_000_000n])
    deepEqual(await rail.look(next(request, collected, '')), collected)
    deepEqual(await rail.refund(next(request, collected, 'refund')), collected)
    deepEqual(await movesOf(collected.reference), ['charge 25000000'])
  })

  test('is found again by its number where no answer came', async () => {
    const [reserving, collecting, neither] = [payment(), payment(), payment()]
    const [reserved, collected] = [await rail.reserve(reserving), await rail.collect(collecting)]
    deepEqual(await rail.look(reserving), reserved)
    deepEqual(await rail.look(collecting), collected)
    await rejects(rail.look(neither), { code: 'RAIL_REFUSED' })
  })

  test('fails where the payer lacks the money, and says why', async () => {
    const rich = { ...payment(), amountMicros: BigInt(openingMicros) * 2n }
    const failed = { state: 'failed', reason: 'funds_insufficient' }
    for (const answer of [
      await rail.reserve(rich),
      await rail.collect({ ...rich, key: `${rich.key}/collect` }),
    ]) {
      deepEqual({ state: answer.state, reason: answer.reason }, failed)
    }
    const unknown = await rail.reserve({ ...payment(), payer: 99 })
    deepEqual([unknown.state, unknown.reason], ['failed', 'payer_unknown'])
  })

  test('is not renewed by a payer that does not want to, and stands until it expires', async () => {
    await provider.admit('district.9', 0, ['renewal'])
    const request = { ...payment(), payer: 9 }
    const reserved = await rail.reserve(request)
    const later = { expiresAt: now + 2 * dayMs }
    const declined = await rail.renew(next(request, reserved, 'renew', later))
    deepEqual(declined, { ...reserved, state: 'failed', reason: 'renewal_declined' })
    deepEqual(await rail.look(next(request, reserved, '')), reserved)
    await provider.admit('district.9', 0, [])
    const cured = await rail.renew(next(request, reserved, 'renew/2', later))
    deepEqual(cured, { ...reserved, ...later })
  })

  test('is pending while the payer decides, and nothing can be taken before', async () => {
    const slow = await new TestProvider({ decideAfterMs: 1_000, clock: 'market' }).start()
    try {
      for (const account of [7, 8]) await slow.admit(`district.${account}`)
      const deciding = moneyBlock({ url: slow.url, apiKey: slow.credentials.apiKey })
      const [holding, charging] = [payment(), payment()]
      const held = await deciding.reserve(holding)
      const charged = await deciding.collect(charging)
      deepEqual([held.state, charged.state], ['pending', 'pending'])
      deepEqual(await deciding.capture(next(holding, held, 'capture')), held)
      deepEqual(await slow.moves(), [])
      await slow.tell('clock', { nowMs: 1_000 })
      const reserved = await deciding.look(next(holding, held, ''))
      deepEqual(reserved, { ...held, state: 'reserved' })
      const collected = await deciding.look(next(charging, charged, ''))
      deepEqual(collected, { ...charged, state: 'captured' })
      deepEqual(await deciding.reserve(holding), held, 'a key keeps the answer that it had')
    } finally {
      await slow.remove()
    }
  })

  test('is held for as long as the provider allows, and is gone after that', async () => {
    const long = { ...payment(), expiresAt: now + 60 * dayMs }
    equal((await rail.reserve(long)).expiresAt, now + 7 * dayMs)
    const short = { ...payment(), expiresAt: now + 250 }
    const reserved = await rail.reserve(short)
    equal(reserved.state, 'reserved')
    await provider.tell('clock', { nowMs: now + 249 })
    deepEqual(await rail.look(next(short, reserved, '')), reserved)
    now += 250
    await provider.tell('clock', { nowMs: now })
    const expired = { ...reserved, state: 'expired', expiresAt: null }
    deepEqual(await rail.look(next(short, reserved, '')), expired)
    for (const step of ['capture', 'renew', 'release'] as const) {
      deepEqual(await rail[step](next(short, reserved, step)), expired)
    }
    await rejects(rail.refund(next(short, reserved, 'refund')), { code: 'RAIL_REFUSED' })
    deepEqual(await movesOf(reserved.reference), [])
  })
})

describe('what the provider refuses', () => {
  const refused: readonly (readonly [
    string,
    string,
    (request: RailRequest, reserved: RailAnswer) => Promise<unknown>,
  ])[] = [
    ['a key that meant something else', 'key_reused', (request) =>
      rail.reserve({ ...request, amountMicros: 1n })],
    ['a key of another step', 'key_reused', (request, reserved) =>
      rail.release({ ...request, reference: reserved.reference })],
    ['more than was reserved', 'amount_exceeded', (request, reserved) =>
      rail.capture(next(request, reserved, 'capture', { amountMicros: 25_000_001n }))],
    ['a hold of nobody', 'not_found', (request, reserved) =>
      rail.capture(next(request, reserved, 'capture', { reference: 'hold:hold_999999' }))],
    ['a hold that is a path', 'not_found', (request, reserved) =>
      rail.capture(next(request, reserved, 'capture', { reference: 'hold:../admin' }))],
    ['a refund of what was not paid', 'state_conflict', (request, reserved) =>
      rail.refund(next(request, reserved, 'refund'))],
    ['a reference of none', 'the reference names no hold', (request, reserved) =>
      rail.capture(next(request, reserved, 'capture', { reference: '' }))],
    ['a key of no use', 'key_missing', (request) => rail.reserve({ ...request, key: 'a b' })],
    ['another bearer', 'unauthorised', (request) =>
      moneyBlock({ apiKey: 'somebody' }).reserve(request)],
  ]
  for (const [what, reason, ask] of refused) {
    test(`is ${what}`, async () => {
      const request = payment()
      const reserved = await rail.reserve(request)
      await rejects(ask(request, reserved), (error) => {
        ok(error instanceof Fault)
        deepEqual([error.code, error.details['reason']], ['RAIL_REFUSED', reason])
        return true
      })
      deepEqual(await movesOf(reserved.reference), [])
    })
  }

  for (const amountMicros of [0n, -1n, 2n ** 53n]) {
    test(`is never asked for ${amountMicros}`, async () => {
      await rejects(rail.reserve({ ...payment(), amountMicros }), { code: 'UNIT_OUT_OF_RANGE' })
    })
  }
})

type Step = 'reserve' | 'renew' | 'capture' | 'release' | 'collect' | 'refund'

const operations: Readonly<Record<Step, string>> = {
  reserve: 'createHold',
  renew: 'renewHold',
  capture: 'captureHold',
  release: 'releaseHold',
  collect: 'createCharge',
  refund: 'createRefund',
}

/** How it stands, and what has to have moved, when a payment has got through this step. */
const results: Readonly<Record<Step, readonly [RailAnswer['state'], ...string[]]>> = {
  reserve: ['reserved'],
  renew: ['reserved'],
  capture: ['captured', 'capture 25000000'],
  release: ['released'],
  collect: ['captured', 'charge 25000000'],
  refund: ['captured', 'capture 25000000', 'refund 25000000'],
}

/** Brings a new payment to where `step` can be asked. */
async function prepared(step: Step): Promise<RailRequest> {
  const request = payment()
  if (step === 'reserve' || step === 'collect') return request
  const reserved = await rail.reserve(request)
  if (step === 'refund') await rail.capture(next(request, reserved, 'capture'))
  return next(request, reserved, step)
}

const newMoves = async (count: number): Promise<readonly string[]> =>
  (await provider.moves()).slice(count).map(({ kind, amount }) => `${kind} ${amount}`)

describe('money moves once', () => {
  const faults = ['timeout', 'fail-before', 'fail-after', 'garbled'] as const
  for (const step of Object.keys(operations) as Step[]) {
    for (const fault of faults) {
      test(`when ${step} meets ${fault}`, async () => {
        const count = (await provider.moves()).length
        const request = await prepared(step)
        await provider.misbehave(fault, operations[step])
        const impatient = moneyBlock({ deadlineMs: fault === 'timeout' ? 300 : 5_000 })
        await rejects(impatient[step](request), { code: 'RAIL_UNAVAILABLE' })
        const answer = await rail[step](request)
        deepEqual(await rail[step](request), answer)
        deepEqual([answer.state, ...(await newMoves(count))], results[step])
      })
    }
  }

  for (const fault of ['crash-before', 'crash-during', 'crash-after'] as const) {
    test(`when the provider dies, ${fault}, at each of its steps`, async () => {
      for (const step of Object.keys(operations) as Step[]) {
        const count = (await provider.moves()).length
        const request = await prepared(step)
        await provider.misbehave(fault, operations[step])
        await rejects(rail[step](request), { code: 'RAIL_UNAVAILABLE' })
        await provider.startAgain()
        const answer = await rail[step](request)
        deepEqual(await rail[step](request), answer)
        deepEqual([answer.state, ...(await newMoves(count))], results[step])
      }
    })
  }

  test('when the same is asked ten times at once', async () => {
    const count = (await provider.moves()).length
    const request = payment()
    const reserved = await Promise.all(Array.from({ length: 10 }, () => rail.reserve(request)))
    equal(new Set(reserved.map(({ reference }) => reference)).size, 1)
    const capture = next(request, reserved[0] as RailAnswer, 'capture')
    const captured = await Promise.all(Array.from({ length: 10 }, () => rail.capture(capture)))
    for (const answer of captured) deepEqual(answer, captured[0])
    deepEqual(['captured', ...(await newMoves(count))], results.capture)
  })
})

describe('a provider that is none', () => {
  const hold = {
    id: 'h1',
    state: 'authorised',
    amountMicros: 25_000_000,
    capturedMicros: 0,
    refundedMicros: 0,
    payer: 'district.7',
    payee: 'district.8',
    reference: '',
    expiresAt: now,
    createdAt: now,
    sequence: 1,
    reason: '',
  }
  type Answer = readonly [what: string, status: number, body: (reference: string) => string]
  const body = (more: object) => (reference: string) =>
    JSON.stringify({ ...hold, reference, ...more })
  const answers: readonly Answer[] = [
    ['of another amount', 201, body({ amountMicros: 1 })],
    ['of another payer', 201, body({ payer: 'district.8' })],
    ['of another payee', 201, body({ payee: 'district.7' })],
    ['of another payment', 201, body({ reference: 'district.payment.1' })],
    ['of a state of none', 201, body({ state: 'maybe' })],
    ['of half a micro', 201, body({ capturedMicros: 0.5 })],
    ['without an id', 201, body({ id: undefined })],
    ['with the wrong status', 200, body({})],
    ['of a page', 201, () => '<html>'],
    ['of nothing', 201, () => ''],
    ['without an end', 201, body({ more: 'x'.repeat(300_000) })],
    ['of a proxy', 502, () => 'bad gateway'],
    ['of a refusal of none', 404, () => 'not found'],
    ['to wait', 429, () => '{"code":"rate_limited"}'],
    ['of a conflict about nothing', 409, (reference) =>
      JSON.stringify({ code: 'state_conflict', hold: { ...hold, reference } })],
    ['to go elsewhere', 307, body({})],
  ]
  for (const [what, status, answer] of answers) {
    test(`is not believed when it gives an answer ${what}`, async () => {
      const request = payment()
      const text = answer(`district.payment.${request.payment}`)
      const server = createServer(({ url }, response) => {
        // Whoever went elsewhere would get what it asked for, and would have shown its key.
        if (url === '/elsewhere') response.writeHead(201).end(text)
        else response.writeHead(status, { location: '/elsewhere' }).end(text)
      })
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      try {
        const { port } = server.address() as AddressInfo
        const asked = moneyBlock({ url: `http://127.0.0.1:${port}` }).reserve(request)
        await rejects(asked, { code: 'RAIL_UNAVAILABLE' })
      } finally {
        server.close()
        server.closeAllConnections()
      }
    })
  }

  test('is not there', async () => {
    const nobody = moneyBlock({ url: 'http://127.0.0.1:9' })
    await rejects(nobody.reserve(payment()), { code: 'RAIL_UNAVAILABLE' })
  })
})
