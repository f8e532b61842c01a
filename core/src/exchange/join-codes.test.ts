/**
 * Goal: a join code lets whoever has it register one passkey of one account, once, in its time, and
 * what it registers speaks no sooner than the word of who issued it allows.
 * Method: the small market, with codes issued, used and ended by everybody who may; and histories
 * by chance beside a second judge that reads the list of what happened. `SEED=…` replays one.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  decodeState,
  deskDelaySeconds,
  encodeState,
  joinCodesMax,
  joinCodesOf,
} from './index.ts'
import { byJoinCode, issuing, joinCodeOf, joinKey } from './testing/join-case.ts'
import { accountOf, type Market, newcomer, openMarket, type Person } from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'
import { openTradeMarket } from './testing/trade-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const delayMs = deskDelaySeconds * 1_000
const hourMs = 3_600_000
const alice = accountOf('alice')
const phone = passkeyOf('alice', 1)

/** Registers alice's passkey `number` by the code `number`. */
const join = (market: Market, number: number) =>
  byJoinCode(registering(market, 'alice', passkeyOf('alice', number)), number)

/** How long alice's passkey waits from now on; undefined if there is none. */
function waits(market: Market, number = 1): number | undefined {
  const from = market.state.passkeys.get(passkeyOf('alice', number).publicKey)?.signsFrom
  return from === undefined ? undefined : from - market.at
}

describe('a join code', () => {
  test('of the retailer registers a new customer’s first passkey, which speaks at once', () => {
    const market = openMarket()
    const content = joinCodeOf(market, 'alice', 1)
    const told = { account: alice, publicKey: content.publicKey, until: content.untilMs }
    deepEqual(market.must(issuing(market, 'retailer', content)), {
      kind: 'join_code_issued', ...told,
    })
    deepEqual(market.effects.at(-1), { kind: 'join_code_issued', ...told })
    market.must(join(market, 1))
    equal(waits(market), 0)
    const passkey = market.state.passkeys.get(phone.publicKey)
    equal(passkey?.registeredBy, accountOf('retailer'))
    market.must(bySigned(market.orderOf('alice', 'sell', 100, 200_000, 1), phone))
    deepEqual(joinCodesOf(market.state, market.at, alice), [])
  })

  test('of the retailer waits where the account has spoken, by its key or a passkey', () => {
    const market = openMarket()
    market.must(market.orderOf('alice', 'sell', 100, 200_000, 1))
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
    market.must(join(market, 1))
    equal(waits(market), delayMs)
    const other = openMarket()
    for (const number of [1, 2]) {
      other.must(issuing(other, 'retailer', joinCodeOf(other, 'alice', number)))
    }
    other.must(join(other, 1))
    other.must(join(other, 2))
    equal(waits(other, 1), 0)
    equal(waits(other, 2), delayMs)
  })

  test('of the retailer waits where what the account has signed stands in no journal', () => {
    const market = openMarket()
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
    deepEqual(market.must({ kind: 'record_word', account: alice }), {
      kind: 'word_recorded', account: alice,
    })
    market.must(join(market, 1))
    equal(waits(market), delayMs)
  })

  test('of the account itself waits for nothing', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(bySigned(issuing(market, 'alice', joinCodeOf(market, 'alice', 2)), phone))
    market.must(join(market, 2))
    equal(waits(market, 2), 0)
  })

  test('is no way around the delay of a key that somebody put in another’s place', () => {
    for (const issuer of ['alice', 'retailer'] as const) {
      const market = openTradeMarket()
      const { address, publicKey } = newcomer(95)
      const content = { participant: accountOf(issuer), address, publicKey }
      market.must(market.instruction('replace_key', 'operator', content))
      market.must(issuing(market, issuer, joinCodeOf(market, 'carol', 1, {
        participant: accountOf(issuer === 'alice' ? 'alice' : 'carol'),
      })))
      const owner = issuer === 'alice' ? 'alice' : 'carol'
      market.must(byJoinCode(registering(market, owner, passkeyOf(owner, 1)), 1))
      const tradesFrom = market.state.trading.keys.get(accountOf(issuer))?.at(-1)?.tradesFrom ?? 0
      equal((market.state.passkeys.get(phone.publicKey)?.signsFrom ?? 0) >= tradesFrom, true)
      equal(tradesFrom > market.at, true)
    }
  })

  test('makes room when it lapses', () => {
    const market = openMarket()
    for (let i = 1; i <= joinCodesMax; i += 1) {
      market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', i)))
    }
    market.at += hourMs
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 99)))
    equal(market.state.joinCodes.get(alice)?.length, 1)
  })

  test('of another account outlives what ends those of this one', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
    market.must(issuing(market, 'alice', joinCodeOf(market, 'alice', 2)))
    market.must(issuing(market, 'bob', joinCodeOf(market, 'bob', 3)))
    const { publicKey } = phone
    market.must(market.instruction('revoke_passkey', 'alice', { publicKey }))
    const left = [...market.state.joinCodes.values()].flat().map((code) => code.publicKey)
    deepEqual(left, [joinKey(1), joinKey(3)])
  })

  test('is in a snapshot', () => {
    const market = openMarket()
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
    const { joinCodes, spoken } = decodeState(encodeState(market.state))
    deepEqual(joinCodes, market.state.joinCodes)
    deepEqual(spoken, market.state.spoken)
  })
})

type Step =
  | { readonly do: 'issue'; readonly by: Person; readonly number: number }
  | { readonly do: 'revoke'; readonly by: Person; readonly number: number }
  | { readonly do: 'join'; readonly number: number }
  | { readonly do: 'replace'; readonly whose: 'alice' | 'retailer' }
  | { readonly do: 'wait'; readonly ms: number }

/**
 * Judges from the list of what happened: when the passkey `number` speaks; undefined where there
 * is none. Reads it from its beginning each time and keeps nothing.
 */
function speaksFrom(steps: readonly Step[], number: number): number | undefined {
  const times = steps.map((_step, i) =>
    steps.slice(0, i).reduce((sum, step) => sum + (step.do === 'wait' ? step.ms : 0), 0))
  const mayIssue = (by: Person): boolean => by === 'alice' || by === 'retailer'
  const issue = steps.findIndex((step) =>
    step.do === 'issue' && step.number === number && mayIssue(step.by))
  const use = steps.findIndex((step, i) =>
    step.do === 'join' && step.number === number && i > issue)
  if (issue < 0 || use < 0) return undefined
  const by = (steps[issue] as { readonly by: Person }).by
  const at = times[use] ?? 0
  if (at >= (times[issue] ?? 0) + hourMs) return undefined
  const isEnd = (step: Step): boolean =>
    (step.do === 'revoke' && step.number === number && step.by !== 'bob') ||
    (step.do === 'replace' && (step.whose === 'alice' || step.whose === by))
  if (steps.slice(issue, use).some(isEnd)) return undefined
  const before = steps.slice(0, use)
  const hasSpoken = before.some((step, i) =>
    (step.do === 'replace' && step.whose === 'alice') ||
    (step.do === 'issue' && step.by === 'alice' && isFirst(steps, i)) ||
    (step.do === 'revoke' && step.by === 'alice' && isAlive(steps, i, step.number)) ||
    (step.do === 'join' && speaksFrom(steps.slice(0, i + 1), step.number) !== undefined))
  const from = by === 'alice' || !hasSpoken ? at : at + delayMs
  // What waits goes with the key of whoever has asked for it.
  const isLost = steps.some((step, i) =>
    i > use && step.do === 'replace' && step.whose === 'retailer' && by === 'retailer' &&
    (times[i] ?? 0) < from)
  return isLost ? undefined : from
}

/** Whether no code of this number was issued before. */
function isFirst(steps: readonly Step[], index: number): boolean {
  const step = steps[index]
  return !steps.slice(0, index).some((one) =>
    one.do === 'issue' && step?.do === 'issue' && one.number === step.number &&
    (one.by === 'alice' || one.by === 'retailer'))
}

/** Whether the code could be used in the place of the step `index`. */
const isAlive = (steps: readonly Step[], index: number, number: number): boolean =>
  speaksFrom([...steps.slice(0, index), { do: 'join', number }], number) !== undefined &&
  speaksFrom(steps.slice(0, index), number) === undefined

test('counts as a judge who reads the history says, whatever the history', () => {
  const by = fc.constantFrom<Person>('alice', 'retailer', 'retailer', 'operator', 'bob')
  const number = fc.integer({ min: 1, max: 3 })
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('issue' as const), by, number }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('join' as const), number }) },
    fc.record({ do: fc.constant('revoke' as const), by, number }),
    fc.record({
      do: fc.constant('replace' as const),
      whose: fc.constantFrom('alice' as const, 'retailer' as const),
    }),
    fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, hourMs / 2, hourMs - 1, hourMs),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
      const market = openMarket()
      const begin = market.at
      let keys = 100
      for (const one of steps) {
        if (one.do === 'wait') market.at += one.ms
        else if (one.do === 'join') market.submit(join(market, one.number))
        else if (one.do === 'issue') {
          market.submit(issuing(market, one.by, joinCodeOf(market, 'alice', one.number)))
        } else if (one.do === 'revoke') {
          const content = { participant: alice, publicKey: joinKey(one.number) }
          market.submit(market.instruction('revoke_join_code', one.by, content))
        } else {
          const { address, publicKey } = newcomer((keys += 1))
          const content = { participant: accountOf(one.whose), address, publicKey }
          market.submit(market.instruction('replace_key', one.whose, content))
        }
      }
      for (const each of [1, 2, 3]) {
        const { publicKey } = passkeyOf('alice', each)
        const found = market.state.passkeys.get(publicKey)?.signsFrom
        const expected = speaksFrom(steps, each)
        equal(found, expected === undefined ? undefined : begin + expected, `passkey ${each}`)
      }
    }),
    { ...replay, numRuns: 300 },
  )
})
