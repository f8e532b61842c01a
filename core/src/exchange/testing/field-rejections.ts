import type { Rejection } from '../index.ts'
import {
  accountOf,
  firstInterval,
  type Market,
  meterContent,
  newcomer,
  testRulebook,
} from './market.ts'
import {
  byChain,
  type Case,
  clearedAndRead,
  closeCommand,
  openCommand,
  order,
  replacement,
} from './rejection-case.ts'

/** Every field of every command outside of its limits. */
export const fieldRejections = {
  field_invalid: [
    { name: 'no energy', ask: (m) => order(m, { energyWh: 0 }), field: 'energyWh' },
    { name: 'half a watt-hour', ask: (m) => order(m, { energyWh: 0.5 }), field: 'energyWh' },
    { name: 'an interval below zero', ask: (m) => order(m, { interval: -1 }), field: 'interval' },
    { name: 'half an interval', ask: (m) => order(m, { interval: 0.5 }), field: 'interval' },
    {
      name: 'an interval beyond all time',
      ask: (m) => order(m, { interval: Number.MAX_SAFE_INTEGER }),
      field: 'interval',
    },
    {
      name: 'a limit between two micros',
      ask: (m) => order(m, { limitMicrosPerKwh: 0.5 }),
      field: 'limitMicrosPerKwh',
    },
    { name: 'nothing withdrawn', ask: (m) => m.withdrawal('alice', 0), field: 'amountMicros' },
    { name: 'half a micro', ask: (m) => m.withdrawal('alice', 0.5), field: 'amountMicros' },
    {
      name: 'less than nothing paid by the chain',
      ask: () => byChain({ kind: 'record_chain_withdrawal', amountMicros: -1 }),
      field: 'amountMicros',
    },
    {
      name: 'a request of half a micro',
      ask: () => byChain({ kind: 'record_withdrawal_request', amountMicros: 0.5 }),
      field: 'amountMicros',
    },
    {
      name: 'a request moved on that nobody made',
      ask: () => byChain({ kind: 'advance_withdrawal_request', stage: 'near' }),
      field: 'reference',
    },
    {
      name: 'a request moved back',
      arrange: (m) => {
        m.must(byChain({ kind: 'record_withdrawal_request', amountMicros: 1 }))
        m.must(byChain({ kind: 'advance_withdrawal_request', stage: 'due' }))
      },
      ask: () => byChain({ kind: 'advance_withdrawal_request', stage: 'near' }),
      field: 'stage',
    },
    { name: 'nothing deposited', ask: (m) => m.deposit('alice', 0), field: 'amountMicros' },
    { name: 'a gate out of turn', ask: () => closeCommand(1), field: 'interval' },
    {
      name: 'nobody funded',
      ask: (m) => m.instruction('fund_accounts', 'grid', { deposits: [] }),
      field: 'deposits',
    },
    {
      name: 'funded with nothing',
      ask: (m) => m.instruction('fund_accounts', 'grid', {
        deposits: [{ account: accountOf('alice'), amountMicros: 0 }],
      }),
      field: 'deposits.amountMicros',
    },
    {
      name: 'the operator suspended',
      ask: (m) =>
        m.instruction('suspend_participant', 'operator', { participant: accountOf('operator') }),
      field: 'participant',
    },
    ...(
      [
        ['name', 'No Name'], ['name', ''], ['roles', []], ['roles', ['king']],
        ['address', `0x${'A'.repeat(40)}`], ['publicKey', `0x04${'0'.repeat(64)}`],
      ] as const
    ).map(([field, value]) => ({
      name: `a newcomer's ${field} ${JSON.stringify(value)}`,
      ask: (m: Market) =>
        m.instruction('admit_participant', 'operator', newcomer(99, { [field]: value })),
      field,
    })),
    ...(
      [
        ['name', 'm/1'], ['importWattsMax', -1], ['exportWattsMax', 10 ** 10 + 1],
        ['importWattsMax', 0.5], ['digits', 4], ['digits', 16], ['kind', 'imaginary'],
      ] as const
    ).map(([field, value]) => ({
      name: `a meter's ${field} ${value}`,
      ask: (m: Market) =>
        m.instruction('register_meter', 'grid', meterContent('m', { [field]: value })),
      field,
    })),
    {
      name: 'a virtual meter on a gateway',
      ask: (m) => m.instruction('register_meter', 'grid', meterContent('m', { kind: 'virtual' })),
      field: 'gateway',
    },
    ...(
      [['name', 'Z'], ['bridgeWatts', -1], ['bridgeWatts', 10 ** 10 + 1]] as const
    ).map(([field, value]) => ({
      name: `a zone's ${field} ${value}`,
      ask: (m: Market) =>
        m.instruction('register_zone', 'operator', {
          name: 'z', parent: null, bridgeWatts: 0, [field]: value,
        }),
      field,
    })),
    ...([['name', 'G'], ['curve', 'p521'], ['publicKey', '0x']] as const).map(([field, value]) => ({
      name: `a gateway's ${field} ${value}`,
      ask: (m: Market) =>
        m.instruction('register_gateway', 'grid', {
          name: 'g', curve: 'p256', publicKey: newcomer(99).publicKey, owner: accountOf('grid'),
          [field]: value,
        }),
      field,
    })),
    ...(
      [
        ['fromInterval', -1], ['fromInterval', 0.5], ['fromInterval', Number.MAX_SAFE_INTEGER],
        ['retailMicrosPerKwh', 10 ** 12 + 1], ['feedInMicrosPerKwh', -(10 ** 12) - 1],
      ] as const
    ).map(([field, value]) => ({
      name: `a tariff's ${field} ${value}`,
      ask: (m: Market) =>
        m.instruction('set_tariff', 'retailer', {
          fromInterval: firstInterval + 100, retailMicrosPerKwh: 1, feedInMicrosPerKwh: 1,
          [field]: value,
        }),
      field,
    })),
    ...(
      [
        ['digits', 16], ['boundary', firstInterval + 3], ['boundary', firstInterval],
        ['boundary', firstInterval + 0.5], ['finalImportWh', -1], ['finalExportWh', 10 ** 9],
        ['initialImportWh', 0.5], ['initialExportWh', 10 ** 9], ['finalImportWh', 2_401],
        ['finalExportWh', 2_401],
      ] as const
    ).map(([field, value]) => ({
      name: `a replaced meter's ${field} ${value}`,
      arrange: clearedAndRead,
      ask: (m: Market) => m.instruction('replace_meter', 'grid', replacement({ [field]: value })),
      field,
    })),
    {
      name: 'a meter replaced before its last reading',
      arrange: (m) => {
        clearedAndRead(m)
        m.read('alice', 2, 100, 0)
      },
      ask: (m) =>
        m.instruction('replace_meter', 'grid', replacement({ boundary: firstInterval + 1 })),
      field: 'boundary',
    },
    {
      name: 'a meter replaced twice at a time',
      arrange: (m) => {
        clearedAndRead(m)
        m.must(m.instruction('replace_meter', 'grid', replacement()))
      },
      ask: (m) => m.instruction('replace_meter', 'grid', replacement()),
      field: 'boundary',
    },
    {
      name: 'a rulebook with another interval length',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'operator', {
          fromInterval: firstInterval + 100,
          rulebook: { ...testRulebook, version: 2, intervalSeconds: 900 },
        }),
      field: 'intervalSeconds',
    },
    {
      name: 'a rulebook of the same version',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'operator', {
          fromInterval: firstInterval + 100, rulebook: testRulebook,
        }),
      field: 'version',
    },
    {
      name: 'a rulebook that breaks its schema',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'operator', {
          fromInterval: firstInterval + 100, rulebook: { ...testRulebook, horizonIntervals: 0 },
        }),
      field: 'horizonIntervals',
    },
    {
      name: 'a rulebook from half an interval on',
      ask: (m) =>
        m.instruction('schedule_rulebook', 'operator', {
          fromInterval: 0.5, rulebook: { ...testRulebook, version: 2 },
        }),
      field: 'fromInterval',
    },
    {
      name: 'a market without a name',
      options: {},
      ask: () => openCommand({ market: '' }),
      field: 'market',
    },
    {
      name: 'a market with a salt that is too short',
      options: {},
      ask: () => openCommand({ salt: `0x${'0'.repeat(62)}` }),
      field: 'salt',
    },
    {
      name: 'a market with an operator without one',
      options: {},
      ask: () =>
        openCommand({ operator: newcomer(1, { name: '', roles: ['operator'], retailer: null }) }),
      field: 'operator.name',
    },
    {
      name: 'a market whose rulebook breaks its schema',
      options: {},
      ask: () => openCommand({ rulebook: { ...testRulebook, extra: 1 } }),
      field: 'extra',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
