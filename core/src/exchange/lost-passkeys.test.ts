/**
 * Goal: a device that the desk was told is lost does nothing but object, for as long as the desk's
 * word waits; neither who has the device nor who stands at the desk gets the account by waiting.
 * Method: alice's phone, revoked by everybody who may; what follows as a table of what is asked and
 * what is answered, and each promise as a test of its own.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Command,
  decodeState,
  deskDelaySeconds,
  encodeState,
  isDisputed,
  lostPasskeyOf,
  objectsUntil,
  waitingOf,
} from './index.ts'
import { byJoinCode, issuing, joinCodeOf, joinKey } from './testing/join-case.ts'
import { accountOf, type Market, newcomer, openMarket, type Person } from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'

const delayMs = deskDelaySeconds * 1_000
const alice = accountOf('alice')
const phone = passkeyOf('alice', 1)
const another = passkeyOf('alice', 2)
const third = passkeyOf('alice', 3)

const answered = (market: Market, command: Command): string => {
  const outcome = market.submit(command)
  return outcome.kind === 'accepted' ? 'ok' : `${outcome.reason} ${outcome.field}`
}

const revoking = (market: Market, by: Person, { publicKey } = phone): Command =>
  market.instruction('revoke_passkey', by, { publicKey })

const ending = (market: Market, number: number, by: Person = 'alice'): Command =>
  market.instruction('revoke_join_code', by, { participant: alice, publicKey: joinKey(number) })

/** Signed by the phone, whatever has become of it. */
const objecting = (market: Market, { publicKey } = another): Command =>
  bySigned(market.instruction('revoke_passkey', 'alice', { publicKey }), phone)

/** Alice's phone speaks, and then the desk is told that it is lost. */
function lost(market = openMarket()): Market {
  market.must(registering(market, 'alice', phone))
  market.must(revoking(market, 'retailer'))
  return market
}

/** And whoever said so is given another one, which waits. */
function waiting(): Market {
  const market = lost()
  market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
  market.must(byJoinCode(registering(market, 'alice', another), 1))
  return market
}

/** Until when the phone may object, counted from now; null while an authority is to decide. */
function objects(market: Market): number | null | undefined {
  const found = lostPasskeyOf(market.state, alice, phone.publicKey)
  const until = found && objectsUntil(market.state, market.at, found)
  return typeof until === 'number' ? until - market.at : until
}

type Row = readonly [what: string, ask: (market: Market) => Command, answer: string]

const unknown = 'passkey_unknown signature'

const rows: readonly Row[] = [
  ['an order', (m) => m.orderOf('alice', 'sell', 100, 200_000, 1), unknown],
  ['a withdrawal', (m) => m.withdrawal('alice', 1), unknown],
  ['another passkey', (m) => registering(m, 'alice', third), unknown],
  ['the passkey that waits, as wanted', (m) => registering(m, 'alice', another), unknown],
  ['a join code', (m) => issuing(m, 'alice', joinCodeOf(m, 'alice', 3)), unknown],
  ['a key of its own', (m) => {
    const { address, publicKey } = newcomer(95)
    return m.instruction('replace_key', 'alice', { participant: alice, address, publicKey })
  }, unknown],
  ['the end of itself', (m) => revoking(m, 'alice'), unknown],
  ['the end of one that speaks', (m) => revoking(m, 'alice', third), unknown],
  ['the end of what its account’s own code registers', (m) => ending(m, 4), unknown],
  ['the end of another’s code', (m) => m.instruction('revoke_join_code', 'alice', {
    participant: accountOf('bob'), publicKey: joinKey(5),
  }), unknown],
  ['the end of the passkey that waits', (m) => revoking(m, 'alice', another), 'ok'],
  ['the end of the code that waits', (m) => ending(m, 2), 'ok'],
]

describe('a passkey that the desk revoked asks for', () => {
  for (const [what, ask, answer] of rows) {
    test(`${what}: ${answer}`, () => {
      const market = openMarket()
      market.must(registering(market, 'alice', third))
      lost(market)
      market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
      market.must(byJoinCode(registering(market, 'alice', another), 1))
      market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 2)))
      market.must(issuing(market, 'alice', joinCodeOf(market, 'alice', 4)))
      market.must(issuing(market, 'bob', joinCodeOf(market, 'bob', 5)))
      equal(answered(market, bySigned(ask(market), phone)), answer)
    })
  }
})

/** Who revokes alice's phone, and whether it may object afterwards. */
const revokers: readonly (readonly [who: Person, objects: boolean])[] = [
  ['retailer', true],
  ['alice', false],
  ['operator', false],
]

for (const [who, may] of revokers) {
  test(`a phone that ${who} revoked ${may ? 'may' : 'may not'} object`, () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(revoking(market, who))
    market.must(registering(market, 'retailer', another))
    equal(answered(market, objecting(market)), may ? 'ok' : unknown)
  })
}

describe('an objection', () => {
  test('ends all that waits of the desk’s word, and nothing of the account’s own', () => {
    const market = waiting()
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 2)))
    market.must(issuing(market, 'alice', joinCodeOf(market, 'alice', 4)))
    const { effects } = market.apply(objecting(market))
    deepEqual(effects, [
      {
        ...{ kind: 'objection_raised', account: alice, publicKey: phone.publicKey },
        retailer: accountOf('retailer'),
      },
      {
        ...{ kind: 'passkey_revoked', account: alice, publicKey: another.publicKey },
        ...{ label: another.label, by: alice, wasOnChain: false },
      },
      { kind: 'join_code_revoked', account: alice, publicKey: joinKey(2) },
    ])
    market.at += delayMs
    const said = market.orderOf('alice', 'sell', 100, 200_000, 1)
    equal(answered(market, bySigned(said, another)), unknown)
    deepEqual(market.state.joinCodes.get(alice)?.map((one) => one.publicKey), [joinKey(4)])
  })

  test('leaves the matter to an authority: the desk asks for nothing more', () => {
    const market = waiting()
    market.must(objecting(market))
    equal(isDisputed(market.state, alice), true)
    const disputed = 'account_disputed participant'
    const code = issuing(market, 'retailer', joinCodeOf(market, 'alice', 2))
    for (const ms of [0, delayMs, 400 * delayMs]) {
      market.at += ms
      equal(answered(market, code), disputed)
      equal(answered(market, registering(market, 'retailer', third)), disputed)
      equal(answered(market, revoking(market, 'retailer')), 'passkey_unknown publicKey')
    }
    market.must(revoking(market, 'operator'))
    equal(objects(market), undefined)
    market.must(registering(market, 'retailer', third))
    equal(answered(market, objecting(market, third)), unknown)
    market.at += delayMs
    const asked = bySigned(revoking(market, 'alice'), third)
    equal(answered(market, asked), 'passkey_unknown publicKey')
  })

  test('is decided by the account as well, by a key of its own', () => {
    const market = waiting()
    market.must(objecting(market))
    market.must(revoking(market, 'alice'))
    market.must(registering(market, 'retailer', third))
  })

  test('is decided by an authority that gives the account a key', () => {
    const market = waiting()
    market.must(objecting(market))
    const { address, publicKey } = newcomer(95)
    const content = { participant: alice, address, publicKey }
    market.must(market.instruction('replace_key', 'operator', content))
    equal(isDisputed(market.state, alice), false)
  })

  test('is in a snapshot', () => {
    const market = waiting()
    market.must(objecting(market))
    deepEqual(decodeState(encodeState(market.state)), market.state)
    equal(lostPasskeyOf(market.state, alice, phone.publicKey)?.objectedAt, market.at)
  })
})

describe('a lost passkey may object', () => {
  test('for as long as the desk’s word would wait, though nothing waits', () => {
    const market = lost()
    equal(objects(market), delayMs)
    market.at += delayMs
    equal(objects(market), undefined)
  })

  test('whenever the desk asks for something later, and until that speaks', () => {
    const market = lost()
    market.at += 9 * delayMs
    market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
    const { until = 0 } = market.state.joinCodes.get(alice)?.[0] ?? {}
    equal(objects(market), until + delayMs - market.at)
    market.must(byJoinCode(registering(market, 'alice', another), 1))
    equal(objects(market), delayMs)
    market.at += delayMs - 1
    equal(objects(market), 1)
    market.at += 1
    equal(objects(market), undefined)
    equal(answered(market, objecting(market)), unknown)
  })

  test('no more once another speaks, though that is revoked in its turn', () => {
    const market = waiting()
    market.at += delayMs
    market.must(revoking(market, 'retailer', another))
    market.must(registering(market, 'retailer', third))
    equal(objects(market), undefined)
    equal(answered(market, objecting(market, third)), unknown)
    const second = market.instruction('revoke_passkey', 'alice', { publicKey: third.publicKey })
    equal(answered(market, bySigned(second, another)), 'ok')
  })

  test('against what waited when it was revoked', () => {
    const market = openMarket()
    market.must(registering(market, 'alice', phone))
    market.must(registering(market, 'retailer', another))
    market.must(revoking(market, 'retailer'))
    equal(answered(market, objecting(market)), 'ok')
  })

  test('only if it spoke: the desk takes back what it asked for itself', () => {
    const market = openMarket()
    market.must(registering(market, 'retailer', phone))
    market.must(revoking(market, 'retailer'))
    equal(objects(market), undefined)
  })

  test('not while its account is suspended, as nobody speaks for it then', () => {
    const market = waiting()
    market.must(market.instruction('suspend_participant', 'operator', { participant: alice }))
    equal(answered(market, objecting(market)), 'account_suspended account')
  })
})

test('what waits is what the desk asked for, and nothing of the account’s own', () => {
  const market = waiting()
  market.must(issuing(market, 'alice', joinCodeOf(market, 'alice', 4)))
  market.must(registering(market, 'alice', third))
  const { passkeys, joinCodes } = waitingOf(market.state, market.at, alice)
  deepEqual(passkeys.map(({ publicKey }) => publicKey), [another.publicKey])
  deepEqual(joinCodes, [])
})
