import { firstParticipantAccount, type Role } from '@busbar/core/registry'
import { type AllocationRule, interRetailer, type Rulebook } from '@busbar/core/rulebook'
import { type Key, seededKey } from '../meters/index.ts'
import type { Homes } from './homes.ts'

/**
 * Beside the homes. An agreement binds the first two to act for each other's customers; nothing
 * binds the third, so that trades with its customers leave collateral.
 */
export const retailers = ['retailer-north', 'retailer-south', 'retailer-east'] as const
export const utilities = ['grid-north', 'grid-south'] as const
/** A zone of each utility: the second hangs below the first, by a bridge. */
export const zones = ['north', 'south'] as const
export const platform = 'platform'

export type Member = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly key: Key
  readonly retailer: string | null
  /** What it has on the ledger at first. */
  readonly depositMicros: number
}

export type Home = Member & { readonly retailer: string; readonly zone: number }

export type Cast = {
  readonly rulebook: Rulebook
  readonly openAtMs: number
  readonly first: number
  /** Intervals after which contracts are agreed anew, money is asked for, and a run is final. */
  readonly cycle: number
  readonly companies: readonly Member[]
  readonly homes: readonly Home[]
}

/** What of the rulebook may be chosen for a run. */
export type MarketRules = {
  readonly allocation?: AllocationRule | undefined
  /** With it, what moves money or rules takes two people. */
  readonly fourEyes?: Rulebook['fourEyes']
}

/** Contracts of the first cycle are proposed and signed in the minutes before its gate. */
const setUpMs = 480_000
const dayMs = 86_400_000

/**
 * The rulebook `inter-retailer` for a run of this length. A run of days is asked for money once a
 * day, and a ladder is climbed in two; of hours, everything comes so much sooner.
 */
export function scenarioRulebook(
  { intervals, intervalMs }: Homes,
  { allocation, fourEyes }: MarketRules = {},
): { readonly rulebook: Rulebook; readonly cycle: number } {
  const { trades, ...rest } = interRetailer
  if (trades === undefined) throw new Error('the rulebook is of trades')
  const perDay = dayMs / intervalMs
  const cycle = intervals >= perDay ? perDay : 4
  const seconds = (cycles: number): number => (cycles * cycle * intervalMs) / 1_000
  const rulebook: Rulebook = {
    ...rest,
    ...(fourEyes === undefined ? {} : { fourEyes }),
    intervalSeconds: intervalMs / 1_000,
    readingDeadlineSeconds: Math.max(3_600, (4 * intervalMs) / 1_000),
    finalAfterIntervals: cycle < perDay ? 8 : perDay,
    correctionIntervals: 5 * perDay,
    trades: {
      ...trades,
      allocation: allocation ?? trades.allocation,
      horizonIntervals: 60 * perDay,
      ...{ reserveAheadIntervals: cycle, collectionIntervals: cycle, verificationIntervals: 4 },
      paymentTermSeconds: seconds(0.5),
      enforcement: {
        ...trades.enforcement,
        ...{ warningSeconds: seconds(0.5), fineSeconds: seconds(0.5) },
        suspensionSeconds: seconds(1),
      },
    },
  }
  return { rulebook, cycle }
}

/** Every person and company of the scenario, the same for the same seed. */
export function castOf(homes: Homes, seed: number, rules: MarketRules = {}): Cast {
  const member = (
    name: string,
    roles: readonly Role[],
    depositMicros = 0,
    retailer: string | null = null,
  ): Member => ({ name, roles, key: seededKey(seed, name, 'secp256k1'), retailer, depositMicros })
  const { rulebook, cycle } = scenarioRulebook(homes, rules)
  return {
    ...{ rulebook, cycle },
    openAtMs: homes.startMs - rulebook.gateLeadSeconds * 1_000 - setUpMs,
    first: homes.startMs / homes.intervalMs,
    companies: [
      member('operator', ['operator', 'authority']),
      member('bank', ['bank']),
      member('balancing-authority', ['balancing-authority'], 1_000_000_000_000),
      member('auditor', ['auditor']),
      ...retailers.map((name) => member(name, ['retailer'], 1_000_000_000_000)),
      ...utilities.map((name) => member(name, ['distribution-utility'])),
      member(platform, ['aggregator']),
    ],
    homes: homes.names.map((name, i) => {
      const retailer = retailerOf(homes, i)
      return { ...member(name, ['prosumer'], 500_000_000, retailer), retailer, zone: zoneOf(i) }
    }),
  }
}

/** Of those who sell every third is the third's customer, the others have either of the two. */
function retailerOf({ hasPanels }: Homes, home: number): string {
  const place = hasPanels.slice(0, home).filter((one) => one).length
  if (hasPanels[home] === true && place % 3 === 2) return retailers[2]
  return retailers[home % 2 === 0 ? 0 : 1]
}

/** Whether an agreement binds two retailers to each other, or they are one. */
export const areBound = (one: string, other: string): boolean =>
  one === other || (one !== retailers[2] && other !== retailers[2])

/** Neighbours in one zone have either retailer. */
const zoneOf = (home: number): number => Math.floor(home / 2) % zones.length

/** Participants are numbered as they are admitted. */
export function accountIn({ companies, homes }: Cast, name: string): number {
  const place = [...companies, ...homes].findIndex((member) => member.name === name)
  if (place < 0) throw new RangeError(`${name} takes no part`)
  return firstParticipantAccount + place
}

const tariffs: Readonly<Record<string, readonly [retail: number, feedIn: number]>> = {
  [retailers[0]]: [290_000, 80_000],
  [retailers[1]]: [320_000, 60_000],
  [retailers[2]]: [305_000, 70_000],
}

export function tariffOf(retailer: string) {
  const [retailMicrosPerKwh = 0, feedInMicrosPerKwh = 0] = tariffs[retailer] ?? []
  return { retailMicrosPerKwh, feedInMicrosPerKwh }
}

/** For each side of a trade, on its bill. */
export const wheelingOf = (utility: string): number => (utility === utilities[1] ? 14_000 : 11_000)

/** What a bridge carries for each home below it: full on a sunny noon, or a cold evening. */
const bridgeWattsPerHome = 2_500

/** The tree of zones, a parent before what is below it. */
export const areasOf = ({ homes }: Cast) =>
  zones.map((name, zone) => {
    const below = homes.filter((home) => home.zone === zone).length
    return zone === 0
      ? { name, parent: null, bridgeWatts: 0 }
      : { name, parent: 0, bridgeWatts: below * bridgeWattsPerHome }
  })

export const utilityOf = (zone: number): string => utilities[zone === 0 ? 0 : 1]

/** A retailer reads its customers' meters through one gateway. */
export const gatewayOf = (retailer: string): string => `${retailer}-gateway`
