import type { Role } from '@busbar/core/registry'
import type { Rulebook } from '@busbar/core/rulebook'
import type { TariffChange } from '../agents/index.ts'
import { type Gateway, seededKey } from '../meters/index.ts'
import type { District, Site } from '../scenario/index.ts'
import type { MarketPlan, MeterPlan, ParticipantPlan } from './exchange-port.ts'

/** The companies of every simulated market, by name. Sites are named as in the district. */
export const companies = {
  operator: 'operator',
  bank: 'bank',
  retailer: 'retailer',
  balancingAuthority: 'balancing-authority',
  gridOperator: 'grid-operator',
  auditor: 'auditor',
  prover: 'prover',
} as const

const roles: Readonly<Record<keyof typeof companies, readonly Role[]>> = {
  operator: ['operator', 'authority'],
  bank: ['bank'],
  retailer: ['retailer'],
  balancingAuthority: ['balancing-authority'],
  gridOperator: ['distribution-utility'],
  auditor: ['auditor'],
  prover: ['prover'],
}

/** Ten million and one million of the currency: companies do not run dry within a day. */
const depositMicros: Readonly<Record<keyof typeof companies, number>> = {
  operator: 0,
  bank: 0,
  retailer: 10_000_000_000_000,
  balancingAuthority: 1_000_000_000_000,
  gridOperator: 0,
  auditor: 0,
  prover: 0,
}

/** The retailer trades through this meter: it delivers what it contracts, by definition. */
export const retailerMeter = 'retailer-desk'

/** The market opens this long before the gate of its first interval. */
const setUpMs = 180_000

export const firstIntervalOf = (district: District): number =>
  district.startMs / district.intervalMs

/**
 * The market of a district: seven companies, and every site as a participant with one meter.
 *
 * @throws RangeError when the rulebook's intervals are not the district's
 */
export function planMarket(options: {
  readonly market: string
  readonly district: District
  readonly rulebook: Rulebook
  readonly seed: number
  readonly gateways: readonly Gateway[]
  readonly tariffs: readonly TariffChange[]
}): MarketPlan {
  const { district, rulebook, seed, gateways, tariffs } = options
  checkTimes(district, rulebook)
  const retailMax = Math.max(...tariffs.map(({ tariff }) => tariff.retailMicrosPerKwh), 0)
  const first = firstIntervalOf(district)
  return {
    market: options.market,
    rulebook,
    openAt: district.startMs - rulebook.gateLeadSeconds * 1_000 - setUpMs,
    zone: district.name,
    participants: [
      ...companyPlans(seed),
      ...district.sites.map((site) => ({
        name: site.name,
        roles: ['prosumer'] as const,
        key: seededKey(seed, site.name, 'secp256k1'),
        retailer: companies.retailer,
        depositMicros: siteDeposit(site, district, rulebook, retailMax),
      })),
    ],
    gateways: gateways.map(({ name, key }) => ({ name, key, owner: companies.gridOperator })),
    meters: meterPlans(district, gateways),
    tariffs: tariffs.map(({ from, tariff }) => ({
      retailer: companies.retailer,
      fromInterval: first + from,
      ...tariff,
    })),
  }
}

function checkTimes(district: District, rulebook: Rulebook): void {
  const intervalMs = rulebook.intervalSeconds * 1_000
  if (district.intervalMs !== intervalMs) {
    const data = district.intervalMs / 1_000
    throw new RangeError(
      `the district has intervals of ${data} s, the rulebook of ${rulebook.intervalSeconds} s`,
    )
  }
  if (rulebook.gateLeadSeconds * 1_000 + setUpMs >= intervalMs) {
    throw new RangeError(
      `gateLeadSeconds is ${rulebook.gateLeadSeconds}, must leave ${setUpMs / 1_000} s of an ` +
        `interval of ${rulebook.intervalSeconds} s: agents know the interval before the last`,
    )
  }
}

function companyPlans(seed: number): readonly ParticipantPlan[] {
  return (Object.keys(companies) as (keyof typeof companies)[]).map((company) => ({
    name: companies[company],
    roles: roles[company],
    key: seededKey(seed, companies[company], 'secp256k1'),
    retailer: null,
    depositMicros: depositMicros[company],
  }))
}

/**
 * Enough for the whole day at the full connection at the retail price, and for the collateral of
 * two and a half hours of orders at one and a half times the highest price of the market.
 */
function siteDeposit(
  site: Site,
  district: District,
  rulebook: Rulebook,
  retailMax: number,
): number {
  const watts = Math.max(site.maxImportW, site.maxExportW)
  const intervalWh = Math.ceil((watts * district.intervalMs) / 3_600_000)
  const used = Math.ceil((intervalWh * district.intervals * retailMax) / 1_000)
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  const highest = Math.max(Math.abs(min), Math.abs(max))
  return used + Math.ceil((intervalWh * 30 * 1.5 * highest) / 1_000) + 1_000_000
}

function meterPlans(district: District, gateways: readonly Gateway[]): readonly MeterPlan[] {
  const gatewayOf = new Map(
    gateways.flatMap(({ name, sites }) => sites.map((site) => [site, name] as const)),
  )
  const sum = (pick: (site: Site) => number): number =>
    district.sites.reduce((total, site) => total + pick(site), 0)
  // The desk stands in for everybody: what all sites may take it must be able to sell, and back.
  const desk: MeterPlan = {
    name: retailerMeter,
    kind: 'virtual',
    owner: companies.retailer,
    gateway: null,
    importWattsMax: sum((site) => site.maxExportW),
    exportWattsMax: 2 * sum((site) => site.maxImportW),
    digits: 9,
  }
  return [
    desk,
    ...district.sites.map((site, i) => ({
      name: site.name,
      kind: 'physical' as const,
      owner: site.name,
      gateway: gatewayOf.get(i) ?? null,
      importWattsMax: site.maxImportW,
      exportWattsMax: site.maxExportW,
      digits: 9,
    })),
  ]
}
