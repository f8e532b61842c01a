import type { Rejection } from '../index.ts'
import { accountOf, firstInterval, hex, type Market, testRulebook } from './market.ts'
import {
  type Case,
  closeCommand,
  settleCommand,
  suspend,
  unknownAccount,
} from './rejection-case.ts'
import {
  appoint,
  committee,
  fixed,
  opened,
  opening,
  reveal,
  revealing,
  sealed,
  sealerOf,
  word,
} from './sealed-case.ts'
import { committeeContent, committeeRulebook, point, revealRulebook } from './sealed-market.ts'

/** What sealed orders and proofs are refused for as others are. */
export const sealedAsOthers: Partial<Record<Rejection, readonly Case[]>> = {
  account_unknown: [
    {
      name: 'who seals',
      ...committee(),
      ask: (m) => sealed(m, { account: unknownAccount }),
      field: 'account',
    },
  ],
  account_suspended: [
    {
      name: 'a sealed order',
      ...committee((m) => suspend(m, accountOf('alice'))),
      ask: sealed,
      field: 'account',
    },
  ],
  role_missing: [
    {
      name: 'to trade under seal',
      ...committee(),
      ask: (m) => sealed(m, { account: accountOf('grid') }),
      field: 'account',
    },
    {
      name: 'to appoint a committee',
      ask: (m) => m.instruction('appoint_committee', 'retailer', committeeContent()),
      field: 'account',
    },
  ],
  zone_unknown: [
    {
      name: 'of a sealed order',
      ...committee(),
      ask: (m) => sealed(m, { zone: 1 }),
      field: 'zone',
    },
  ],
  meter_unknown: [
    {
      name: 'none in the zone of a sealed order',
      ...committee((m) => {
        const zone = { name: 'road', parent: null, bridgeWatts: 0 }
        m.must(m.instruction('register_zone', 'operator', zone))
      }),
      ask: (m) => sealed(m, { zone: 1 }),
      field: 'zone',
    },
  ],
  field_invalid: [
    ...(
      [
        ['interval', -1], ['interval', 0.5], ['collateralMicros', -1], ['collateralMicros', 0.5],
        ['collateralMicros', 2 ** 53], ['commitment', hex(0, 64)], ['commitment', hex(7, 63)],
        ['commitment', `0x${'A'.repeat(64)}`], ['commitment', 7],
        [
          'commitment',
          '0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001',
        ],
        ['ciphertext', ''], ['ciphertext', `0x${'a'.repeat(240)}`], ['ciphertext', null],
        ['ciphertext', `0x${'A'.repeat(242)}`],
      ] as const
    ).map(([field, value]) => ({
      name: `a sealed order's ${field} ${String(value).slice(0, 20)}`,
      ...committee(),
      ask: (m: Market) => sealed(m, { [field]: value }),
      field,
    })),
    {
      name: 'a ciphertext where owners reveal',
      ...reveal(),
      ask: (m) => sealed(m, { ciphertext: `0x${'a'.repeat(242)}` }),
      field: 'ciphertext',
    },
    {
      name: 'an opening too few',
      ...committee(fixed),
      ask: (m) => opening(m, { openings: [] }),
      field: 'openings',
    },
    {
      name: 'an opening too many',
      ...committee(fixed),
      ask: (m) => opening(m, { openings: [null, null] }),
      field: 'openings',
    },
    {
      name: 'openings where owners reveal',
      ...reveal((m) => {
        fixed(m)
        m.toGate(0, 60)
      }),
      ask: (m) => opening(m, { openings: [null] }),
      field: 'openings',
    },
    ...(
      [['state', 'awaited'], ['state', 'none'], ['reference', ''], ['reference', 7]] as const
    ).map(([field, value]) => ({
      name: `a proof's ${field} ${value}`,
      ...committee(opened),
      ask: (m: Market) => word(m, { [field]: value }),
      field,
    })),
    {
      name: 'overdue before its deadline',
      ...committee((m) => {
        opened(m)
        m.toGate(0, committeeRulebook.proofDeadlineSeconds - 1)
      }),
      ask: (m) => word(m, { state: 'overdue' }),
      field: 'state',
    },
    ...(
      [
        ['fromInterval', { fromInterval: -1 }], ['publicKey', { publicKey: hex(1, 64) }],
        ['threshold', { threshold: 1 }], ['threshold', { threshold: 4 }],
        ['threshold', { threshold: 2.5 }], ['members', { members: [] }],
        ['members', { members: [member(1, 'a')] }],
        ['members', { members: Array.from({ length: 65 }, (_, i) => member(i + 1, `m-${i}`)) }],
        ['members.index', { members: [member(0, 'a'), member(1, 'b')] }],
        ['members.index', { members: [member(1, 'a'), member(1, 'b')] }],
        ['members.index', { members: [member(2, 'a'), member(1, 'b')] }],
        ['members.index', { members: [member(1, 'a'), member(65_536, 'b')] }],
        ['members.name', { members: [member(1, 'A'), member(2, 'b')] }],
        ['members.name', { members: [member(1, 'a'), member(2, 'a')] }],
        [
          'members.verificationKey',
          { members: [member(1, 'a'), { ...member(2, 'b'), verificationKey: '0x' }] },
        ],
      ] as const
    ).map(([field, change], i) => ({
      name: `a committee's ${field} (${i})`,
      ask: (m: Market) => appoint(m, change),
      field,
    })),
  ],
  effective_in_past: [
    {
      name: 'a second committee for an interval that takes orders',
      ...committee(),
      ask: (m) => appoint(m, { fromInterval: firstInterval + testRulebook.horizonIntervals }),
      field: 'fromInterval',
    },
  ],
  interval_beyond_horizon: [
    {
      name: 'sealed too far ahead',
      ...committee(),
      ask: (m) => sealerOf(m).sealed('alice', 'buy', 1, 0, testRulebook.horizonIntervals + 1),
      field: 'interval',
    },
  ],
  gate_closed: [
    {
      name: 'a sealed order at the moment of the gate',
      ...committee((m) => void m.toGate(0)),
      ask: sealed,
      field: 'interval',
    },
    {
      name: 'a sealed order taken back at the moment of the gate',
      ...committee((m) => {
        sealerOf(m).seal('alice', 'buy', 100, 200_000, 0, { id: hex(77, 32) })
        m.toGate(0)
      }),
      ask: (m) => m.cancellation('alice', hex(77, 32)),
      field: 'order',
    },
    {
      name: 'a sealed order taken back when it is opened',
      ...committee((m) => {
        sealerOf(m).seal('alice', 'buy', 100, 200_000, 0, { id: hex(77, 32) })
        m.toGate(0).closeGate(0)
        m.must(sealerOf(m).opening(0))
      }),
      ask: (m) => m.cancellation('alice', hex(77, 32)),
      field: 'order',
    },
  ],
  gate_open: [
    {
      name: 'revealed too early',
      ...reveal((m) => {
        sealerOf(m).seal('alice', 'buy', 100, 200_000, 0)
        m.toGate(0, -1)
      }),
      ask: revealing,
      field: 'interval',
    },
  ],
  gate_already_closed: [
    {
      name: 'of orders that are not opened yet',
      ...committee(fixed),
      ask: () => closeCommand(0),
      field: 'interval',
    },
  ],
  orders_exceeded: [
    {
      name: 'sealed, those taken back among them',
      ...committee((m) => {
        for (let i = 0; i < committeeRulebook.ordersPerAccountMax; i += 1) {
          const id = m.id()
          sealerOf(m).seal('alice', 'buy', 10, 200_000, 0, { id, collateralMicros: 1 })
          m.must(m.cancellation('alice', id))
        }
      }),
      ask: sealed,
      field: 'account',
    },
  ],
  order_unknown: [
    {
      name: 'sealed and taken back before',
      ...committee((m) => {
        sealerOf(m).seal('alice', 'buy', 10, 200_000, 0, { id: hex(77, 32) })
        m.must(m.cancellation('alice', hex(77, 32)))
      }),
      ask: (m) => m.cancellation('alice', hex(77, 32)),
      field: 'order',
    },
    {
      name: 'sealed by another',
      ...committee((m) => void sealerOf(m).seal('bob', 'buy', 10, 0, 0, { id: hex(77, 32) })),
      ask: (m) => m.cancellation('alice', hex(77, 32)),
      field: 'order',
    },
    {
      name: 'revealed without having been sealed',
      ...reveal(fixed),
      ask: (m) => revealing(m, { commitment: hex(7, 64) }),
      field: 'commitment',
    },
    {
      name: 'revealed in an interval that nobody traded in',
      ...reveal(fixed),
      ask: (m) => revealing(m, { interval: 7 }),
      field: 'commitment',
    },
    {
      name: 'revealed after it was taken back',
      ...reveal((m) => {
        sealerOf(m).seal('alice', 'buy', 100, 200_000, 0, { id: hex(77, 32) })
        m.must(m.cancellation('alice', hex(77, 32)))
        sealerOf(m).seal('bob', 'buy', 100, 200_000, 0)
        m.toGate(0).closeGate(0)
      }),
      ask: revealing,
      field: 'commitment',
    },
  ],
  funds_insufficient: [
    {
      name: 'more declared than there is',
      ...committee(),
      ask: (m) => sealed(m, { collateralMicros: 100_000_001 }),
      field: 'account',
    },
    {
      name: 'the bond is not there',
      ...reveal(),
      ask: (m) => sealed(m, { collateralMicros: 100_000_000 - revealRulebook.bondMicros + 1 }),
      field: 'account',
    },
  ],
  interval_not_cleared: [
    {
      name: 'while it is sealed',
      ...committee(fixed),
      ask: () => settleCommand(0),
      field: 'interval',
    },
    { name: 'a proof before the clearing', ...committee(fixed), ask: word, field: 'interval' },
    {
      name: 'a proof of another zone',
      ...committee(opened),
      ask: (m) => word(m, { zone: 7 }),
      field: 'interval',
    },
  ],
}

function member(index: number, name: string) {
  return { index, name, verificationKey: point(index) }
}
