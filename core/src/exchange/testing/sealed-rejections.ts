import type { Rejection } from '../index.ts'
import { accountOf, firstInterval, hex, type Market, meters } from './market.ts'
import { type Case, settleCommand } from './rejection-case.ts'
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
import { committeeRulebook, revealRulebook } from './sealed-market.ts'

/** What only sealed orders and proofs are refused for. */
export const sealedRejections = {
  order_book_mismatch: [
    { name: 'a sealed order in an open book', ask: sealed, field: 'interval' },
    {
      name: 'an open order in a sealed book',
      ...committee(),
      ask: (m) => m.orderOf('alice', 'buy', 100, 200_000, 0),
      field: 'interval',
    },
    {
      name: 'an open order where owners reveal',
      ...reveal(),
      ask: (m) => m.orderOf('alice', 'buy', 100, 200_000, 0),
      field: 'interval',
    },
    { name: 'revealed to a committee', ...committee(fixed), ask: revealing, field: 'interval' },
  ],
  committee_missing: [
    {
      name: 'none was appointed',
      options: { rulebook: committeeRulebook },
      ask: sealed,
      field: 'interval',
    },
    {
      name: 'none yet for this interval',
      options: { rulebook: committeeRulebook },
      arrange: (m) => void m.must(appoint(m, { fromInterval: firstInterval + 1 })),
      ask: sealed,
      field: 'interval',
    },
  ],
  commitment_exists: [
    {
      name: 'sealed before',
      ...committee((m) => {
        m.must({ ...sealerOf(m).sealed('bob', 'buy', 10, 0, 0), commitment: hex(7, 64) })
      }),
      ask: (m) => sealed(m, { commitment: hex(7, 64) }),
      field: 'commitment',
    },
    {
      name: 'sealed before and taken back',
      ...committee((m) => {
        const id = m.id()
        m.must({ ...sealerOf(m).sealed('alice', 'buy', 10, 0, 0, { id }), commitment: hex(7, 64) })
        m.must(m.cancellation('alice', id))
      }),
      ask: (m) => sealed(m, { commitment: hex(7, 64) }),
      field: 'commitment',
    },
  ],
  interval_not_fixed: [
    {
      name: 'before the gate',
      ...committee((m) => void sealerOf(m).seal('alice', 'buy', 100, 200_000, 0)),
      ask: opening,
      field: 'interval',
    },
    {
      name: 'of another zone',
      ...committee(fixed),
      ask: (m) => opening(m, { zone: 7 }),
      field: 'interval',
    },
  ],
  orders_opened: [
    { name: 'twice', ...committee(opened), ask: opening, field: 'interval' },
    {
      name: 'where there were none',
      ...committee((m) => void m.toGate(0).closeGate(0)),
      ask: opening,
      field: 'interval',
    },
    {
      name: 'of an open book',
      arrange: (m) => void m.toGate(0).closeGate(0),
      ask: opening,
      field: 'interval',
    },
  ],
  reveal_open: [
    {
      name: 'while an order may be revealed',
      ...reveal((m) => {
        fixed(m)
        m.toGate(0, revealRulebook.revealSeconds - 1)
      }),
      ask: opening,
      field: 'interval',
    },
  ],
  reveal_closed: [
    {
      name: 'a moment too late',
      ...reveal((m) => {
        fixed(m)
        m.toGate(0, revealRulebook.revealSeconds)
      }),
      ask: revealing,
      field: 'interval',
    },
    {
      name: 'after all were opened',
      ...reveal((m) => {
        fixed(m)
        m.must(revealing(m))
        m.must(opening(m))
      }),
      ask: revealing,
      field: 'interval',
    },
  ],
  opening_mismatch: (
    [
      { energyWh: 101 }, { limitMicrosPerKwh: 200_010 }, { side: 'sell' }, { salt: hex(1, 64) },
      { account: accountOf('bob') }, { meter: meters.bob }, { energyWh: 0 }, { energyWh: 0.5 },
      { energyWh: 2 ** 28 }, { limitMicrosPerKwh: 10 ** 12 + 1 }, { salt: 'salt' }, { meter: -1 },
    ] as const
  ).map((change) => ({
    name: JSON.stringify(change),
    ...reveal(fixed),
    ask: (m: Market) => {
      const [commitment = ''] = sealerOf(m).openings.keys()
      return sealerOf(m).revealing(commitment, 0, change)
    },
    field: 'opening',
  })),
  proof_awaited: [
    {
      name: 'a final run',
      ...committee((m) => {
        opened(m)
        m.toStart(1, 200).settle(0)
        m.toStart(4)
      }),
      ask: () => settleCommand(0),
      field: 'interval',
    },
    {
      name: 'a final run of what is shown to be faulty',
      ...committee((m) => {
        opened(m)
        m.must(sealerOf(m).proofWord(0, 'faulty'))
        m.toStart(1, 200).settle(0)
        m.toStart(4)
      }),
      ask: () => settleCommand(0),
      field: 'interval',
    },
  ],
  proof_not_awaited: [
    {
      name: 'of an open book',
      arrange: (m) => void m.toGate(0).closeGate(0),
      ask: word,
      field: 'interval',
    },
    ...(['proven', 'overdue'] as const).map((state) => ({
      name: `${state} after it is proven`,
      ...committee((m) => {
        opened(m)
        m.must(word(m))
        m.toStart(3)
      }),
      ask: (m: Market) => word(m, { state }),
      field: 'interval',
    })),
    ...(['faulty', 'overdue'] as const).map((state) => ({
      name: `${state} twice`,
      ...committee((m) => {
        opened(m)
        m.toStart(3)
        m.must(word(m, { state }))
      }),
      ask: (m: Market) => word(m, { state, reference: '0xcd:1' }),
      field: 'interval',
    })),
    ...(['proven', 'overdue'] as const).map((state) => ({
      name: `${state} when it is faulty`,
      ...committee((m) => {
        opened(m)
        m.toStart(3)
        m.must(word(m, { state: 'faulty' }))
      }),
      ask: (m: Market) => word(m, { state }),
      field: 'interval',
    })),
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
