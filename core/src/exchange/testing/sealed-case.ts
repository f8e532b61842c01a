/** How a case of sealed orders begins: what stands in the market, and what is asked of it. */
import type { Command } from '../index.ts'
import type { Market } from './market.ts'
import type { Case } from './rejection-case.ts'
import {
  committeeContent,
  committeeRulebook,
  revealRulebook,
  SealedMarket,
} from './sealed-market.ts'

const sealers = new WeakMap<Market, SealedMarket>()

/** Remembers what was sealed in a market. */
export const sealerOf = (market: Market): SealedMarket => {
  const known = sealers.get(market) ?? new SealedMarket(market)
  sealers.set(market, known)
  return known
}

export const appoint = (m: Market, change: Parameters<typeof committeeContent>[0] = {}): Command =>
  m.instruction('appoint_committee', 'operator', committeeContent(change))

export const sealed = (m: Market, change: object = {}): Command =>
  ({ ...sealerOf(m).sealed('alice', 'buy', 100, 200_000, 0), ...change }) as Command

export const opening = (m: Market, change: object = {}): Command =>
  ({ ...sealerOf(m).opening(0), ...change }) as Command

export const word = (m: Market, change: object = {}): Command =>
  ({ ...sealerOf(m).proofWord(0, 'proven'), ...change }) as Command

type Arrange = (market: Market) => void
type Beginning = Pick<Case, 'options' | 'arrange'>

/** A market with a committee, after `arrange`. */
export const committee = (arrange: Arrange = () => {}): Beginning => ({
  options: { rulebook: committeeRulebook },
  arrange: (m) => {
    m.must(appoint(m))
    arrange(m)
  },
})

/** A market whose owners reveal, after `arrange`. */
export const reveal = (arrange: Arrange = () => {}): Beginning => ({
  options: { rulebook: revealRulebook },
  arrange,
})

/** Alice's one order of interval 0, whose gate has closed. */
export const fixed = (m: Market): void => {
  sealerOf(m).seal('alice', 'buy', 100, 200_000, 0)
  m.toGate(0).closeGate(0)
}

export const opened = (m: Market): void => {
  fixed(m)
  m.must(sealerOf(m).opening(0))
}

export const revealing = (m: Market, change: object = {}): Command => {
  const [commitment = ''] = sealerOf(m).openings.keys()
  return { ...sealerOf(m).revealing(commitment, 0), ...change } as Command
}
