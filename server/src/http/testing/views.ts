import type { OpenOrder, Result } from '@busbar/core/exchange'
import type { Meter } from '@busbar/core/registry'
import type { Rulebook } from '@busbar/core/rulebook'
import { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { Domain } from '@busbar/protocols/eip712'
import type {
  AccountIntervalView,
  AccountIntervalZoneView,
  AccountRunView,
  AuditIntervalView,
  ConservationView,
  HealthView,
  InclusionProofView,
  IntervalView,
  MarketView,
  StatementLineView,
  TransactionView,
} from '../../app/ports/exchange-views.ts'
import type { JoinCodeView } from '../../app/ports/key-views.ts'
import type { AuditReplayView } from '../../app/ports/replay-view.ts'
import { ownOrder } from './sealed-views.ts'
import { ownTrade } from './trading-views.ts'

/* Fixed views with every field filled: what the routes must carry over. */

const hash = (byte: string): string => `0x${byte.repeat(32)}`
const address = (byte: string): string => `0x${byte.repeat(20)}`

export const market = (domain: Domain, rulebook: Rulebook): MarketView => ({
  market: 'der-to-cash',
  domain: {
    name: domain.name,
    version: domain.version,
    chainId: domain.chainId,
    verifyingContract: domain.verifyingContract,
  },
  rulebook,
  rulebookHash: hash('b0'),
  scheduledRulebooks: [{ fromInterval: 900, hash: hash('b1'), rulebook }],
  intervalNow: 109,
  openFrom: 111,
  openThrough: 398,
  nextGate: { interval: 111, atMs: 33_240_000 },
  clearedThrough: 110,
  contracts: {
    participantRegistry: address('a0'),
    fiatToken: address('a1'),
    clearingHouse: address('c1'),
    intervalLog: address('a3'),
    clearingProofs: address('a4'),
    tradeHolds: address('a6'),
    accountKeys: address('a7'),
    clearingVerifier: address('00'),
  },
  operatorAddress: address('0e'),
  committees: [
    {
      ...{ from: 100, publicKey: key('c0'), threshold: 2 },
      members: [{ index: 1, name: 'operator', verificationKey: key('c1') }],
    },
  ],
  zones: [{ zone: 0, name: 'street', parent: null, bridgeWatts: 0 }],
})

/** A key of the committee: 48 bytes. */
const key = (byte: string): string => `0x${byte.repeat(48)}`

const transaction: TransactionView = {
  description: 'settle 0/100/0',
  status: 'final',
  txHash: hash('77'),
  blockNumber: 12,
  gasUsed: 91_000,
}

const energy = {
  injected: 10n,
  consumed: 12n,
  imported: 3n,
  exported: 1n,
  imbalanceBought: 2n,
  tradeBought: 0n,
  tradeSold: 0n,
  imbalanceSold: 2n,
  unexplained: 0n,
}

export const interval = (number: number): IntervalView => ({
  zone: 0,
  interval: number,
  gateMs: number * 300_000 - 60_000,
  startMs: number * 300_000,
  endMs: (number + 1) * 300_000,
  status: 'final',
  price: MicrosPerKwh.from(-120_000n),
  energy: WattHours.from(42_000n),
  curves: {
    buy: [{ energy: WattHours.from(42_000n), limit: MicrosPerKwh.from(-90_000n) }],
    sell: null,
  },
  orderBook: 'sealed-committee',
  orderCount: 12,
  voidCount: 1,
  rulebookHash: hash('b0'),
  ordersRoot: hash('01'),
  clearingRoot: hash('02'),
  fillsRoot: hash('05'),
  commitment: transaction,
  proof: { state: 'proven', reference: hash('78'), transaction },
  runs: [
    {
      run: 0,
      kind: 'provisional',
      atMs: (number + 1) * 300_000,
      energy,
      accountCount: 7,
      estimatedMeterCount: 1,
      readingsRoot: hash('03'),
      postingsRoot: hash('04'),
      transactions: [transaction],
    },
  ],
})

export const joinCode = (account: number, publicKey: string): JoinCodeView => ({
  ...{ account, publicKey, host: 'busbar.example', until: 1_700_000_000_000, issuedBy: 5 },
  ...{ ownWord: false, signsFrom: 1_600_000_000_000, sequence: 9, at: 1_600_000_000_000 },
  ...{ askedBy: null, delaySeconds: 0 },
})

export const meter = (account: number): Meter => ({
  meter: 0,
  name: 'roof',
  kind: 'physical',
  account,
  zone: 0,
  gateway: 0,
  importWattsMax: 11_000,
  exportWattsMax: 11_000,
  digits: 9,
})

export const order = (account: number): OpenOrder => ({
  id: `0x${'0f'.repeat(16)}`,
  digest: hash('aa'),
  account,
  meter: 0,
  side: 'sell',
  energy: WattHours.from(500n),
  limit: MicrosPerKwh.from(-10n),
  sequence: 17,
})

export const accountInterval = (account: number, number: number): AccountIntervalView => ({
  account,
  interval: number,
  startMs: number * 300_000,
  endMs: (number + 1) * 300_000,
  zones: [zone(account)],
  net: Micros.from(-321n),
  worth: 69_000n,
  where: { ledger: 48_000n, outside: 25_000n, billed: -4_000n, debts: -48_321n },
})

const zone = (account: number): AccountIntervalZoneView => ({
  zone: 0,
  status: 'provisional',
  price: MicrosPerKwh.from(120_000n),
  rulebookHash: hash('b0'),
  spreadBasisPoints: 1_000,
  fee: MicrosPerKwh.from(500n),
  tariff: {
    retailer: 5,
    retail: MicrosPerKwh.from(300_000n),
    feedIn: MicrosPerKwh.from(80_000n),
  },
  orders: [{ ...order(account), filled: WattHours.from(400n) }],
  sealedOrders: [ownOrder(account)],
  meters: [
    {
      meter: 0,
      bought: WattHours.zero,
      sold: WattHours.from(400n),
      tradeBought: WattHours.zero,
      tradeSold: WattHours.zero,
      opening: { version: 0, importWh: 10n, exportWh: 20n },
      closing: null,
      imported: WattHours.zero,
      exported: WattHours.from(395n),
      assurance: 'repeated',
    },
  ],
  trades: [ownTrade],
  runs: [run],
  billed: [
    {
      ...{ meter: 0, trade: 0, reason: 'retail_import', energy: 20n },
      ...{ price: MicrosPerKwh.from(200_000n), amount: Micros.from(-4_000n) },
    },
  ],
  net: Micros.from(-321n),
  commitment: null,
  sent: [{ txHash: hash('77'), raw: `0x02${'ab'.repeat(70)}` }],
})

const run: AccountRunView = {
  run: 0,
  kind: 'provisional',
  atMs: 30_300_000,
  items: [
    {
      meter: 0,
      trade: 0,
      reason: 'auction_sell',
      energy: 400n,
      price: MicrosPerKwh.from(120_000n),
      amount: Micros.from(48_000n),
    },
    {
      meter: -1,
      trade: 7,
      reason: 'arrears_covered',
      energy: 0n,
      price: MicrosPerKwh.zero,
      amount: Micros.from(-48_321n),
    },
  ],
  dues: [
    {
      ...{ meter: 0, trade: 1, reason: 'trade_sell', energy: 100n },
      ...{ price: MicrosPerKwh.from(250_000n), amount: Micros.from(25_000n) },
    },
  ],
  net: Micros.from(-321n),
  transactions: [transaction],
}

export const statementLine = (_account: number, index: number): StatementLineView => ({
  sequence: 10 * (index + 1),
  atMs: 30_000_000 + index,
  kind: index === 0 ? 'deposit' : 'run',
  amount: Micros.from(BigInt(index) * -7n),
  balance: Micros.from(1_000_000n),
  zone: index === 0 ? null : 0,
  interval: index === 0 ? null : 100 + index,
  run: index === 0 ? null : 0,
  runKind: index === 0 ? null : 'provisional',
  transaction: null,
})

export const proof = (owner: number): InclusionProofView => ({
  owner,
  root: hash('01'),
  leaf: hash('05'),
  data: '0x00010203',
  index: 1,
  count: 3,
  path: [hash('06'), hash('07')],
  committedIn: hash('77'),
})

export const auditReplay = (zone: number, interval: number): AuditReplayView => ({
  ...{ zone, interval },
  sent: [{ txHash: hash('77'), raw: '0x02' }],
  orders: [
    {
      ...{ digest: `0x${'aa'.repeat(32)}`, id: `0x${'1d'.repeat(16)}`, account: 4, meter: 0 },
      ...{ side: 'sell', energyWh: 100n, limitMicrosPerKwh: 90_000n },
    },
  ],
  meters: [
    {
      ...{ meter: 0, account: 4, kind: 'physical', tradeBoughtWh: 0n, tradeSoldWh: 5n },
      retailer: 3,
      tariff: { retailMicrosPerKwh: 290_000n, feedInMicrosPerKwh: 80_000n },
    },
  ],
  contracts: null,
  balancingAuthority: 5,
  runs: [
    {
      ...{ run: 0, dues: [], traded: [] },
      readings: [
        {
          ...{ meter: 0, importedWh: 0n, exportedWh: 105n, assurance: 'metered' },
          salt: `0x${'5a'.repeat(16)}`,
        },
      ],
      postings: [
        {
          ...{ account: 4, salt: `0x${'5b'.repeat(16)}` },
          lines: [
            {
              ...{ meter: 0, trade: 0, reason: 'auction_sell', energyWh: 100n },
              ...{ priceMicrosPerKwh: 90_000n, amountMicros: 9_000n },
            },
          ],
        },
      ],
    },
  ],
})

export const auditInterval = (zoneNumber: number, number: number): AuditIntervalView => ({
  zone: zoneNumber,
  interval: number,
  status: 'final',
  price: MicrosPerKwh.from(120_000n),
  energy: WattHours.from(400n),
  fills: [{ digest: hash('aa'), energy: WattHours.from(400n) }],
  nets: [
    { account: 4, amount: Micros.from(321n) },
    { account: 5, amount: Micros.from(-321n) },
  ],
  disputes: [
    {
      ...{ zone: zoneNumber, interval: number, commitment: null, by: `0x${'77'.repeat(20)}` },
      reasonHash: hash('0b'),
    },
  ],
})

export const conservation: ConservationView = {
  money: { deposited: 10_000_000n, withdrawn: 1_000_000n, balances: 9_000_000n, unexplained: 0n },
  energy,
  intervalCount: 10,
  chain: {
    custody: 9_000_000n,
    ledger: 9_000_000n,
    pending: 0n,
    differingAccounts: 0,
    unexplained: 0n,
  },
  sequence: 400,
  snapshot: { sequence: 390, stateHash: 'ab'.repeat(32) },
}

export const health: HealthView = {
  status: 'ready',
  ready: true,
  checks: [{ name: 'journal', ok: true, detail: 'at 400' }],
  journalSequence: 400,
  uptimeMs: 5_000,
}

/** What an instruction of each kind brings. */
export function resultOf(kind: string): Result {
  switch (kind) {
    case 'admit_participant':
      return { kind: 'participant_admitted', account: 7 }
    case 'register_zone':
      return { kind: 'zone_registered', zone: 1 }
    case 'register_gateway':
      return { kind: 'gateway_registered', gateway: 1 }
    case 'register_meter':
      return { kind: 'meter_registered', meter: 1 }
    case 'replace_meter':
      return { kind: 'meter_replaced', meter: 1 }
    case 'set_tariff':
      return { kind: 'tariff_set', fromInterval: 400 }
    case 'schedule_rulebook':
      return { kind: 'rulebook_scheduled', fromInterval: 900 }
    case 'appoint_committee':
      return { kind: 'committee_appointed', fromInterval: 120 }
    case 'fund_accounts':
      return { kind: 'funding_ordered', accounts: 1 }
    case 'decline_trade':
    case 'withdraw_trade':
    case 'exit_trade':
      return { kind: 'trade_changed', trade: 1, status: 'declined' }
    case 'place_offer':
    case 'withdraw_offer':
      return { kind: 'offer_changed', offer: 1, status: 'open' }
    case 'limit_delivery':
      return { kind: 'delivery_limited', trade: 1, intervals: 4 }
    case 'set_wheeling':
      return { kind: 'wheeling_set', fromInterval: 400 }
    case 'assign_utility':
      return { kind: 'utility_assigned', zone: 0 }
    case 'consent_to_enforcement':
      return { kind: 'consent_given', account: 4 }
    case 'record_agreement':
      return { kind: 'agreement_recorded', fromInterval: 400 }
    case 'appeal_default':
    case 'decide_appeal':
    case 'record_enforcement':
    case 'record_recovery':
      return { kind: 'default_changed', default: 1, status: 'open' }
    case 'top_up_prepaid':
      return { kind: 'prepaid_topped_up', account: 4, balanceMicros: 9 }
    case 'postpone_payment':
      return { kind: 'payment_recorded', payment: 1, state: 'postponed' }
    default:
      return { kind: 'participant_changed', account: 4 }
  }
}
