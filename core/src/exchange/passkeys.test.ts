/**
 * Goal: a passkey speaks for its account from the moment that its owner wanted it, or had time to
 * notice it, until it is revoked, and never where money leaves.
 * Method: the small market, with passkeys asked for by everybody who may; and histories by chance
 * beside a second judge that reads the list of what happened. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeState, deskDelaySeconds, encodeState, type Outcome, passkeysOf } from './index.ts'
import { accountOf, type Market, newcomer, openMarket, type Person } from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'
import {
  openTradeMarket,
  proposal,
  termsOf,
  testTradeRules,
  tradeRulebook,
} from './testing/trade-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const delayMs = deskDelaySeconds * 1_000
const phone = passkeyOf('alice', 1)
const laptop = passkeyOf('alice', 2)

const answer = (outcome: Outcome): string =>
  outcome.kind === 'accepted' ? 'ok' : outcome.reason

/** Why this passkey may not speak; `ok` where it is asked for the content of what it signed. */
function said(market: Market, passkey = phone): string {
  const { publicKey } = passkeyOf('carol', 77)
  const command = market.instruction('revoke_passkey', 'alice', { publicKey })
  const outcome = market.submit(bySigned(command, passkey))
  const isOfContent = outcome.kind === 'rejected' && outcome.field === 'publicKey'
  return isOfContent ? 'ok' : answer(outcome)
}

describe('a passkey', () => {
  test('of one’s own asking orders, cancels and trades at once', () => {
    const market = openTradeMarket()
    market.must(registering(market, 'alice', phone))
    const order = bySigned(market.orderOf('alice', 'sell', 100, 200_000, 1), phone)
    market.must(order)
    const { id } = order as { readonly id: string }
    market.must(bySigned(market.cancellation('alice', id), phone))
    const terms = termsOf(market, 'alice', 'bob')
    market.must(bySigned(proposal(market, 'alice', terms), phone))
  })

  test('that the retailer asked for waits until its owner could notice', () => {
    const market = openMarket()
    const signsFrom = market.at + delayMs
    const result = market.must(registering(market, 'retailer', phone))
    const effect = { kind: 'passkey_registered', account: accountOf('alice'), signsFrom }
    deepEqual(result, { ...effect, publicKey: phone.publicKey })
    deepEqual(market.effects.at(-1), result)
    market.at = signsFrom - 1
    equal(said(market), 'passkey_too_new')
    market.at = signsFrom
    equal(said(market), 'ok')
  })

  test('is taken away by an authority, which can give none', () => {
    const market = openMarket()
    equal(answer(market.submit(registering(market, 'operator', phone))), 'role_missing')
    market.must(registering(market, 'alice', phone))
    const { publicKey } = phone
    market.must(market.instruction('revoke_passkey', 'operator', { publicKey }))
    equal(said(market), 'passkey_unknown')
  })

  test('waits as long as a key would, where that is longer', () => {
    const trades = { ...testTradeRules, keyDelaySeconds: 3 * deskDelaySeconds }
    const market = openTradeMarket({ rulebook: { ...tradeRulebook, trades } })
    market.must(registering(market, 'retailer', phone))
    equal(market.state.passkeys.get(phone.publicKey)?.signsFrom, market.at + 3 * delayMs)
  })

  test('waits no longer once its owner asks for the very same', () => {
    const market = openMarket()
    market.must(registering(market, 'retailer', phone))
    const other = registering(market, 'alice', { ...phone, label: 'other' })
    equal(answer(market.submit(other)), 'name_exists')
    equal(said(market), 'passkey_too_new')
    market.must(registering(market, 'alice', phone))
    equal(said(market), 'ok')
    market.at += 5
    market.must(registering(market, 'alice', phone))
    equal(market.state.passkeys.get(phone.publicKey)?.signsFrom, market.at - 5)
  })

  test('registers another, by which its owner comes back after losing it', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(bySigned(registering(market, 'alice', laptop), phone))
    const { publicKey } = phone
    market.must(bySigned(market.instruction('revoke_passkey', 'alice', { publicKey }), laptop))
    equal(said(market), 'passkey_unknown')
    equal(said(market, laptop), 'ok')
    deepEqual(passkeysOf(market.state, accountOf('alice')).map(({ label }) => label), ['phone-2'])
  })

  test('is no way around the delay of a key that somebody put in another’s place', () => {
    const market = openTradeMarket()
    const { address, publicKey } = newcomer(95)
    const content = { participant: accountOf('alice'), address, publicKey }
    market.must(market.instruction('replace_key', 'operator', content))
    market.must(registering(market, 'alice', phone))
    const key = market.state.trading.keys.get(accountOf('alice'))?.at(-1)
    equal(market.state.passkeys.get(phone.publicKey)?.signsFrom, key?.tradesFrom)
    equal(said(market), 'passkey_too_new')
  })

  test('that waits ends with the key of the desk that has asked for it, and no other does', () => {
    const market = openMarket()
    market.must(registering(market, 'retailer', phone))
    market.at += delayMs
    market.must(registering(market, 'retailer', laptop))
    market.must(registering(market, 'bob', passkeyOf('bob', 3)))
    const { address, publicKey } = newcomer(95)
    const content = { participant: accountOf('retailer'), address, publicKey }
    const { effects } = market.apply(market.instruction('replace_key', 'operator', content))
    deepEqual(effects.filter(({ kind }) => kind === 'passkey_revoked'), [{
      ...{ kind: 'passkey_revoked', account: accountOf('alice') },
      ...{ publicKey: laptop.publicKey, label: laptop.label },
      ...{ by: accountOf('retailer'), wasOnChain: false },
    }])
    equal(said(market), 'ok')
    equal(said(market, laptop), 'passkey_unknown')
    equal(passkeysOf(market.state, accountOf('bob')).length, 1)
  })

  test('that waits ends with a passkey of the desk, too', () => {
    const market = openMarket()
    const desk = passkeyOf('retailer', 4)
    market.must(registering(market, 'retailer', desk))
    market.must(bySigned(registering(market, 'retailer', laptop), desk))
    const { publicKey } = desk
    market.must(market.instruction('revoke_passkey', 'retailer', { publicKey }))
    equal(said(market, laptop), 'passkey_unknown')
  })

  test('speaks for nobody else', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const order = market.orderOf('bob', 'sell', 100, 200_000, 1)
    equal(answer(market.submit(bySigned(order, phone))), 'passkey_unknown')
  })

  test('is in a snapshot', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    const { passkeys } = decodeState(encodeState(market.state))
    deepEqual(passkeys, market.state.passkeys)
  })
})

type Step =
  | { readonly do: 'register'; readonly by: Person; readonly number: number }
  | { readonly do: 'revoke'; readonly by: Person; readonly number: number }
  | { readonly do: 'wait'; readonly ms: number }

/** Judges from the list of what happened, from its end: no state is kept. */
function speaks(steps: readonly Step[], number: number): boolean {
  const times: number[] = []
  let now = 0
  for (const step of steps) times.push(step.do === 'wait' ? (now += step.ms) : now)
  const may = (step: Exclude<Step, { readonly do: 'wait' }>): boolean =>
    step.by !== 'bob' && (step.by !== 'operator' || step.do === 'revoke')
  const about = steps.flatMap((step, i) =>
    step.do !== 'wait' && step.number === number && may(step) ? [{ ...step, i }] : [])
  const first = about.find((step) => step.do === 'register')
  if (first === undefined) return false
  if (about.some((step) => step.do === 'revoke' && step.i > first.i)) return false
  const wanted = about.some((step) => step.do === 'register' && step.by === 'alice')
  return wanted || now >= (times[first.i] ?? 0) + delayMs
}

test('speaks when a judge who reads the history says so, whatever the history', () => {
  const by = fc.constantFrom<Person>('alice', 'retailer', 'operator', 'bob')
  const number = fc.integer({ min: 1, max: 3 })
  const step = fc.oneof(
    fc.record({ do: fc.constant('register' as const), by, number }),
    fc.record({ do: fc.constant('revoke' as const), by, number }),
    fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, delayMs / 2, delayMs - 1, delayMs),
    }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const market = openMarket()
      for (const one of steps) {
        if (one.do === 'wait') market.at += one.ms
        else {
          const content = passkeyOf('alice', one.number)
          const { publicKey } = content
          market.submit(one.do === 'register'
            ? registering(market, one.by, content)
            : market.instruction('revoke_passkey', one.by, { publicKey }))
        }
      }
      for (const each of [1, 2, 3]) {
        const found = said(market, passkeyOf('alice', each)) === 'ok'
        equal(found, speaks(steps, each), `passkey ${each}`)
      }
    }),
    { ...replay, numRuns: 200 },
  )
})
