/**
 * Goal: whoever had a phone for a minute and added a device by it loses that device with the phone;
 * and nobody loses by a revocation the device that it is signed with, or one of long ago.
 * Method: a table of who asked for what, when, and who revokes; what is left is listed.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { askedForDays } from '../registry/index.ts'
import { type Command, passkeysOf } from './index.ts'
import { byJoinCode, issuing, joinCodeOf } from './testing/join-case.ts'
import {
  accountOf,
  type Market,
  meters,
  newcomer,
  openMarket,
  type Person,
} from './testing/market.ts'
import { bySigned, passkeyOf, registering } from './testing/passkey-case.ts'

const alice = accountOf('alice')
const dayMs = 86_400_000
const passkey = (number: number) => passkeyOf('alice', number)

/** A passkey's number, or the registered key of somebody. */
type Signer = number | Person

type Step =
  | readonly [by: Signer, does: 'adds' | 'joins' | 'revokes', number: number]
  | readonly ['days', number]

const signed = (command: Command, by: Signer): Command =>
  typeof by === 'number' ? bySigned(command, passkey(by)) : command

function take(market: Market, step: Step): void {
  if (step[0] === 'days') {
    market.at += (step[1] as number) * dayMs
    return
  }
  const [by, does, number] = step
  const person = typeof by === 'number' ? 'alice' : by
  if (does === 'adds') {
    market.must(signed(registering(market, person, passkey(number)), by))
  } else if (does === 'joins') {
    const content = joinCodeOf(market, 'alice', number, { untilMs: market.at + dayMs })
    market.must(signed(issuing(market, person, content), by))
    market.must(byJoinCode(registering(market, 'alice', passkey(number)), number))
  } else {
    const { publicKey } = passkey(number)
    market.must(signed(market.instruction('revoke_passkey', person, { publicKey }), by))
  }
}

const left = (market: Market): readonly string[] =>
  passkeysOf(market.state, alice).map(({ label }) => label.replace('phone-', ''))

type Row = readonly [what: string, steps: readonly Step[], left: string]

/** The phone is 1; what it added is 2, and what that added 3. */
const rows: readonly Row[] = [
  ['what it added goes with it', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['alice', 'revokes', 1],
  ], ''],
  ['and what joined by its code', [
    ['alice', 'adds', 1], [1, 'joins', 2], ['alice', 'revokes', 1],
  ], ''],
  ['and what that added', [
    ['alice', 'adds', 1], [1, 'adds', 2], [2, 'joins', 3], ['alice', 'revokes', 1],
  ], ''],
  ['whoever revokes: the desk', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['retailer', 'revokes', 1],
  ], ''],
  ['whoever revokes: an authority', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['operator', 'revokes', 1],
  ], ''],
  ['whoever revokes: another device', [
    ['alice', 'adds', 1], ['alice', 'adds', 4], [1, 'adds', 2], [4, 'revokes', 1],
  ], '4'],
  ['what the registered key added stays', [
    ['alice', 'adds', 1], ['alice', 'adds', 2], ['alice', 'revokes', 1],
  ], '2'],
  ['what another device added stays', [
    ['alice', 'adds', 4], ['alice', 'adds', 1], [4, 'adds', 2], ['alice', 'revokes', 1],
  ], '4 2'],
  ['what it added long ago stays', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['days', askedForDays], ['alice', 'revokes', 1],
  ], '2'],
  ['and so does what that added since', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['days', askedForDays], [2, 'adds', 3],
    ['alice', 'revokes', 1],
  ], '2 3'],
  ['who signs the revocation stays', [
    ['alice', 'adds', 1], [1, 'adds', 2], [2, 'revokes', 1],
  ], '2'],
  ['and whoever asked for that, and what it asked for', [
    ['alice', 'adds', 1], [1, 'adds', 2], [2, 'adds', 3], [3, 'adds', 4], [2, 'adds', 5],
    [3, 'revokes', 1],
  ], '2 3 4 5'],
  ['who revokes itself leaves what it added: a new phone by the old one', [
    ['alice', 'adds', 1], [1, 'adds', 2], [1, 'revokes', 1],
  ], '2'],
  ['what the registered key asks for as well stays', [
    ['alice', 'adds', 1], [1, 'adds', 2], ['alice', 'adds', 2], ['alice', 'revokes', 1],
  ], '2'],
  ['what asks for itself does not', [
    ['alice', 'adds', 1], [1, 'adds', 2], [2, 'adds', 2], ['alice', 'revokes', 1],
  ], ''],
]

describe('of a phone that is revoked', () => {
  for (const [what, steps, expected] of rows) {
    test(what, () => {
      const market = openMarket()
      for (const step of steps) take(market, step)
      equal(left(market).join(' '), expected)
    })
  }

  test('the mandates that its devices granted end as well', () => {
    const market = openMarket()
    for (const step of [['alice', 'adds', 1], [1, 'adds', 2]] as const) take(market, step)
    market.must(bySigned(market.instruction('grant_mandate', 'alice', {
      ...{ publicKey: newcomer(97).publicKey, meters: [meters.alice], sellMinMicrosPerKwh: 1 },
      ...{ buyMaxMicrosPerKwh: null, orderEnergyMaxWh: 9, dayEnergyMaxWh: 9, label: 'battery' },
      ...{ fromMs: 0, untilMs: market.at + dayMs },
    }), passkey(2)))
    take(market, ['alice', 'revokes', 1])
    equal(market.state.mandates.size, 0)
  })

  test('what the desk ended with it may object as well, until an authority decides', () => {
    const market = openMarket()
    const steps = [['alice', 'adds', 1], [1, 'adds', 2], ['retailer', 'revokes', 1]] as const
    for (const step of steps) take(market, step)
    take(market, ['retailer', 'adds', 6])
    const { publicKey } = passkey(6)
    const objecting = market.instruction('revoke_passkey', 'alice', { publicKey })
    market.must(bySigned(objecting, passkey(2)))
    take(market, ['operator', 'revokes', 1])
    equal(market.state.lostPasskeys.size, 0)
    take(market, ['retailer', 'adds', 7])
  })
})

/** Who replaces alice's registered key, and what is left of what that asked for. */
const replacing: readonly (readonly [by: Person, days: number, left: readonly string[]])[] = [
  ['operator', 0, ['9']],
  ['operator', askedForDays, ['1', '2', '9']],
  ['alice', 0, ['1', '2', '9']],
]

for (const [by, days, expected] of replacing) {
  test(`of a registered key that ${by} replaces after ${days} days: ${expected.join(' ')}`, () => {
    const market = openMarket()
    const steps = [['alice', 'adds', 1], [1, 'adds', 2], ['retailer', 'adds', 9]] as const
    for (const step of steps) take(market, step)
    take(market, ['days', days])
    const { address, publicKey } = newcomer(95)
    const content = { participant: alice, address, publicKey }
    market.must(market.instruction('replace_key', by, content))
    deepEqual(left(market), expected)
  })
}
