/**
 * Goal: a command has its effect once. Sent again with the same id and content it gets its first
 * answer; with other content it is refused; either changes nothing.
 * Method: one suite over a command of every kind that carries an id, kept complete by the compiler,
 * and the system's own commands, which name what they do instead.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Command,
  encodeState,
  type InstructionKind,
  type ParticipantCommand,
  rejections,
} from './index.ts'
import {
  billed,
  netted,
  paymentsWith,
  recovering,
  toppingUp,
  unpaid,
} from './testing/payment-case.ts'
import { joinCodeOf } from './testing/join-case.ts'
import { mandateOf } from './testing/mandate-case.ts'
import { passkeyOf } from './testing/passkey-case.ts'
import { wordOf } from './testing/payment-market.ts'
import { suspend } from './testing/rejection-case.ts'
import { committeeContent, committeeRulebook, SealedMarket } from './testing/sealed-market.ts'
import {
  accountOf,
  firstInterval,
  hex,
  type Market,
  meterContent,
  newcomer,
  testRulebook,
} from './testing/market.ts'
import { accepting, inForce, invited, limiting, placing } from './testing/trade-case.ts'
import { openTradeMarket, proposal, termsOf } from './testing/trade-market.ts'

type KindWithId = InstructionKind | ParticipantCommand['kind']

const id = hex(0xabc, 32)
const keys = (number: number): { address: string; publicKey: string } => {
  const { address, publicKey } = newcomer(number)
  return { address, publicKey }
}

/** Of trades: interval 5 is the next but two to close. */
const later = { fromInterval: firstInterval + 5 }
const laterTerms = (m: Market) => termsOf(m, 'alice', 'bob', later)
const offered = { ...later, expiresAt: (firstInterval + 5) * 300_000 - 60_000 }

/** A command that is accepted once the market stands at the start of interval 2. */
const commands: Readonly<Record<KindWithId, (market: Market) => Command>> = {
  place_order: (m) => m.orderOf('alice', 'buy', 100, 200_000, 4, id),
  place_sealed_order: (m) => {
    const rulebook = { ...committeeRulebook, version: 2 }
    const content = { fromInterval: firstInterval + 100, rulebook }
    m.must(m.instruction('schedule_rulebook', 'operator', content))
    m.must(m.instruction('appoint_committee', 'operator', committeeContent()))
    m.toStart(98)
    for (let interval = 3; interval <= 98; interval += 1) m.closeGate(interval)
    return new SealedMarket(m).sealed('alice', 'buy', 100, 200_000, 101, { id })
  },
  appoint_committee: (m) =>
    m.instruction('appoint_committee', 'operator', committeeContent(), id),
  cancel_order: (m) => m.cancellation('alice', m.order('alice', 'buy', 5, 200_000, 4), id),
  withdraw: (m) => m.withdrawal('alice', 1_000, id),
  submit_readings: (m) => m.readings([['alice', 1, 10, 0], ['alice', 1, 10, 0]], id),
  admit_participant: (m) => m.instruction('admit_participant', 'operator', newcomer(99), id),
  suspend_participant: (m) =>
    m.instruction('suspend_participant', 'operator', { participant: accountOf('bob') }, id),
  reinstate_participant: (m) =>
    m.instruction('reinstate_participant', 'operator', { participant: accountOf('bob') }, id),
  replace_key: (m) =>
    m.instruction('replace_key', 'alice', { participant: accountOf('alice'), ...keys(99) }, id),
  register_passkey: (m) => m.instruction('register_passkey', 'alice', passkeyOf('alice', 1), id),
  revoke_passkey: (m) => {
    const { publicKey } = passkeyOf('alice', 1)
    m.must(m.instruction('register_passkey', 'alice', passkeyOf('alice', 1)))
    return m.instruction('revoke_passkey', 'alice', { publicKey }, id)
  },
  approve_proposal: (m) => asProposed(m, 'approve_proposal', {}),
  refuse_proposal: (m) => asProposed(m, 'refuse_proposal', { reason: 'no' }),
  issue_join_code: (m) =>
    m.instruction('issue_join_code', 'alice', joinCodeOf(m, 'alice', 1), id),
  revoke_join_code: (m) => {
    const { participant, publicKey } = joinCodeOf(m, 'alice', 1)
    m.must(m.instruction('issue_join_code', 'alice', joinCodeOf(m, 'alice', 1)))
    return m.instruction('revoke_join_code', 'alice', { participant, publicKey }, id)
  },
  grant_mandate: (m) => m.instruction('grant_mandate', 'alice', mandateOf(m, 1), id),
  revoke_mandate: (m) => {
    const { publicKey } = mandateOf(m, 1)
    m.must(m.instruction('grant_mandate', 'alice', mandateOf(m, 1)))
    return m.instruction('revoke_mandate', 'alice', { publicKey }, id)
  },
  register_zone: (m) =>
    m.instruction('register_zone', 'operator', { name: 'z', parent: 0, bridgeWatts: 9 }, id),
  register_gateway: (m) =>
    m.instruction('register_gateway', 'grid', {
      name: 'g', curve: 'p256', publicKey: keys(99).publicKey, owner: accountOf('grid'),
    }, id),
  register_meter: (m) => m.instruction('register_meter', 'grid', meterContent('m'), id),
  replace_meter: (m) =>
    m.instruction('replace_meter', 'grid', {
      meter: 1, boundary: firstInterval + 2, finalImportWh: 9, finalExportWh: 0,
      initialImportWh: 0, initialExportWh: 0, digits: 9,
    }, id),
  set_tariff: (m) =>
    m.instruction('set_tariff', 'retailer', {
      fromInterval: firstInterval + 100, retailMicrosPerKwh: 1, feedInMicrosPerKwh: 1,
    }, id),
  fund_accounts: (m) =>
    m.instruction('fund_accounts', 'grid', {
      deposits: [{ account: accountOf('alice'), amountMicros: 1 }],
    }, id),
  schedule_rulebook: (m) =>
    m.instruction('schedule_rulebook', 'operator', {
      fromInterval: firstInterval + 100, rulebook: { ...testRulebook, version: 2 },
    }, id),
  propose_trade: (m) => ({ ...proposal(m, 'alice', laterTerms(m)), id }),
  accept_trade: (m) => ({ ...accepting(m, invited(m, later)), id }),
  decline_trade: (m) =>
    m.instruction('decline_trade', 'bob', { contract: invited(m, later) }, id),
  withdraw_trade: (m) =>
    m.instruction('withdraw_trade', 'alice', { contract: invited(m, later) }, id),
  exit_trade: (m) => {
    const contract = inForce(m, { ...later, exitFeeMicros: 5 })
    return m.instruction('exit_trade', 'bob', { contract }, id)
  },
  place_offer: (m) => ({ ...placing(offered)(m), id }),
  withdraw_offer: (m) => {
    m.must(placing(offered)(m))
    return m.instruction('withdraw_offer', 'alice', { offer: 1 }, id)
  },
  limit_delivery: (m) => {
    inForce(m, later)
    return { ...limiting(m, { fromInterval: firstInterval + 5 }), id }
  },
  set_wheeling: (m) =>
    m.instruction('set_wheeling', 'grid', {
      fromInterval: firstInterval + 5, microsPerKwh: 10,
    }, id),
  assign_utility: (m) =>
    m.instruction('assign_utility', 'operator', { zone: 0, utility: accountOf('grid') }, id),
  consent_to_enforcement: (m) =>
    m.instruction('consent_to_enforcement', 'alice', { textHash: hex(7, 64) }, id),
  ...paymentsWith(id),
}

/** A second operator's word about the suspension of Bob, from which on two decide. */
function asProposed(
  m: Market,
  kind: 'approve_proposal' | 'refuse_proposal',
  further: object,
): Command {
  const { rulebook } = m.state.rulebooks[0] ?? {}
  Object.assign(rulebook ?? {}, { fourEyes: { deadlineSeconds: 3_600 } })
  const second = newcomer(80, { name: 'second', roles: ['operator'], retailer: null })
  m.must(m.instruction('admit_participant', 'operator', second))
  suspend(m, accountOf('bob'))
  const digest = m.state.proposals.get(1)?.instruction.digest ?? ''
  const content = { proposal: 1, digest, ...further } as never
  const account = m.state.participants.at(-1)?.account
  return { ...m.instruction(kind, 'operator', content, id), account } as Command
}

function preparedMarket(): Market {
  const market = openTradeMarket()
  for (const interval of [0, 1, 2]) market.toGate(interval).closeGate(interval)
  return market.toStart(2)
}

for (const [kind, commandOf] of Object.entries(commands)) {
  describe(kind, () => {
    test('sent again gets its first answer and has no effect, also later', () => {
      const market = preparedMarket()
      const command = commandOf(market)
      const first = market.apply(command)
      ok(first.outcome.kind === 'accepted' && !first.outcome.repeated)
      equal(first.outcome.sequence, market.state.sequence)
      market.must(market.deposit('carol', 1))
      market.at += 1_000
      const before = encodeState(market.state)
      const again = market.apply(command)
      deepEqual(again, { outcome: { ...first.outcome, repeated: true }, effects: [] })
      equal(encodeState(market.state), before)
    })

    test('with the same id and other content is refused and has no effect', () => {
      const market = preparedMarket()
      const command = commandOf(market)
      market.must(command)
      const before = encodeState(market.state)
      const other = market.apply({ ...command, digest: hex(1, 64) } as Command)
      const refused = { kind: 'rejected', reason: 'id_exists', field: 'id' }
      deepEqual(other, { outcome: refused, effects: [] })
      equal(encodeState(market.state), before)
    })
  })
}

describe('an id', () => {
  test('belongs to its signer: another may use the same', () => {
    const market = preparedMarket()
    market.must(market.orderOf('alice', 'buy', 100, 200_000, 4, id))
    market.must(market.orderOf('bob', 'buy', 100, 200_000, 4, id))
    market.must(market.readings([['alice', 1, 10, 0]], id))
    equal(market.state.totals.orders, 2)
  })

  test('of a command that was rejected is free', () => {
    const market = preparedMarket()
    const refused = market.submit(market.orderOf('alice', 'buy', 1_001, 200_000, 4, id))
    equal(refused.kind, 'rejected')
    market.must(market.orderOf('alice', 'buy', 1_000, 200_000, 4, id))
  })

  test('answers also who was suspended since', () => {
    const market = preparedMarket()
    const command = market.orderOf('alice', 'buy', 100, 200_000, 4, id)
    market.must(command)
    suspend(market, accountOf('alice'))
    const outcome = market.submit(command)
    ok(outcome.kind === 'accepted' && outcome.repeated)
  })

  test('of an order taken back does not place it again', () => {
    const market = preparedMarket()
    const command = market.orderOf('alice', 'buy', 100, 200_000, 4, id)
    market.must(command)
    market.must(market.cancellation('alice', id))
    const outcome = market.submit(command)
    ok(outcome.kind === 'accepted' && outcome.repeated)
    equal(market.held('alice'), 0n)
  })
})

describe('what names its effect has it once', () => {
  test('a deposit, by its transaction', () => {
    const market = preparedMarket()
    const first = market.submit(market.deposit('alice', 5, '0xab:1'))
    ok(first.kind === 'accepted')
    market.must(market.deposit('bob', 5, '0xab:2'))
    const before = encodeState(market.state)
    const again = market.apply(market.deposit('alice', 5, '0xab:1'))
    deepEqual(again, { outcome: { ...first, repeated: true }, effects: [] })
    equal(encodeState(market.state), before)
  })

  const words = [
    ['what a rail says', billed, (m: Market) => wordOf(m, 1, 'captured')],
    [
      'what a bank says', netted,
      () => ({ kind: 'record_netting', netting: 1, state: 'paid', reference: 'a' }) as const,
    ],
    ['a top-up, by its retailer’s reference', () => {}, toppingUp],
    ['a recovery, by its retailer’s reference', unpaid, recovering],
  ] as const
  for (const [what, arrange, ask] of words) {
    test(what, () => {
      const market = preparedMarket()
      arrange(market)
      const first = market.submit(ask(market))
      ok(first.kind === 'accepted' && !first.repeated)
      const before = encodeState(market.state)
      const again = market.apply(ask(market))
      deepEqual(again, { outcome: { ...first, repeated: true }, effects: [] })
      equal(encodeState(market.state), before)
    })
  }

  test('the market, a gate and a settlement answer that it was done', () => {
    const market = preparedMarket()
    market.toStart(3, 120).settle(0)
    const operator = newcomer(1, { name: 'operator', roles: ['operator'], retailer: null })
    const answers = [
      market.submit({ kind: 'open_market', market: 'test', rulebook: testRulebook, operator }),
      market.closeGate(0),
      market.settle(0),
    ]
    deepEqual(
      answers.map((outcome) => outcome.kind === 'rejected' && outcome.reason),
      ['market_exists', 'gate_already_closed', 'nothing_to_settle'],
    )
  })
})

test('a rejection that may pass on its own is marked so that a client tries again', () => {
  const transient = Object.entries(rejections).filter(([, { transient: may }]) => may)
  deepEqual(transient.map(([code]) => code), [
    'market_not_open', 'passkey_too_new', 'mandate_too_new', 'account_suspended',
    'account_disputed', 'key_too_new', 'consent_missing', 'tariff_missing',
    'balancing_authority_missing', 'interval_beyond_horizon',
    'gate_open', 'committee_missing', 'interval_not_fixed', 'reveal_open', 'capacity_exceeded',
    'mandate_used_up', 'orders_exceeded', 'passkeys_exceeded', 'join_codes_exceeded',
    'mandates_exceeded', 'proposal_open', 'trades_exceeded', 'offers_exceeded',
    'proposals_exceeded', 'nothing_to_tend', 'funds_insufficient', 'interval_not_cleared',
    'readings_awaited', 'proof_awaited', 'nothing_to_settle', 'guarantee_exhausted',
  ])
})
