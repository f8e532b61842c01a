import { type Command, mandateSecondsMax, mandatesMax, type Rejection } from '../index.ts'
import { accountOf, hex, type Market, meters, newcomer, startMs } from './market.ts'
import { agentKey, byAgent, granting, mandateOf, type NewMandate } from './mandate-case.ts'
import { bySigned, passkeyOf, registering } from './passkey-case.ts'
import { type Case, suspend } from './rejection-case.ts'

const granted = (change: Partial<NewMandate> = {}) => (market: Market): void => {
  market.must(granting(market, mandateOf(market, 1, change)))
}
const selling = (market: Market, energyWh = 100, price = 60_000, interval = 1): Command =>
  byAgent(market.orderOf('alice', 'sell', energyWh, price, interval), 1)
const buying = (market: Market, price: number): Command =>
  byAgent(market.orderOf('alice', 'buy', 100, price, 1), 1)

const unknown: readonly (readonly [name: string, arrange: (market: Market) => void])[] = [
  ['that nobody granted', () => undefined],
  ['that was revoked', (m) => {
    granted()(m)
    m.must(m.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) }))
  }],
  ['that the retailer revoked', (m) => {
    granted()(m)
    m.must(m.instruction('revoke_mandate', 'retailer', { publicKey: agentKey(1) }))
  }],
  ['that the operator revoked', (m) => {
    granted()(m)
    m.must(m.instruction('revoke_mandate', 'operator', { publicKey: agentKey(1) }))
  }],
  ['that has ended', (m) => {
    granted({ untilMs: m.at + 1_000 })(m)
    m.at += 1_000
  }],
  ['of an account whose key was replaced', (m) => {
    granted()(m)
    const { address, publicKey } = newcomer(99)
    const content = { participant: accountOf('alice'), address, publicKey }
    m.must(m.instruction('replace_key', 'alice', content))
  }],
  ['that a phone granted which was revoked', (m) => {
    const phone = passkeyOf('alice', 3)
    m.must(registering(m, 'alice', phone))
    m.must(bySigned(granting(m, mandateOf(m, 1)), phone))
    m.must(m.instruction('revoke_passkey', 'alice', { publicKey: phone.publicKey }))
  }],
]

/** What is refused of mandates, and of what agents sign. */
export const mandateRejections = {
  mandate_unknown: [
    ...unknown.map(([name, arrange]): Case => ({
      ...{ name, arrange, ask: (m) => selling(m), field: 'signature' },
    })),
    {
      name: 'of another account',
      arrange: granted(),
      ask: (m) => byAgent(m.orderOf('bob', 'sell', 100, 60_000, 1), 1),
      field: 'signature',
    },
    {
      name: 'to revoke',
      ask: (m) => m.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) }),
      field: 'publicKey',
    },
  ],
  mandate_too_new: [
    {
      name: 'that begins later',
      arrange: (m) => granted({ fromMs: m.at + 1 })(m),
      ask: (m) => selling(m),
      field: 'signature',
    },
  ],
  mandate_exceeded: [
    { name: 'to sell for less', arrange: granted(), ask: (m) => selling(m, 100, 49_990),
      field: 'limitMicrosPerKwh' },
    { name: 'to pay more', arrange: granted(), ask: (m) => buying(m, 250_010),
      field: 'limitMicrosPerKwh' },
    { name: 'more energy than one order may', arrange: granted(), ask: (m) => selling(m, 801),
      field: 'energyWh' },
    { name: 'another meter', arrange: (m) => {
      m.must(m.instruction('register_meter', 'grid', {
        ...{ name: 'second', kind: 'physical', account: accountOf('alice'), zone: 0, gateway: 0 },
        ...{ importWattsMax: 9_000, exportWattsMax: 9_000, digits: 9 },
      }))
      granted({ meters: [4] })(m)
    }, ask: (m) => selling(m), field: 'meter' },
    { name: 'to buy where it may only sell', arrange: granted({ buyMaxMicrosPerKwh: null }),
      ask: (m) => buying(m, 60_000), field: 'side' },
    { name: 'to sell where it may only buy', arrange: granted({ sellMinMicrosPerKwh: null }),
      ask: (m) => selling(m), field: 'side' },
    {
      name: 'a delivery that begins after its end',
      arrange: (m) => granted({ untilMs: m.at + 600_000 })(m),
      ask: (m) => selling(m, 100, 60_000, 1),
      field: 'interval',
    },
    {
      name: 'to take back what its owner ordered',
      arrange: (m) => {
        granted()(m)
        m.must({ ...m.orderOf('alice', 'sell', 100, 60_000, 1), id: hex(0x77, 32) })
      },
      ask: (m) => byAgent(m.cancellation('alice', hex(0x77, 32)), 1),
      field: 'order',
    },
  ],
  mandate_used_up: [
    {
      name: 'more than is left of the day',
      arrange: (m) => {
        granted({ dayEnergyMaxWh: 1_000 })(m)
        m.must(selling(m, 600))
      },
      ask: (m) => selling(m, 401, 60_000, 2),
      field: 'energyWh',
    },
  ],
  mandates_exceeded: [
    {
      name: 'one more than an account may have',
      arrange: (m) => {
        for (let i = 1; i <= mandatesMax; i += 1) m.must(granting(m, mandateOf(m, i)))
      },
      ask: (m) => granting(m, mandateOf(m, 99)),
      field: 'account',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>

const others: readonly (readonly [name: string, ask: (market: Market) => Command])[] = [
  ['a withdrawal', (m) => m.withdrawal('alice', 1)],
  ['another mandate', (m) => granting(m, mandateOf(m, 2))],
  ['a passkey', (m) => registering(m, 'alice', passkeyOf('alice', 1))],
  ['its own end', (m) => m.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) })],
]

const lastMs = startMs + mandateSecondsMax * 1_000
const fields: readonly (readonly [field: keyof NewMandate, name: string, value: unknown])[] = [
  ['publicKey', 'a key without its first byte', hex(1, 64)],
  ['meters', 'no meter', []],
  ['meters', 'a meter twice', [meters.alice, meters.alice]],
  ['buyMaxMicrosPerKwh', 'a price that is no integer', 0.5],
  ['orderEnergyMaxWh', 'no energy', 0],
  ['dayEnergyMaxWh', 'less a day than an order', 799],
  ['untilMs', 'an end that is past', 0],
  ['untilMs', 'an end after more than a year', lastMs + 86_400_000],
  ['fromMs', 'an end before its beginning', startMs + 365 * 86_400_000],
  ['label', 'a label with a blank', 'my agent'],
]

/** And by the codes that others have as well. */
export const mandatesAsOthers = {
  account_suspended: [
    {
      name: 'whose agent orders',
      arrange: (m) => {
        granted()(m)
        suspend(m, accountOf('alice'))
      },
      ask: (m) => selling(m),
      field: 'account',
    },
  ],
  role_missing: [
    {
      name: 'to grant a mandate where one may not trade',
      ask: (m) => m.instruction('grant_mandate', 'grid', mandateOf(m, 1)),
      field: 'account',
    },
    {
      name: 'to revoke the mandate of another',
      arrange: granted(),
      ask: (m) => m.instruction('revoke_mandate', 'bob', { publicKey: agentKey(1) }),
      field: 'account',
    },
  ],
  registered_key_needed: others.map(([name, ask]): Case => ({
    name: `and not an agent: ${name}`,
    arrange: granted(),
    ask: (m) => byAgent(ask(m), 1),
    field: 'signature',
  })),
  meter_unknown: [
    {
      name: 'in a mandate',
      ask: (m) => granting(m, mandateOf(m, 1, { meters: [77] })),
      field: 'meters',
    },
  ],
  meter_foreign: [
    {
      name: 'in a mandate',
      ask: (m) => granting(m, mandateOf(m, 1, { meters: [meters.alice, meters.bob] })),
      field: 'meters',
    },
  ],
  name_exists: [
    {
      name: 'the key of an agent whose mandate was revoked',
      arrange: (m) => {
        granted()(m)
        m.must(m.instruction('revoke_mandate', 'alice', { publicKey: agentKey(1) }))
      },
      ask: (m) => granting(m, mandateOf(m, 1)),
      field: 'publicKey',
    },
  ],
  field_invalid: [
    ...fields.map(([field, name, value]): Case => ({
      name: `of a mandate, ${name}`,
      ask: (m) => granting(m, mandateOf(m, 1, { [field]: value } as Partial<NewMandate>)),
      field,
    })),
    {
      name: 'of a mandate, neither side',
      ask: (m) =>
        granting(m, mandateOf(m, 1, { buyMaxMicrosPerKwh: null, sellMinMicrosPerKwh: null })),
      field: 'buyMaxMicrosPerKwh',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
