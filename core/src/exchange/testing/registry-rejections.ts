import type { Command, Rejection } from '../index.ts'
import {
  accountOf,
  firstInterval,
  hex,
  meterContent,
  newcomer,
  testRulebook,
} from './market.ts'
import {
  type Case,
  openCommand,
  order,
  replacement,
  settleCommand,
  suspend,
  unknownAccount,
} from './rejection-case.ts'

/** What the registry and the rules of the market refuse. */
export const registryRejections = {
  account_unknown: [
    { name: 'who trades', ask: (m) => order(m, { account: unknownAccount }), field: 'account' },
    { name: 'a system account', ask: (m) => order(m, { account: 2 }), field: 'account' },
    {
      name: 'who withdraws',
      ask: (m) => ({ ...m.withdrawal('alice', 1), account: unknownAccount }),
      field: 'account',
    },
    {
      name: 'who instructs',
      ask: (m) => ({ ...m.instruction('admit_participant', 'operator', newcomer(99)), account: 0 }),
      field: 'account',
    },
    {
      name: 'who gets a deposit',
      ask: (m) => ({ ...m.deposit('alice', 1), account: unknownAccount }) as Command,
      field: 'account',
    },
    {
      name: 'a system account paid by the chain',
      ask: (m) => ({ ...m.deposit('fees', 1), kind: 'record_chain_withdrawal' }) as Command,
      field: 'account',
    },
    {
      name: 'who is funded',
      ask: (m) => m.instruction('fund_accounts', 'grid', {
        deposits: [{ account: unknownAccount, amountMicros: 1 }],
      }),
      field: 'deposits.account',
    },
    {
      name: 'the retailer of a newcomer',
      ask: (m) =>
        m.instruction('admit_participant', 'operator', newcomer(99, { retailer: unknownAccount })),
      field: 'retailer',
    },
    {
      name: 'a retailer of the operator of a market that is not open',
      options: {},
      ask: () => openCommand({ operator: newcomer(1, { roles: ['operator'], retailer: 3 }) }),
      field: 'operator.retailer',
    },
    {
      name: 'who is suspended',
      ask: (m) =>
        m.instruction('suspend_participant', 'operator', { participant: unknownAccount }),
      field: 'participant',
    },
    {
      name: 'who is reinstated',
      ask: (m) =>
        m.instruction('reinstate_participant', 'operator', { participant: unknownAccount }),
      field: 'participant',
    },
    {
      name: 'whose key is replaced',
      ask: (m) =>
        m.instruction('replace_key', 'operator', {
          participant: unknownAccount, address: hex(99, 40), publicKey: newcomer(99).publicKey,
        }),
      field: 'participant',
    },
    {
      name: 'the owner of a gateway',
      ask: (m) =>
        m.instruction('register_gateway', 'grid', {
          name: 'g', curve: 'p256', publicKey: newcomer(99).publicKey, owner: unknownAccount,
        }),
      field: 'owner',
    },
    {
      name: 'the owner of a meter',
      ask: (m) =>
        m.instruction('register_meter', 'grid', meterContent('m', { account: unknownAccount })),
      field: 'account',
    },
  ],
  account_suspended: [
    {
      name: 'an order',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: order,
      field: 'account',
    },
    {
      name: 'a withdrawal',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: (m) => m.withdrawal('alice', 1),
      field: 'account',
    },
    {
      name: 'a key of its own',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: (m) =>
        m.instruction('replace_key', 'alice', {
          participant: accountOf('alice'), address: hex(99, 40), publicKey: newcomer(99).publicKey,
        }),
      field: 'account',
    },
    {
      name: 'an instruction',
      arrange: (m) => suspend(m, accountOf('grid')),
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('m')),
      field: 'account',
    },
    {
      name: 'readings of its gateway',
      arrange: (m) => suspend(m, accountOf('grid')),
      ask: (m) => m.readings([['alice', 0, 0, 0]]),
      field: 'gateway',
    },
  ],
  role_missing: [
    {
      name: 'to trade',
      ask: (m) => order(m, { account: accountOf('grid') }),
      field: 'account',
    },
    {
      name: 'to take orders back',
      ask: (m) => m.cancellation('grid', hex(1, 32)),
      field: 'account',
    },
    {
      name: 'to admit',
      ask: (m) => m.instruction('admit_participant', 'alice', newcomer(99)),
      field: 'account',
    },
    {
      name: 'to suspend',
      ask: (m) => m.instruction('suspend_participant', 'grid', { participant: accountOf('bob') }),
      field: 'account',
    },
    {
      name: 'to replace the key of another',
      ask: (m) =>
        m.instruction('replace_key', 'alice', {
          participant: accountOf('bob'), address: hex(99, 40), publicKey: newcomer(99).publicKey,
        }),
      field: 'account',
    },
    {
      name: 'to register a zone',
      ask: (m) =>
        m.instruction('register_zone', 'grid', { name: 'z', parent: null, bridgeWatts: 0 }),
      field: 'account',
    },
    {
      name: 'to register a gateway',
      ask: (m) =>
        m.instruction('register_gateway', 'alice', {
          name: 'g', curve: 'p256', publicKey: newcomer(99).publicKey, owner: accountOf('alice'),
        }),
      field: 'account',
    },
    {
      name: 'to register a meter',
      ask: (m) => m.instruction('register_meter', 'alice', meterContent('m')),
      field: 'account',
    },
    {
      name: 'to replace a meter',
      ask: (m) => m.instruction('replace_meter', 'alice', replacement()),
      field: 'account',
    },
    {
      name: 'to set a tariff',
      ask: (m) =>
        m.instruction('set_tariff', 'grid', {
          fromInterval: 0, retailMicrosPerKwh: 1, feedInMicrosPerKwh: 1,
        }),
      field: 'account',
    },
    {
      name: 'to fund accounts',
      ask: (m) => m.instruction('fund_accounts', 'operator', { deposits: [] }),
      field: 'account',
    },
    {
      name: 'to schedule a rulebook',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'retailer', { fromInterval: 0, rulebook: testRulebook }),
      field: 'account',
    },
    {
      name: 'to be the retailer of a newcomer',
      ask: (m) =>
        m.instruction(
          'admit_participant', 'operator', newcomer(99, { retailer: accountOf('bob') }),
        ),
      field: 'retailer',
    },
    {
      name: 'to operate the market that opens',
      options: {},
      ask: () => openCommand({ operator: newcomer(1, { roles: ['prosumer'], retailer: null }) }),
      field: 'operator.roles',
    },
  ],
  gateway_unknown: [
    {
      name: 'of a batch',
      ask: (m) => ({ ...m.readings([['alice', 0, 0, 0]]), gateway: 7 }),
      field: 'gateway',
    },
    {
      name: 'of a meter',
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('m', { gateway: 7 })),
      field: 'gateway',
    },
    {
      name: 'a physical meter without one',
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('m', { gateway: null })),
      field: 'gateway',
    },
  ],
  zone_unknown: [
    {
      name: 'of a meter',
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('m', { zone: 7 })),
      field: 'zone',
    },
    {
      name: 'above a zone',
      ask: (m) =>
        m.instruction('register_zone', 'operator', { name: 'z', parent: 7, bridgeWatts: 1 }),
      field: 'parent',
    },
  ],
  meter_unknown: [
    { name: 'of an order', ask: (m) => order(m, { meter: 77 }), field: 'meter' },
    {
      name: 'to replace',
      ask: (m) => m.instruction('replace_meter', 'grid', replacement({ meter: 77 })),
      field: 'meter',
    },
    {
      name: 'a virtual one has no device',
      ask: (m) => m.instruction('replace_meter', 'grid', replacement({ meter: 0 })),
      field: 'meter',
    },
  ],
  meter_foreign: [
    {
      name: 'an order for the meter of another',
      ask: (m) => order(m, { meter: 2 }),
      field: 'meter',
    },
    {
      name: 'a retailer registers a meter for one who is not its customer',
      ask: (m) =>
        m.instruction(
          'register_meter', 'retailer', meterContent('m', { account: accountOf('grid') }),
        ),
      field: 'meter',
    },
    {
      name: 'a retailer replaces the meter of one who is not its customer',
      arrange: (m) => {
        const content = newcomer(98, { name: 'other', roles: ['retailer'], retailer: null })
        m.must(m.instruction('admit_participant', 'operator', content))
        m.toStart(2)
      },
      ask: (m) => ({ ...m.instruction('replace_meter', 'grid', replacement()), account: 10 }),
      field: 'meter',
    },
  ],
  name_exists: [
    {
      name: 'of a participant',
      ask: (m) => m.instruction('admit_participant', 'operator', newcomer(99, { name: 'alice' })),
      field: 'name',
    },
    {
      name: 'the address of a participant',
      ask: (m) =>
        m.instruction('admit_participant', 'operator', newcomer(99, { address: hex(5, 40) })),
      field: 'address',
    },
    {
      name: 'the key of a participant',
      ask: (m) => {
        const { publicKey } = newcomer(5)
        return m.instruction('admit_participant', 'operator', newcomer(99, { publicKey }))
      },
      field: 'publicKey',
    },
    {
      name: 'a key that was given up',
      arrange: (m) => {
        const key = { address: hex(98, 40), publicKey: newcomer(98).publicKey }
        const content = { participant: accountOf('alice'), ...key }
        m.must(m.instruction('replace_key', 'alice', content))
      },
      ask: (m) => {
        const { publicKey } = newcomer(5)
        return m.instruction('admit_participant', 'operator', newcomer(99, { publicKey }))
      },
      field: 'publicKey',
    },
    {
      name: 'of a zone',
      ask: (m) =>
        m.instruction('register_zone', 'operator', {
          name: 'street', parent: null, bridgeWatts: 0,
        }),
      field: 'name',
    },
    {
      name: 'of a gateway',
      ask: (m) =>
        m.instruction('register_gateway', 'grid', {
          name: 'gateway', curve: 'p256', publicKey: newcomer(99).publicKey,
          owner: accountOf('grid'),
        }),
      field: 'name',
    },
    {
      name: 'of a meter',
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('meter-alice')),
      field: 'name',
    },
  ],
  tariff_missing: [
    {
      name: 'a meter of a participant without a retailer',
      ask: (m) =>
        m.instruction('register_meter', 'grid', meterContent('m', { account: accountOf('grid') })),
      field: 'account',
    },
  ],
  balancing_authority_missing: [
    {
      name: 'nobody balances',
      options: {},
      arrange: (m) => void m.must(openCommand()),
      ask: () => settleCommand(0),
    },
  ],
  effective_in_past: [
    {
      name: 'a tariff for an interval that takes orders',
      ask: (m) =>
        m.instruction('set_tariff', 'retailer', {
          fromInterval: firstInterval + testRulebook.horizonIntervals,
          retailMicrosPerKwh: 1, feedInMicrosPerKwh: 1,
        }),
      field: 'fromInterval',
    },
    {
      name: 'a rulebook for an interval that takes orders',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'operator', {
          fromInterval: firstInterval + testRulebook.horizonIntervals,
          rulebook: { ...testRulebook, version: 2 },
        }),
      field: 'fromInterval',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
