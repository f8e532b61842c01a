import type { Energy } from './metered-energy.ts'
import type { Difference } from './observations.ts'
import type { Found } from './trade-money.ts'
import type {
  MeterTrades,
  Position,
  PublishedDeclaration,
  PublishedDelivery,
  TradeAuditTerms,
} from './trade-observations.ts'

/** What was published of each trade, beside what it must have come to. */
export function compareDeliveries(
  interval: number,
  found: readonly Found[],
  money: readonly ReadonlyMap<number, bigint>[],
  published: readonly PublishedDelivery[],
): readonly Difference[] {
  const theirs = new Map(published.map((one) => [one.trade, one]))
  const differences: Difference[] = []
  for (const [at, one] of found.entries()) {
    const { trade, terms, owedWh, deliveredWh } = one
    const own = theirs.get(trade)
    theirs.delete(trade)
    const expected = {
      contractedWh: one.contractedWh,
      obligedWh: owedWh,
      result: resultOf(owedWh, deliveredWh),
      deliveredWh,
      sellerShortWh: one.sellerShortWh,
      buyerShortWh: one.buyerShortWh,
      sellerMicros: money[at]?.get(terms.seller) ?? 0n,
      buyerMicros: money[at]?.get(terms.buyer) ?? 0n,
    }
    for (const [name, value] of Object.entries(expected)) {
      const got = own?.[name as keyof typeof expected] ?? 'nothing'
      if (String(got) === String(value)) continue
      const subject = `trade ${trade} ${name}`
      const about = { about: 'delivery', account: -1, interval } as const
      differences.push({ ...about, subject, expected: String(value), got: String(got) })
    }
  }
  for (const { trade, deliveredWh } of theirs.values()) {
    const about = { about: 'delivery', account: -1, interval, subject: `trade ${trade}` } as const
    differences.push({ ...about, expected: 'no such obligation', got: String(deliveredWh) })
  }
  return differences
}

/**
 * Of `max-flow`: what was published to be delivered is all that can be, because a cut has no more.
 */
export function compareCut(
  interval: number,
  cutWh: bigint | null,
  published: readonly PublishedDelivery[],
): readonly Difference[] {
  let sum = 0n
  for (const { deliveredWh } of published) sum += BigInt(deliveredWh ?? 0)
  if (cutWh === null || sum === cutWh) return []
  const about = { about: 'delivery', account: -1, interval, subject: 'minimum cut' } as const
  return [{ ...about, expected: String(cutWh), got: String(sum) }]
}

function resultOf(owedWh: bigint, deliveredWh: bigint): PublishedDelivery['result'] {
  if (deliveredWh === owedWh) return 'complete'
  return deliveredWh === 0n ? 'failed' : 'partial'
}

/**
 * What retailers were told of their customers: all of it and nothing else, or somebody bills
 * energy a second time, or nobody does.
 */
export function compareDeclarations(
  { meters }: TradeAuditTerms,
  interval: number,
  traded: MeterTrades,
  auction: MeterTrades,
  energyOf: (meter: number) => Energy,
  published: readonly PublishedDeclaration[],
): readonly Difference[] {
  const differences: Difference[] = []
  const open = new Map(published.map((one) => [`${one.retailer}/${one.meter}`, one]))
  const owners = new Map(meters.map((one) => [one.meter, one]))
  const differ = (account: number, subject: string, expected: unknown, got: unknown): void => {
    const about = { about: 'declaration', account, interval, subject } as const
    differences.push({ ...about, expected: String(expected), got: String(got) })
  }
  const none = { soldWh: 0n, boughtWh: 0n }
  for (const meter of new Set([...traded.keys(), ...auction.keys()])) {
    const { soldWh, boughtWh } = traded.get(meter) ?? none
    const cleared = auction.get(meter) ?? none
    const owner = owners.get(meter)
    if (owner === undefined) throw new RangeError(`the auditor knows no meter ${meter}`)
    const own = open.get(`${owner.retailer}/${meter}`)
    if (own === undefined) {
      differ(owner.account, `meter ${meter}`, `declared to ${owner.retailer}`, 'missing')
      continue
    }
    open.delete(`${owner.retailer}/${meter}`)
    const { exportWh, importWh } = energyOf(meter)
    const expected = {
      ...{ soldWh, boughtWh, exportedWh: exportWh, importedWh: importWh },
      ...{ auctionSoldWh: cleared.soldWh, auctionBoughtWh: cleared.boughtWh },
    }
    for (const [name, value] of Object.entries(expected)) {
      const got = own[name as keyof typeof expected]
      if (BigInt(got) !== value) differ(owner.account, `meter ${meter} ${name}`, value, got)
    }
    if (own.account !== owner.account) {
      differ(owner.account, `meter ${meter} account`, owner.account, own.account)
    }
    if (own.soldWh > own.exportedWh || own.boughtWh > own.importedWh) {
      differ(owner.account, `meter ${meter}`, 'no more traded than metered', 'billed twice')
    }
  }
  for (const { retailer, meter, account } of open.values()) {
    differ(account, `meter ${meter}`, `nothing for ${retailer}`, 'declared')
  }
  return differences
}

/** Everybody has what it brought and what trades moved, whichever the rail, to the micro. */
export function comparePositions(
  money: ReadonlyMap<number, bigint>,
  positions: readonly Position[],
): readonly Difference[] {
  const differences: Difference[] = []
  const differ = (account: number, subject: string, expected: bigint, got: bigint): void => {
    const about = { about: 'position', account, interval: -1, subject } as const
    differences.push({ ...about, expected: String(expected), got: String(got) })
  }
  const left = new Map(money)
  for (const { accounts, broughtMicros, hasMicros } of positions) {
    let expected = broughtMicros
    for (const account of accounts) {
      expected += left.get(account) ?? 0n
      left.delete(account)
    }
    if (hasMicros === expected) continue
    differ(accounts[0] ?? -1, `account ${accounts.join(', ')}`, expected, hasMicros)
  }
  for (const [account, micros] of left) {
    if (micros !== 0n) differ(account, `account ${account}`, micros, 0n)
  }
  return differences
}
