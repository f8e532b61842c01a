import { type Command, joinCodesMax, joinCodeSecondsMax, type Rejection } from '../index.ts'
import { byJoinCode, issuing, joinCodeOf, joinKey } from './join-case.ts'
import { accountOf, hex, type Market, newcomer, startMs } from './market.ts'
import { bySigned, passkeyOf, registering } from './passkey-case.ts'
import { type Case, order, suspend, unknownAccount } from './rejection-case.ts'

const phone = passkeyOf('alice', 1)
const issued = (market: Market): void => {
  market.must(issuing(market, 'retailer', joinCodeOf(market, 'alice', 1)))
}
const joining = (market: Market, change: object = {}): Command =>
  byJoinCode(registering(market, 'alice', { ...phone, ...change }), 1)

const unknown: readonly (readonly [name: string, arrange: (market: Market) => void])[] = [
  ['that nobody issued', () => undefined],
  ['that was used', (m) => {
    issued(m)
    m.must(byJoinCode(registering(m, 'alice', passkeyOf('alice', 2)), 1))
  }],
  ['that was revoked', (m) => {
    issued(m)
    const content = { participant: accountOf('alice'), publicKey: joinKey(1) }
    m.must(m.instruction('revoke_join_code', 'alice', content))
  }],
  ['that has lapsed', (m) => {
    issued(m)
    m.at += 3_600_000
  }],
  ['of an account whose key was replaced', (m) => {
    issued(m)
    const { address, publicKey } = newcomer(99)
    const content = { participant: accountOf('alice'), address, publicKey }
    m.must(m.instruction('replace_key', 'alice', content))
  }],
  ['of a retailer whose key was replaced', (m) => {
    issued(m)
    const { address, publicKey } = newcomer(99)
    const content = { participant: accountOf('retailer'), address, publicKey }
    m.must(m.instruction('replace_key', 'operator', content))
  }],
  ['that a phone issued which was revoked', (m) => {
    const { publicKey } = passkeyOf('alice', 3)
    m.must(registering(m, 'alice', passkeyOf('alice', 3)))
    m.must(bySigned(issuing(m, 'alice', joinCodeOf(m, 'alice', 1)), { publicKey }))
    m.must(m.instruction('revoke_passkey', 'alice', { publicKey }))
  }],
  ['of somebody else', (m) => {
    m.must(issuing(m, 'retailer', joinCodeOf(m, 'bob', 1)))
  }],
]

/** What is refused of join codes, and of what they sign. */
export const joinRejections = {
  join_code_unknown: [
    ...unknown.map(([name, arrange]): Case => ({
      ...{ name, arrange, ask: joining, field: 'signature' },
    })),
    {
      name: 'for a passkey of somebody else',
      arrange: issued,
      ask: (m) => joining(m, { participant: accountOf('bob') }),
      field: 'participant',
    },
    {
      name: 'to revoke',
      arrange: issued,
      ask: (m) => m.instruction('revoke_join_code', 'alice', {
        participant: accountOf('alice'), publicKey: joinKey(2),
      }),
      field: 'publicKey',
    },
  ],
  join_codes_exceeded: [
    {
      name: 'one more than an account may have',
      arrange: (m) => {
        for (let i = 1; i <= joinCodesMax; i += 1) {
          m.must(issuing(m, 'retailer', joinCodeOf(m, 'alice', i)))
        }
      },
      ask: (m) => issuing(m, 'retailer', joinCodeOf(m, 'alice', 99)),
      field: 'participant',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>

const keyOnly: readonly (readonly [name: string, ask: (market: Market) => Command])[] = [
  ['an order', (m) => order(m)],
  ['a withdrawal', (m) => m.withdrawal('alice', 1)],
  ['another join code', (m) => issuing(m, 'alice', joinCodeOf(m, 'alice', 2))],
  ['the end of a passkey', (m) => {
    const { publicKey } = phone
    return m.instruction('revoke_passkey', 'alice', { publicKey })
  }],
]

const lastMs = startMs + joinCodeSecondsMax * 1_000
const fields: readonly (readonly [field: string, name: string, value: string | number])[] = [
  ['publicKey', 'a key without its first byte', hex(1, 64)],
  ['host', 'an origin', 'https://busbar.example'],
  ['host', 'no host', ''],
  ['untilMs', 'an end that is past', 0],
  ['untilMs', 'an end after more than two weeks', lastMs + 86_400_000],
  ['untilMs', 'an end that is no integer', startMs + 0.5],
]

/** And by the codes that others have as well. */
export const joinsAsOthers = {
  account_unknown: [
    {
      name: 'who issues a join code',
      ask: (m) => ({ ...issuing(m, 'alice', joinCodeOf(m, 'alice', 1)), account: unknownAccount }),
      field: 'account',
    },
  ],
  account_suspended: [
    {
      name: 'a join code of a retailer that is suspended by now',
      arrange: (m) => {
        issued(m)
        suspend(m, accountOf('retailer'))
      },
      ask: (m) => joining(m),
      field: 'account',
    },
  ],
  role_missing: (['operator', 'bob', 'grid'] as const).map((by): Case => ({
    name: `to issue a join code for another, as ${by}`,
    ask: (m) => issuing(m, by, joinCodeOf(m, 'alice', 1)),
    field: 'account',
  })),
  registered_key_needed: keyOnly.map(([name, ask]): Case => ({
    name: `and not a join code: ${name}`,
    arrange: issued,
    ask: (m) => byJoinCode(ask(m), 1),
    field: 'signature',
  })),
  name_exists: [
    {
      name: 'the key of a join code that was used',
      arrange: (m) => {
        issued(m)
        m.must(joining(m))
      },
      ask: (m) => issuing(m, 'retailer', joinCodeOf(m, 'alice', 1)),
      field: 'publicKey',
    },
  ],
  field_invalid: [
    ...fields.map(([field, name, value]): Case => ({
      name: `of a join code, ${name}`,
      ask: (m) => issuing(m, 'alice', joinCodeOf(m, 'alice', 1, { [field]: value })),
      field,
    })),
    {
      name: 'another host than the join code is for',
      arrange: issued,
      ask: (m) => joining(m, { host: 'evil.example' }),
      field: 'host',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
