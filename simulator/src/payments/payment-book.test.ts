/**
 * Goal: the simulated provider keeps its own promises, so that what is found against it is the
 * market's fault: money is conserved, a hold ends once, a key has its effect once.
 * Method: random requests, repetitions and passing time against the book, with a bookkeeper of its
 * own beside it, replayed by `SEED=…`; and the cases that chance seldom makes.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type {
  Charge,
  Hold,
  ProviderOperationName,
  RefundRequest,
} from '@busbar/protocols/payment-provider'
import fc from 'fast-check'
import { PaymentBook } from './payment-book.ts'
import { write } from './requests.ts'
import { PaymentStore } from './store.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const folders: string[] = []
const folder = (): string => {
  const fresh = mkdtempSync(join(tmpdir(), 'busbar-payments-'))
  folders.push(fresh)
  return fresh
}
after(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

type Action =
  | { readonly kind: 'hold' | 'charge'; readonly payer: number; readonly amountMicros: number }
  | { readonly kind: 'renew' | 'release'; readonly of: number }
  | { readonly kind: 'capture' | 'refund'; readonly of: number; readonly amountMicros: number }
  | { readonly kind: 'again'; readonly of: number }
  | { readonly kind: 'time'; readonly ms: number }

const amount = fc.integer({ min: 1, max: 60 })
const of = fc.nat({ max: 30 })
const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('hold' as const, 'charge' as const),
    payer: fc.nat({ max: 2 }),
    amountMicros: amount,
  }),
  fc.record({ kind: fc.constantFrom('renew' as const, 'release' as const), of }),
  fc.record({
    kind: fc.constantFrom('capture' as const, 'refund' as const),
    of,
    amountMicros: amount,
  }),
  fc.record({ kind: fc.constant('again' as const), of }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.nat({ max: 40 }) }),
)

const tokens = ['anna', 'bert', 'cleo'] as const
const openingMicros = 100

/** What a provider has to keep, said once more and in another way: over what its answers said. */
class Bookkeeper {
  readonly #seen = new Map<string, Hold | Charge>()
  readonly #refunds = new Map<string, number>()

  see(paid: Hold | Charge): void {
    const before = this.#seen.get(paid.id)
    const over = ['declined', 'expired', 'captured', 'released', 'succeeded', 'failed']
    if (before !== undefined && over.includes(before.state)) equal(paid.state, before.state)
    if (before !== undefined) ok(paid.sequence >= before.sequence)
    this.#seen.set(paid.id, paid)
  }

  refunded(id: string, micros: number): void {
    this.#refunds.set(id, (this.#refunds.get(id) ?? 0) + micros)
  }

  check(book: PaymentBook): void {
    const parties = book.parties.list()
    let [balances, held] = [0, 0]
    for (const { token, balanceMicros, heldMicros } of parties) {
      ok(heldMicros >= 0)
      balances += balanceMicros
      held += heldMicros
      const own = [...this.#seen.values()]
      const alive = own.filter(({ payer, state }) => payer === token && state === 'authorised')
      equal(heldMicros, alive.reduce((sum, { amountMicros }) => sum + amountMicros, 0))
      const flows = own.map((paid) => {
        const taken = 'capturedMicros' in paid ? paid.capturedMicros : paid.amountMicros
        const net = paid.state === 'captured' || paid.state === 'succeeded'
          ? taken - (this.#refunds.get(paid.id) ?? 0)
          : 0
        return (paid.payee === token ? net : 0) - (paid.payer === token ? net : 0)
      })
      equal(balanceMicros, flows.reduce((sum, flow) => sum + flow, openingMicros))
    }
    equal(balances, openingMicros * tokens.length)
    ok(held <= balances)
  }

  get ids(): readonly string[] {
    return [...this.#seen.keys()]
  }
}

describe('the book of a provider', () => {
  /** Plays actions on an empty book; each is asked under a key of its own. */
  function play(actions: readonly Action[], decideAfterMs: number): void {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 50, decideAfterMs })
    const keeper = new Bookkeeper()
    const asked: { operation: ProviderOperationName; id: string; key: string; body: string }[] = []
    const answers: string[] = []
    let now = 1_000
    for (const token of tokens) {
      book.parties.put(token, [])
      ok(book.parties.deposit(token, token, openingMicros, now))
      ok(book.parties.deposit(token, token, openingMicros, now), 'the same deposit again')
    }
    const ask = (operation: ProviderOperationName, id: string, message: object): void => {
      const request = { operation, id, key: `k${asked.length}`, body: JSON.stringify(message) }
      const answer = write(store, book, { ...request, reference: null }, now, () => undefined)
      asked.push(request)
      answers.push(`${answer.status} ${answer.body}`)
      if (operation === 'createRefund' && answer.status === 201) {
        const refund = message as RefundRequest
        keeper.refunded(refund.of, refund.amountMicros)
      }
      const made = JSON.parse(answer.body) as { id?: string }
      if (made.id !== undefined && /^(hold|charge)_/.test(made.id)) keeper.see(made as Hold)
    }
    for (const one of actions) {
      const place = 'of' in one ? one.of % Math.max(1, keeper.ids.length) : 0
      const id = keeper.ids[place] ?? 'hold_1'
      if (one.kind === 'time') now += one.ms
      else if (one.kind === 'again') {
        const which = one.of % Math.max(1, asked.length)
        const request = asked[which]
        if (request === undefined) continue
        const again = write(store, book, { ...request, reference: null }, now, () => undefined)
        equal(`${again.status} ${again.body}`, answers[which])
      } else if ('payer' in one) {
        const payer = tokens[one.payer] ?? ''
        const payee = tokens[(one.payer + 1) % 3] ?? ''
        const message = { amountMicros: one.amountMicros, payer, payee, reference: 'r' }
        if (one.kind === 'charge') ask('createCharge', '', message)
        else ask('createHold', '', { ...message, expiresAt: now + 45 })
      } else if (one.kind === 'renew') ask('renewHold', id, { expiresAt: now + 40 })
      else if (one.kind === 'release') ask('releaseHold', id, {})
      else if ('amountMicros' in one) {
        const { amountMicros } = one
        if (one.kind === 'capture') ask('captureHold', id, { amountMicros })
        else ask('createRefund', '', { of: id, amountMicros })
      }
      store.transaction(() => book.passTime(now))
      for (const seen of keeper.ids) keeper.see((book.hold(seen) ?? book.charge(seen)) as Hold)
      keeper.check(book)
    }
    checkEvents(store, keeper)
    store.close()
  }

  /** Each hold or charge tells all that became of it, without a gap, and its last word is true. */
  function checkEvents(store: PaymentStore, keeper: Bookkeeper): void {
    const rows = store.rows<{ body: string }>('select body from events order by number')
    const events = rows.map(({ body }) => JSON.parse(body) as { subject: string; sequence: number })
    for (const id of keeper.ids) {
      const own = events.filter(({ subject }) => subject === id)
      deepEqual(own.map(({ sequence }) => sequence), own.map((_one, i) => i + 1))
    }
  }

  for (const decideAfterMs of [0, 7]) {
    test(`is balanced after anything, deciding after ${decideAfterMs} ms`, () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 25 }), (actions) => play(actions, decideAfterMs)),
        { ...replay, numRuns: 40 },
      )
    })
  }

  test('lets what expires pay for what is decided after it, however far the clock jumps', () => {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 1_000, decideAfterMs: 10 })
    for (const token of tokens) book.parties.put(token, [])
    book.parties.deposit('d', 'anna', 100, 0)
    const common = { amountMicros: 100, payer: 'anna', payee: 'bert', reference: 'r' }
    const first = book.createHold({ ...common, expiresAt: 25 }, 0)
    const early = book.createHold({ ...common, expiresAt: 900 }, 10)
    const late = book.createHold({ ...common, expiresAt: 900 }, 15)
    store.transaction(() => book.passTime(1_000_000))
    deepEqual(
      [first, early, late].map(({ id }) => book.hold(id)?.state),
      ['expired', 'declined', 'expired'],
    )
    const told = store.rows<{ body: string }>('select body from events order by number')
    deepEqual(
      told.map(({ body }) => (JSON.parse(body) as { type: string }).type),
      [
        ...['hold.authorised', 'hold.declined', 'hold.expired', 'hold.authorised', 'hold.expired'],
      ],
    )
    store.close()
  })

  test('gives back no more than was paid, in however many parts', () => {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 1_000, decideAfterMs: 0 })
    for (const token of tokens) book.parties.put(token, [])
    book.parties.deposit('d', 'anna', 100, 0)
    const common = { amountMicros: 20, payer: 'anna', payee: 'bert', reference: 'r' }
    const held = book.createHold({ ...common, expiresAt: 900 }, 0)
    book.captureHold(held.id, { amountMicros: 10 }, 0)
    const charged = book.createCharge({ ...common, amountMicros: 10 }, 0)
    ok(!('refused' in charged))
    for (const { id } of [held, charged]) {
      const back = (amountMicros: number) => book.createRefund({ of: id, amountMicros }, 0)
      const parts = [6, 5, 4, 1].map(back)
      deepEqual(
        parts.map((part) => ('refused' in part ? part.refused : part.amountMicros)),
        [6, 'amount_exceeded', 4, 'amount_exceeded'],
      )
    }
    equal(book.parties.find('anna')?.balanceMicros, 100)
    store.close()
  })

  test('takes no more money than it can add up', () => {
    const store = new PaymentStore(folder())
    const book = new PaymentBook(store, { holdMaxMs: 1, decideAfterMs: 0 })
    for (const token of tokens) book.parties.put(token, [])
    equal(book.parties.deposit('a', 'anna', Number.MAX_SAFE_INTEGER, 0), true)
    equal(book.parties.deposit('b', 'bert', 1, 0), false)
    store.close()
  })

  test('moves nothing twice, whoever asks', () => {
    const store = new PaymentStore(folder())
    const { parties } = new PaymentBook(store, { holdMaxMs: 1, decideAfterMs: 0 })
    for (const token of tokens) parties.put(token, [])
    const flow = { from: 'anna', to: 'bert', amountMicros: 1 }
    parties.move('capture', 'hold_1', flow, 0)
    throws(() => parties.move('capture', 'hold_1', flow, 0), /UNIQUE/)
    store.close()
  })
})
