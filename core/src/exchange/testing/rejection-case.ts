import type { Command } from '../index.ts'
import {
  accountOf,
  firstInterval,
  type Market,
  type MarketOptions,
  newcomer,
  testRulebook,
} from './market.ts'

/** How to get a command rejected. */
export type Case = {
  readonly name: string
  /** Empty for a market that is not open. */
  readonly options?: MarketOptions
  /** The market that it is about, where it is not the usual one. */
  readonly open?: () => Market
  readonly arrange?: (market: Market) => void
  readonly ask: (market: Market) => Command
  readonly field?: string
}

export const unknownAccount = 99
export const order = (market: Market, change: object = {}): Command =>
  ({ ...market.orderOf('alice', 'buy', 100, 200_000, 0), ...change })
export const suspend = (market: Market, participant: number): void => {
  market.must(market.instruction('suspend_participant', 'operator', { participant }))
}
export const openCommand = (change: object = {}): Command => ({
  kind: 'open_market',
  market: 'test',
  rulebook: testRulebook,
  operator: newcomer(1, { name: 'operator', roles: ['operator'], retailer: null }),
  ...change,
})
/** What Alice did on the chain without the exchange. */
export const byChain = (change: object): Command =>
  ({ reference: '0xab:1', account: accountOf('alice'), ...change }) as Command
export const settleCommand = (interval: number): Command =>
  ({ kind: 'settle_interval', zone: 0, interval: firstInterval + interval })
export const closeCommand = (interval: number): Command =>
  ({ kind: 'close_gate', interval: firstInterval + interval })
export const replacement = (change: object = {}) => ({
  meter: 1, boundary: firstInterval + 2, finalImportWh: 500, finalExportWh: 0, initialImportWh: 0,
  initialExportWh: 0, digits: 9, ...change,
})
export const clearedAndRead = (market: Market): void => {
  market.toGate(0).closeGate(0)
  market.toStart(2)
  market.read('alice', 0, 0, 0)
}
