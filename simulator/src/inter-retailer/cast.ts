import type { Role } from '@busbar/core/registry'
import { interRetailer, type Rulebook } from '@busbar/core/rulebook'
import { type Key, seededKey } from '../meters/index.ts'
import type { Homes } from './homes.ts'

/** Who takes part beside the homes. The last retailer has no agreement with the others. */
export const retailers = ['retailer-north', 'retailer-south', 'retailer-east'] as const
export const utilities = ['grid-north', 'grid-south'] as const
/** Two zones of each utility. */
export const zones = ['north-1', 'north-2', 'south-1', 'south-2'] as const

export type Member = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly key: Key
  readonly retailer: string | null
  readonly depositMicros: number
}

export type Cast = {
  readonly rulebook: Rulebook
  readonly openAtMs: number
  readonly first: number
  readonly companies: readonly Member[]
  readonly homes: readonly (Member & { readonly retailer: string; readonly zone: number })[]
}

/** Contracts are proposed and signed in the minutes before the first gate. */
const setUpMs = 480_000

/** Contracts are settled in the ledger alone: nothing outside of it is needed. */
export const scenarioRulebook: Rulebook = {
  ...interRetailer,
  ...(interRetailer.trades === undefined
    ? {}
    : { trades: { ...interRetailer.trades, rails: ['clearing-house'] } }),
}

/** Every person and company of the scenario, the same for the same seed. */
export function castOf(homes: Homes, seed: number): Cast {
  const member = (
    name: string,
    roles: readonly Role[],
    depositMicros = 0,
    retailer: string | null = null,
  ): Member => ({ name, roles, key: seededKey(seed, name, 'secp256k1'), retailer, depositMicros })
  const { gateLeadSeconds } = scenarioRulebook
  return {
    rulebook: scenarioRulebook,
    openAtMs: homes.startMs - gateLeadSeconds * 1_000 - setUpMs,
    first: homes.startMs / homes.intervalMs,
    companies: [
      member('operator', ['operator', 'authority']),
      member('bank', ['bank']),
      member('balancing-authority', ['balancing-authority'], 1_000_000_000_000),
      member('auditor', ['auditor']),
      ...retailers.map((name) => member(name, ['retailer'], 10_000_000_000_000)),
      ...utilities.map((name) => member(name, ['distribution-utility'])),
    ],
    homes: homes.names.map((name, i) => {
      // Most live with the two that have an agreement, a few with the third.
      const retailer = i % 6 === 5 ? retailers[2] : retailers[i % 2 === 0 ? 0 : 1]
      const made = member(name, ['prosumer'], 500_000_000, retailer)
      return { ...made, retailer, zone: i % zones.length }
    }),
  }
}

export const tariffOf = (retailer: string) => ({
  retailMicrosPerKwh: retailer === retailers[1] ? 320_000 : 290_000,
  feedInMicrosPerKwh: retailer === retailers[2] ? 60_000 : 80_000,
})

export const utilityOf = (zone: number): string => utilities[zone < 2 ? 0 : 1]

/** A retailer reads its customers' meters through one gateway. */
export const gatewayOf = (retailer: string): string => `${retailer}-gateway`
