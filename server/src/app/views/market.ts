import { assert } from '@busbar/core/errors'
import { currentInterval, gateOf, lastOpen, rulebookFor, type State } from '@busbar/core/exchange'
import type { Domain } from '@busbar/protocols/eip712'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { ChainDeployment } from '../ports/chain.ts'
import type { MarketView } from '../ports/exchange-views.ts'

export function marketView(
  state: State,
  now: number,
  domain: Domain,
  deployment: ChainDeployment,
  operatorAddress: string,
): MarketView | undefined {
  if (state.market === null) return undefined
  const next = state.clearedThrough + 1
  const intervalNow = currentInterval(state, now)
  // A gate whose time has come takes no more orders, also while it is still being closed.
  let openFrom = next
  while (now >= gateOf(state, openFrom)) openFrom += 1
  const rulebook = rulebookFor(state, openFrom)
  const { name, version, chainId, verifyingContract } = domain
  const { participantRegistry, fiatToken, clearingHouse, intervalLog } = deployment
  const { clearingProofs, clearingVerifier, tradeHolds, accountKeys } = deployment
  assert(openFrom > 0, 'a market has a next interval')
  return {
    market: state.market,
    domain: { name, version, chainId, verifyingContract },
    rulebook,
    rulebookHash: rulebookHash(rulebook),
    scheduledRulebooks: state.rulebooks
      .filter((entry) => entry.from > openFrom)
      .map((entry) => ({
        fromInterval: entry.from,
        hash: rulebookHash(entry.rulebook),
        rulebook: entry.rulebook,
      })),
    intervalNow,
    openFrom,
    openThrough: lastOpen(state, now, rulebook),
    nextGate: { interval: openFrom, atMs: gateOf(state, openFrom) },
    clearedThrough: state.clearedThrough < 0 ? null : state.clearedThrough,
    contracts: {
      ...{ participantRegistry, fiatToken, clearingHouse, intervalLog },
      ...{ clearingProofs, clearingVerifier, tradeHolds, accountKeys },
    },
    operatorAddress,
    committees: committeesFrom(state, openFrom),
    zones: state.zones,
  }
}

/** That of an interval and all later ones. */
function committeesFrom({ committees }: State, interval: number): State['committees'] {
  const current = committees.findLastIndex(({ from }) => from <= interval)
  return committees.slice(Math.max(0, current))
}
