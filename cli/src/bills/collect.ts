import { type BusbarClient, type PageQuery, pagesOf } from '@busbar/client'
import { type Evidence, type MeterEvidence, provenIntervals } from '@busbar/client/bills'
import { Fault } from '@busbar/core/errors'
import type { Declaration, DefaultView, Market, MeteredEnergyLine } from '@busbar/protocols/api'
import { tradedEnergyIntervalsMax } from '@busbar/protocols/traded-energy'
import type { TradedRoots } from '@busbar/server/own-node/traded-roots'

export type Collection = {
  /** Reads as the retailer does. */
  readonly client: BusbarClient
  /** What the chain says, by a node of one's own. */
  readonly rootsOf: (fromInterval: number, count: number) => Promise<TradedRoots>
  /** The contract that says it. */
  readonly intervalLog: string
  readonly retailer: number
  /** The first interval, or undefined for the oldest that the exchange remembers. */
  readonly from: number | undefined
  /** Secrets of meters as they were first told, by meter. */
  readonly secrets: ReadonlyMap<number, string>
}

const missing = (interval: number | null, reason: string): Fault =>
  new Fault('BILLS_ENERGY_MISSING', { ...(interval === null ? {} : { interval }), reason })

/**
 * Asks for all that a retailer has to know of the final intervals from one on, and checks each
 * proof. Undefined where none is final yet.
 *
 * @throws Fault BILLS_PROOF_INVALID, BILLS_ENERGY_MISSING, CHAIN_…; BusbarError of the exchange
 */
export async function collectEvidence(asked: Collection): Promise<Evidence | undefined> {
  const { client, retailer, intervalLog } = asked
  const market = await client.market()
  const energies: MeteredEnergyLine[] = []
  const read = (query: PageQuery) => client.trades.meteredEnergy(retailer, query)
  for await (const page of pagesOf(read, asked.from)) energies.push(...page.energies)
  const [first] = energies
  const fromInterval = asked.from ?? first?.interval
  if (fromInterval === undefined || first === undefined) return undefined
  const declared = await declarationsOf(asked, fromInterval)
  const awaited = [...energies, ...declared]
    .filter(({ runKind }) => runKind === 'provisional')
    .reduce((least, { interval }) => Math.min(least, interval), Number.MAX_SAFE_INTEGER)
  const final = (await finalFrom(client, market, first.zone, fromInterval, awaited)) - fromInterval
  const { operator, roots } = await asked.rootsOf(fromInterval, final)
  const known = Array.from({ length: final }, (_, i) => roots.get(fromInterval + i))
  // What has not reached the chain yet is for the next time.
  const count = known.includes(undefined) ? known.indexOf(undefined) : final
  if (count === 0) return undefined
  const isIn = ({ interval }: { readonly interval: number }): boolean =>
    interval >= fromInterval && interval < fromInterval + count
  const own = energies.filter(isIn)
  const names = await namesOf(client)
  const declarations = declared.filter(isIn)
  const named = (accounts: readonly (number | null)[]) =>
    [...new Set(accounts.filter((account) => account !== null))]
      .sort((a, b) => a - b)
      .map((account) => ({ account, name: names.get(account) ?? '' }))
  const evidence: Evidence = {
    market: market.market,
    ...{ chainId: market.domain.chainId, verifyingContract: market.domain.verifyingContract },
    ...{ intervalLog, operator },
    intervalSeconds: market.rulebook.intervalSeconds,
    overDeviationBasisPoints: market.rulebook.reconciliation.overDeviationBasisPoints,
    ...{ retailer, retailerName: names.get(retailer) ?? '', fromInterval, count },
    roots: known.slice(0, count).filter((root) => root !== undefined),
    customers: named(own.map(({ account }) => account)),
    utilities: named(declarations.map(({ utility }) => utility)),
    meters: await metersOf(asked, own, fromInterval, count),
    energies: own,
    declarations,
    defaults: await defaultsOf(client, retailer),
  }
  provenIntervals(evidence)
  return evidence
}

/**
 * The first interval from one on that is not final, or not remembered yet.
 *
 * @param awaited the first that is known to wait for its final run
 * @throws Fault BILLS_ENERGY_MISSING for intervals whose rest was paid for in the market itself,
 * and for those that the exchange has forgotten
 */
async function finalFrom(
  client: BusbarClient,
  { rulebook, rulebookHash }: Market,
  zone: number,
  from: number,
  awaited: number,
): Promise<number> {
  if (rulebook.reconciliation.policy !== 'retailer-bill') {
    throw missing(from, 'the market itself settles what retailers would bill: see its rulebook')
  }
  const end = Math.min(awaited, from + tradedEnergyIntervalsMax)
  let next = from
  const read = (query: { readonly from?: number }) => client.intervals({ zone, ...query })
  for await (const { intervals } of pagesOf(read, from)) {
    for (const { interval, status, rulebookHash: hash } of intervals) {
      if (next >= end || status !== 'final') return next
      if (interval !== next) throw missing(next, 'the exchange does not remember it')
      if (hash !== rulebookHash) throw missing(next, 'it was settled by other rules than now hold')
      next += 1
    }
  }
  return next
}

async function namesOf(client: BusbarClient): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  for await (const { participants } of pagesOf((query) => client.participants(query))) {
    for (const { account, name } of participants) names.set(account, name)
  }
  return names
}

async function metersOf(
  { client, secrets }: Collection,
  energies: readonly MeteredEnergyLine[],
  from: number,
  count: number,
): Promise<readonly MeterEvidence[]> {
  const accounts = new Map(energies.map(({ meter, account }) => [meter, account]))
  const meters: MeterEvidence[] = []
  for (const [meter, account] of [...accounts].sort(([a], [b]) => a - b)) {
    const { secret, ...answer } = await client.trades.tradedEnergy(meter, { from, count })
    // Told otherwise than before, it is the first that counts: then the proof does not hold.
    meters.push({ meter, account, secret: secrets.get(meter) ?? secret, answer })
  }
  return meters
}

async function declarationsOf(
  { client, retailer }: Collection,
  from: number,
): Promise<readonly Declaration[]> {
  const all: Declaration[] = []
  const read = (query: PageQuery) => client.trades.declarations(retailer, query)
  for await (const { declarations } of pagesOf(read, from)) all.push(...declarations)
  return all
}

async function defaultsOf(client: BusbarClient, retailer: number): Promise<readonly DefaultView[]> {
  const all: DefaultView[] = []
  for await (const { defaults } of pagesOf((query) => client.trades.defaults(retailer, query))) {
    all.push(...defaults)
  }
  return all
}
