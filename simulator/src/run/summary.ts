import { suspectMeters } from '../auditor/index.ts'
import type {
  Auditor,
  AuditReport,
  Difference,
  Energy,
  ExchangeBooks,
  Suspicion,
} from '../auditor/index.ts'
import { type District, describeSource } from '../scenario/index.ts'
import type { Faults } from '../meters/index.ts'
import type { MarketNumbers } from './exchange-port.ts'

/** What is counted while a day runs. */
export type Tally = {
  orders: number
  ordersFilled: number
  readonly rejections: Map<string, number>
  /** Sealed orders that counted for nothing, by reason. */
  readonly voids: Map<string, number>
  tradedWh: number
  tradedIntervals: number
  /** Price times energy, before rounding per account. */
  paidMicros: number
  /** Sold minus bought, by `site/interval of the day`. */
  readonly contracted: Map<string, number>
  readonly flows: {
    loadWh: number
    pvWh: number
    importWh: number
    exportWh: number
    lostWh: number
    curtailedWh: number
    sharedWh: number
  }
  /** What sites with a contract did beyond it or short of it, both counted up. */
  deviationWh: number
  batches: number
  readonly readings: Map<string, number>
  mainNetImportWh: readonly number[]
}

export type DaySummary = {
  readonly source: string
  readonly currency: string
  readonly sites: number
  readonly intervals: number
  readonly orders: number
  readonly ordersFilled: number
  readonly rejections: Readonly<Record<string, number>>
  /** Sealed orders that were void, by reason. */
  readonly voids: Readonly<Record<string, number>>
  /** Traded in the auctions. */
  readonly tradedWh: number
  readonly tradedIntervals: number
  /** Weighted by energy; null if nothing was traded. */
  readonly averagePriceMicrosPerKwh: number | null
  readonly auctionMicros: number
  /** What was moved from account to account, netted per run. */
  readonly movedMicros: number
  readonly loadWh: number
  readonly pvWh: number
  /** Between the district and the rest of the grid, after neighbours have shared. */
  readonly fromGridWh: number
  readonly toGridWh: number
  readonly batteryLossWh: number
  readonly curtailedWh: number
  /** The part of the load that the district's own panels and batteries served, 0 to 1. */
  readonly selfSupply: number
  readonly imbalanceWh: number
  readonly batches: number
  /** By what the exchange said to them. */
  readonly readings: Readonly<Record<string, number>>
  readonly estimatedMeterIntervals: number
  readonly audit: {
    readonly agrees: boolean
    readonly differences: readonly Difference[]
    readonly compared: AuditReport['compared']
  }
  /** What the main meter says about the meters behind it. */
  readonly suspicion: Suspicion & { readonly suspectNames: readonly string[] }
}

export function summarise(run: {
  readonly district: District
  readonly tally: Tally
  readonly auditor: Auditor
  readonly numbers: MarketNumbers
  readonly first: number
  readonly faults: Faults
  readonly books: ExchangeBooks
}): DaySummary {
  const { district, tally, auditor, books } = run
  const report = auditor.report(books)
  const { flows, tradedWh, paidMicros } = tally
  const fromGridWh = flows.importWh - flows.sharedWh
  return {
    source: describeSource(district),
    currency: district.currency,
    sites: district.sites.length,
    intervals: district.intervals,
    orders: tally.orders,
    ordersFilled: tally.ordersFilled,
    rejections: Object.fromEntries(tally.rejections),
    voids: Object.fromEntries(tally.voids),
    tradedWh,
    tradedIntervals: tally.tradedIntervals,
    averagePriceMicrosPerKwh: tradedWh === 0 ? null : Math.round((paidMicros * 1_000) / tradedWh),
    auctionMicros: Math.round(paidMicros),
    movedMicros: movedMicros(books),
    loadWh: flows.loadWh,
    pvWh: flows.pvWh,
    fromGridWh,
    toGridWh: flows.exportWh - flows.sharedWh,
    batteryLossWh: flows.lostWh,
    curtailedWh: flows.curtailedWh,
    selfSupply: flows.loadWh === 0 ? 0 : Math.max(0, 1 - fromGridWh / flows.loadWh),
    imbalanceWh: tally.deviationWh,
    batches: tally.batches,
    readings: Object.fromEntries(tally.readings),
    estimatedMeterIntervals: report.estimated,
    audit: {
      agrees: report.differences.length === 0,
      differences: report.differences,
      compared: report.compared,
    },
    suspicion: suspicionOf(run),
  }
}

function suspicionOf(run: {
  readonly district: District
  readonly tally: Tally
  readonly auditor: Auditor
  readonly numbers: MarketNumbers
  readonly first: number
}): DaySummary['suspicion'] {
  const { district, numbers, first, auditor, tally } = run
  const reported = new Map<number, readonly Energy[]>()
  const names = new Map<number, string>()
  for (const { name } of district.sites) {
    const meter = numbers.meters.get(name)
    if (meter === undefined) continue
    names.set(meter, name)
    reported.set(meter, auditor.energies(meter, first, first + district.intervals - 1))
  }
  const suspicion = suspectMeters(tally.mainNetImportWh, reported)
  const suspectNames = suspicion.suspects.map(({ meter }) => names.get(meter) ?? String(meter))
  return { ...suspicion, suspectNames: [...new Set(suspectNames)] }
}

/** One side of what all intervals moved: what was received, which is what was paid. */
function movedMicros({ nets }: ExchangeBooks): number {
  let sum = 0n
  for (const accounts of nets?.values() ?? []) {
    for (const amount of accounts.values()) if (amount > 0n) sum += amount
  }
  return Number(sum)
}
