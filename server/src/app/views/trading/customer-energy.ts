import type { State } from '@busbar/core/exchange'
import type { CustomerEnergyView, IntervalSpan } from '../../ports/customer-views.ts'
import type { DeclarationView, MeteredEnergyView } from '../../ports/trading-views.ts'
import { declarationViews } from './declarations.ts'
import { meteredEnergyViews } from './metered-energy.ts'

type Sums = { -readonly [Field in keyof CustomerEnergyView]: CustomerEnergyView[Field] }

/**
 * What a retailer's customers took and gave in some intervals, what of it they traded, and what is
 * left to bill: the sums of `meteredEnergyViews` and `declarationViews`, line by line.
 */
export function customerEnergyViews(
  state: State,
  retailer: number,
  { from, intervals }: IntervalSpan,
): CustomerEnergyView[] {
  const span = { from, until: from + intervals, limit: Number.MAX_SAFE_INTEGER }
  const declared = new Map(
    declarationViews(state, retailer, span).map((one) => [placeOf(one), one]),
  )
  const found = new Map<number, Sums>()
  for (const line of meteredEnergyViews(state, retailer, span)) {
    const sums = found.get(line.account) ?? nothingOf(line.account)
    found.set(line.account, sums)
    add(sums, line, declared.get(placeOf(line)))
  }
  return [...found.values()].sort((a, b) => a.account - b.account)
}

const placeOf = ({ meter, interval }: { readonly meter: number; readonly interval: number }) =>
  `${meter}/${interval}`

const nothingOf = (account: number): Sums => ({
  ...{ account, importedWh: 0n, exportedWh: 0n, soldWh: 0n, boughtWh: 0n, auctionWh: 0n },
  ...{ leftImportWh: 0n, leftExportWh: 0n, wheelingMicros: 0n },
  ...{ intervals: 0, estimated: 0, open: 0 },
})

function add(sums: Sums, line: MeteredEnergyView, declared: DeclarationView | undefined): void {
  const { soldWh = 0n, boughtWh = 0n } = declared ?? {}
  const auctionWh = declared === undefined ? 0n : auctionOf(declared)
  // An interval counts one way: what came in and what went out of it are one figure.
  const left = line.exportedWh - line.importedWh - (soldWh - boughtWh) - auctionWh
  sums.importedWh += line.importedWh
  sums.exportedWh += line.exportedWh
  sums.soldWh += soldWh
  sums.boughtWh += boughtWh
  sums.auctionWh += auctionWh
  if (left < 0n) sums.leftImportWh -= left
  else sums.leftExportWh += left
  sums.wheelingMicros += declared?.wheelingMicros ?? 0n
  sums.intervals += 1
  if (line.assurance !== 'metered') sums.estimated += 1
  if (line.runKind === 'provisional') sums.open += 1
}

const auctionOf = (one: DeclarationView): bigint =>
  one.auctionSoldWh - one.auctionBoughtWh + one.imbalanceSoldWh - one.imbalanceBoughtWh
