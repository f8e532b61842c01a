import { bilateralZone } from '@busbar/core/exchange'
import type {
  AuditInterval,
  AuditReplay,
  Market,
  Openings,
  Participant,
  PublicInterval,
} from '@busbar/protocols/api'
import type { BusbarClient } from '../busbar-client.ts'
import { BusbarError } from '../busbar-error.ts'
import type { CallOptions } from '../calls.ts'

/** Who may sign for an account, as the public registry has it. */
export type ReplayParty = Pick<Participant, 'account' | 'address' | 'passkeys'>

/** What meters of a zone have read, under the root that everybody is shown. */
export type MeteredZone = {
  readonly zone: number
  readonly readingsRoot: string | null
  readonly readings: AuditReplay['runs'][number]['readings']
}

/** What contracts got of each meter, under the root that everybody is shown. */
export type TradedByContract = {
  readonly readingsRoot: string | null
  readonly meters: AuditReplay['runs'][number]['traded']
}

/** All that an interval is worked out from, and what everybody is shown of it. */
export type ReplayMaterial = {
  readonly shown: PublicInterval
  readonly audit: AuditInterval
  readonly replay: AuditReplay
  /** Of a sealed book. */
  readonly openings: Openings | null
  /** Of a zone in a market of contracts: what the last run of these gave its meters. */
  readonly traded: TradedByContract | null
  /** Of contracts: what the last runs of the zones have read. */
  readonly metered: readonly MeteredZone[]
  /** Of contracts: their sides. */
  readonly parties: readonly ReplayParty[]
  readonly market: Pick<
    Market,
    | 'market' | 'domain' | 'contracts' | 'rulebook' | 'rulebookHash' | 'committees'
    | 'receiptSigner'
  >
}

/**
 * Asks for all that an interval was worked out from, as an auditor.
 *
 * @param zone or `bilateralZone` for the contracts of all zones
 * @param rulebookHash of its rules by the chain, where that was asked; else by the exchange
 */
export async function readMaterial(
  client: BusbarClient,
  market: Market,
  { zone, interval, rulebookHash }: {
    readonly zone: number
    readonly interval: number
    readonly rulebookHash?: string
  },
  options?: CallOptions,
): Promise<ReplayMaterial> {
  const [shown, audit, replay] = await Promise.all([
    client.interval(zone, interval, options),
    client.auditInterval(zone, interval, options),
    client.auditReplay(zone, interval, options),
  ])
  const rules = await rulesNamed(client, market, rulebookHash ?? shown.rulebookHash, options)
  // Contracts are known to the exchange, whatever the auction's book is.
  const isSealed = shown.orderBook !== 'open' && zone !== bilateralZone
  const isOpened = isSealed && shown.status !== 'open' && shown.status !== 'fixed'
  const openings = isOpened ? await client.auditOpenings(zone, interval, options) : null
  const isOfContracts = zone === bilateralZone
  const [parties, metered, traded] = await Promise.all([
    partiesOf(client, replay, options),
    Promise.all(
      (isOfContracts ? market.zones : []).map((one) =>
        meteredIn(client, one.zone, interval, options)),
    ),
    isOfContracts || rules.rulebook.trades === undefined
      ? null
      : tradedIn(client, interval, options),
  ])
  const { domain, contracts, committees, receiptSigner } = market
  const terms = { ...rules, market: market.market, domain, contracts, committees, receiptSigner }
  return { shown, audit, replay, openings, traded, metered, parties, market: terms }
}

type Rules = Pick<Market, 'rulebook' | 'rulebookHash'>

/** The rules of an interval: those of now, or which the market had by the hash that it names. */
async function rulesNamed(
  client: BusbarClient,
  { rulebook, rulebookHash }: Market,
  hash: string,
  options?: CallOptions,
): Promise<Rules> {
  const now = { rulebook, rulebookHash }
  if (hash === rulebookHash) return now
  const { rulebooks } = await client.operator.rulebooks(options)
  const named = rulebooks.find((one) => one.hash === hash)
  return named === undefined ? now : { rulebook: named.rulebook, rulebookHash: hash }
}

async function meteredIn(
  client: BusbarClient,
  zone: number,
  interval: number,
  options?: CallOptions,
): Promise<MeteredZone> {
  const { readingsRoot, run } = await lastRunIn(client, zone, interval, options)
  return { zone, readingsRoot, readings: run?.readings ?? [] }
}

async function tradedIn(
  client: BusbarClient,
  interval: number,
  options?: CallOptions,
): Promise<TradedByContract> {
  const { readingsRoot, run } = await lastRunIn(client, bilateralZone, interval, options)
  return { readingsRoot, meters: run?.traded ?? [] }
}

/** With the root that everybody is shown of it; nothing before the first. */
async function lastRunIn(
  client: BusbarClient,
  zone: number,
  interval: number,
  options?: CallOptions,
) {
  try {
    const [shown, replay] = await Promise.all([
      client.interval(zone, interval, options),
      client.auditReplay(zone, interval, options),
    ])
    const readingsRoot = shown.runs.at(-1)?.readingsRoot ?? null
    return { readingsRoot, run: replay.runs.at(-1) }
  } catch (error) {
    // A zone, or the first contract, may be younger than the interval.
    if (!(error instanceof BusbarError) || error.code !== 'not_found') throw error
    return { readingsRoot: null, run: undefined }
  }
}

/** So many accounts are asked for at once. */
const accountsAtOnce = 100

async function partiesOf(
  client: BusbarClient,
  { contracts }: AuditReplay,
  options?: CallOptions,
): Promise<readonly ReplayParty[]> {
  const accounts = (contracts?.owed ?? []).flatMap(({ terms }) => [terms.seller, terms.buyer])
  const found: ReplayParty[] = []
  let left = [...new Set(accounts)].sort((a, b) => a - b)
  for (let [from] = left; from !== undefined; [from] = left) {
    const below = from + accountsAtOnce
    const near = left.filter((account) => account < below)
    const limit = (near.at(-1) ?? from) - from + 1
    const { participants } = await client.participants({ from, limit }, options)
    for (const { account, address, passkeys } of participants) {
      if (near.includes(account)) found.push({ account, address, passkeys })
    }
    left = left.slice(near.length)
  }
  return found
}
