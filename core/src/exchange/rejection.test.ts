/**
 * Goal: every rejection is given for what it says, names the field, and changes nothing.
 * Method: a table with at least one case for each code of the closed list; the state's text is
 * compared byte for byte before and after. Precedence is a staircase: a command that breaks every
 * rule is mended step by step, and the codes must come in the order of the list.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Command, encodeState, type Outcome, type Rejection, rejections } from './index.ts'
import { fieldRejections } from './testing/field-rejections.ts'
import {
  accountOf,
  firstInterval,
  hex,
  Market,
  meterContent,
  newcomer,
  openMarket,
  type Person,
  testRulebook,
} from './testing/market.ts'
import { marketRejections } from './testing/market-rejections.ts'
import { registryRejections } from './testing/registry-rejections.ts'
import { joinRejections, joinsAsOthers } from './testing/join-rejections.ts'
import { mandateRejections, mandatesAsOthers } from './testing/mandate-rejections.ts'
import { passkeyRejections, passkeysAsOthers } from './testing/passkey-rejections.ts'
import { proposalRejections, proposalsAsOthers } from './testing/proposal-rejections.ts'
import { paymentRejections, paymentsAsOthers } from './testing/payment-rejections.ts'
import { type Case, suspend, unknownAccount } from './testing/rejection-case.ts'
import { openSealedMarket } from './testing/sealed-market.ts'
import { sealedRejections } from './testing/sealed-rejections.ts'
import { sealedAsOthers } from './testing/sealed-rejections-of-others.ts'
import { tradeRejections } from './testing/trade-rejections.ts'
import { tradesAsOthers } from './testing/trade-rejections-of-others.ts'

const cases: Record<Rejection, readonly Case[]> = {
  ...registryRejections,
  ...fieldRejections,
  ...marketRejections,
  ...sealedRejections,
  ...tradeRejections,
  ...paymentRejections,
  ...passkeyRejections,
  ...proposalRejections,
  ...joinRejections,
  ...mandateRejections,
}
const ofOthers = [
  sealedAsOthers, tradesAsOthers, paymentsAsOthers, passkeysAsOthers, proposalsAsOthers,
  joinsAsOthers, mandatesAsOthers,
]
for (const others of ofOthers) {
  for (const [code, further] of Object.entries(others) as [Rejection, readonly Case[]][]) {
    cases[code] = [...cases[code], ...further]
  }
}

/** A market that is not open where `options` is empty; else the case's own, or the usual one. */
function marketFor(code: Rejection, { options, open }: Case): Market {
  if (open !== undefined) return open()
  const isClosed = options !== undefined && Object.keys(options).length === 0
  return code === 'market_not_open' || isClosed ? new Market() : openMarket(options)
}

describe('every rejection', () => {
  test('has its cases', () => {
    deepEqual(Object.keys(cases).sort(), Object.keys(rejections).sort())
  })

  for (const [code, codeCases] of Object.entries(cases) as [Rejection, readonly Case[]][]) {
    for (const one of codeCases) {
      test(`${code}: ${one.name}`, () => {
        const market = marketFor(code, one)
        one.arrange?.(market)
        const command = one.ask(market)
        const before = encodeState(market.state)
        const { outcome, effects } = market.apply(command)
        equal(outcome.kind, 'rejected')
        ok(outcome.kind === 'rejected')
        equal(`${outcome.reason} ${outcome.field}`, `${code} ${one.field}`)
        deepEqual(effects, [])
        equal(encodeState(market.state), before)
      })
    }
  }
})

/** Mends a command step by step: the answers must come in the order of the list. */
function checkPrecedence(
  name: string,
  arrange: (market: Market) => void,
  steps: (market: Market) => readonly (readonly [Rejection, Command])[],
): void {
  test(name, () => {
    const market = openMarket({ deposits: { bob: 0 } })
    arrange(market)
    const order = Object.keys(rejections)
    let before = -1
    for (const [expected, command] of steps(market)) {
      const outcome: Outcome = market.submit(command)
      equal(outcome.kind === 'rejected' ? outcome.reason : outcome.kind, expected)
      ok(order.indexOf(expected) > before, `${expected} comes later in the list`)
      before = order.indexOf(expected)
    }
  })
}

describe('of several reasons the first of the list is given', () => {
  checkPrecedence('for an order', (market) => {
    suspend(market, accountOf('carol'))
    for (let i = 0; i < 4; i += 1) market.order('alice', 'buy', 10, 200_000, 0)
    market.must(market.orderOf('alice', 'sell', 10, 0, 1, hex(77, 32)))
  }, (market) => {
    const far = firstInterval + 1_000
    let wrong = {
      ...market.orderOf('alice', 'buy', 0, 5_000_001, 0), meter: 77, interval: far,
      id: hex(77, 32), account: accountOf('alice'),
    }
    const mend = (change: Partial<typeof wrong>): typeof wrong => (wrong = { ...wrong, ...change })
    return [
      ['id_exists', wrong],
      ['account_unknown', mend({ id: market.id(), account: unknownAccount })],
      ['account_suspended', mend({ account: accountOf('carol') })],
      ['role_missing', mend({ account: accountOf('grid') })],
      ['meter_unknown', mend({ account: accountOf('alice') })],
      ['meter_foreign', mend({ meter: 2 })],
      ['field_invalid', mend({ meter: 1 })],
      ['interval_beyond_horizon', mend({ energyWh: 5_001 })],
      ['gate_closed', mend({ interval: firstInterval - 1 })],
      ['energy_exceeded', mend({ interval: firstInterval })],
      ['capacity_exceeded', mend({ energyWh: 1_001 })],
      ['price_out_of_bounds', mend({ energyWh: 10 })],
      ['price_off_tick', mend({ limitMicrosPerKwh: 999_999 })],
      ['orders_exceeded', mend({ limitMicrosPerKwh: 1_000_000 })],
      ['funds_insufficient', mend({ account: accountOf('bob'), meter: 2 })],
    ]
  })

  test('for a sealed order', () => {
    const sealer = openSealedMarket({ deposits: { bob: 0 } })
    const { market } = sealer
    suspend(market, accountOf('carol'))
    for (let i = 0; i < 4; i += 1) sealer.seal('alice', 'buy', 1, 0, 0, { collateralMicros: 1 })
    const taken = sealer.seal('retailer', 'sell', 1, 0, 0)
    const right = sealer.sealed('alice', 'buy', 10, 200_000, 0)
    let wrong = {
      ...right, account: unknownAccount, zone: 7, commitment: hex(0, 64), interval: 0,
    }
    const mend = (change: Partial<typeof wrong>): Command => {
      wrong = { ...wrong, ...change, id: market.id() }
      return wrong
    }
    const far = firstInterval + 1_000
    const steps: readonly (readonly [Rejection, Command])[] = [
      ['account_unknown', mend({})],
      ['account_suspended', mend({ account: accountOf('carol') })],
      ['role_missing', mend({ account: accountOf('grid') })],
      ['zone_unknown', mend({ account: accountOf('alice') })],
      ['field_invalid', mend({ zone: 0, interval: far })],
      ['interval_beyond_horizon', mend({ commitment: taken })],
      ['gate_closed', mend({ interval: firstInterval - 1 })],
      ['commitment_exists', mend({ interval: firstInterval })],
      ['orders_exceeded', mend({ commitment: right.commitment })],
      ['funds_insufficient', mend({ account: accountOf('bob') })],
    ]
    const order = Object.keys(rejections)
    let before = -1
    for (const [expected, command] of steps) {
      const outcome = market.submit(command)
      equal(outcome.kind === 'rejected' ? outcome.reason : outcome.kind, expected)
      ok(order.indexOf(expected) > before, `${expected} comes later in the list`)
      before = order.indexOf(expected)
    }
  })

  checkPrecedence('for a withdrawal', (market) => suspend(market, accountOf('carol')), (market) => {
    const wrong = (person: Person, amountMicros: number): Command =>
      ({ ...market.withdrawal(person, amountMicros), to: hex(99, 40) })
    return [
      ['account_unknown', { ...wrong('alice', 0), account: unknownAccount } as Command],
      ['account_suspended', wrong('carol', 0)],
      ['field_invalid', wrong('bob', 0)],
      ['address_foreign', wrong('bob', 1)],
      ['funds_insufficient', market.withdrawal('bob', 1)],
    ]
  })

  checkPrecedence('for a deposit', (market) => {
    market.must(market.deposit('alice', 5, '0xab:1'))
  }, (market) => {
    const again = (change: object): Command =>
      ({ ...market.deposit('alice', 6, '0xab:1'), ...change }) as Command
    return [
      ['account_unknown', again({ account: unknownAccount, amountMicros: 0 })],
      ['field_invalid', again({ amountMicros: 0 })],
      ['deposit_exists', again({})],
    ]
  })

  const actors = (change: Partial<Record<'account' | 'content', unknown>>) =>
    (market: Market, command: Command): Command =>
      ({ ...command, id: market.id(), ...change }) as Command

  checkPrecedence('for who registers a meter', (market) => {
    suspend(market, accountOf('carol'))
  }, (market) => {
    const wrong = market.instruction('register_meter', 'grid', meterContent('m', { account: 77 }))
    return [
      ['account_unknown', actors({ account: unknownAccount })(market, wrong)],
      ['account_suspended', actors({ account: accountOf('carol') })(market, wrong)],
      ['role_missing', actors({ account: accountOf('alice') })(market, wrong)],
    ]
  })

  checkPrecedence('for a meter', () => {}, (market) => {
    let content = meterContent('meter-bob', { account: 77, gateway: 7, zone: 7, digits: 4 })
    const mend = (change: Partial<typeof content>): Command => {
      content = { ...content, ...change }
      return market.instruction('register_meter', 'retailer', content)
    }
    return [
      ['account_unknown', mend({})],
      ['gateway_unknown', mend({ account: accountOf('grid') })],
      ['zone_unknown', mend({ gateway: 0 })],
      ['meter_foreign', mend({ zone: 0 })],
      ['name_exists', mend({ account: accountOf('retailer') })],
      ['field_invalid', mend({ name: 'm' })],
      ['tariff_missing', mend({ digits: 9 })],
    ]
  })

  checkPrecedence('for a newcomer', () => {}, (market) => {
    let content = newcomer(99, { name: 'alice', roles: [], retailer: 77 })
    const mend = (change: Partial<typeof content>): Command => {
      content = { ...content, ...change }
      return market.instruction('admit_participant', 'operator', content)
    }
    return [
      ['account_unknown', mend({})],
      ['role_missing', mend({ retailer: accountOf('bob') })],
      ['name_exists', mend({ retailer: accountOf('retailer') })],
      ['field_invalid', mend({ name: 'dora' })],
    ]
  })

  checkPrecedence('for a rulebook', () => {}, (market) => {
    const wrong = { fromInterval: 1, rulebook: { ...testRulebook, version: 0 } }
    const mended = { ...wrong, rulebook: { ...testRulebook, version: 2 } }
    return [
      ['role_missing', market.instruction('schedule_rulebook', 'alice', wrong)],
      ['field_invalid', market.instruction('schedule_rulebook', 'operator', wrong)],
      ['effective_in_past', market.instruction('schedule_rulebook', 'operator', mended)],
    ]
  })

  checkPrecedence('for a tariff', () => {}, (market) => {
    const wrong = { fromInterval: 1, retailMicrosPerKwh: 10 ** 13, feedInMicrosPerKwh: 0 }
    return [
      ['role_missing', market.instruction('set_tariff', 'alice', wrong)],
      ['field_invalid', market.instruction('set_tariff', 'retailer', wrong)],
      [
        'effective_in_past',
        market.instruction('set_tariff', 'retailer', { ...wrong, retailMicrosPerKwh: 0 }),
      ],
    ]
  })

  checkPrecedence('for a batch of readings', (market) => {
    suspend(market, accountOf('grid'))
  }, (market) => [
    ['account_suspended', market.readings([])],
    ['gateway_unknown', { ...market.readings([]), gateway: 7 }],
  ])

  test('for a settlement, where nobody balances, that comes first', () => {
    const market = new Market()
    const operator = newcomer(1, { name: 'operator', roles: ['operator'], retailer: null })
    market.must({ kind: 'open_market', market: 'test', rulebook: testRulebook, operator })
    equal(market.settled(0), 'balancing_authority_missing')
  })
})
