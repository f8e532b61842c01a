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

/** All that an interval is worked out from, and what everybody is shown of it. */
export type ReplayMaterial = {
  readonly shown: PublicInterval
  readonly audit: AuditInterval
  readonly replay: AuditReplay
  /** Of a sealed book. */
  readonly openings: Openings | null
  /** Of contracts: what the last runs of the zones have read. */
  readonly metered: readonly MeteredZone[]
  /** Of contracts: their sides. */
  readonly parties: readonly ReplayParty[]
  readonly market: Pick<
    Market,
    'market' | 'domain' | 'contracts' | 'rulebook' | 'rulebookHash' | 'committees'
  >
}

/**
 * Asks for all that an interval was worked out from, as an auditor.
 *
 * @param zone or `bilateralZone` for the contracts of all zones
 */
export async function readMaterial(
  client: BusbarClient,
  market: Market,
  { zone, interval }: { readonly zone: number; readonly interval: number },
  options?: CallOptions,
): Promise<ReplayMaterial> {
  const [shown, audit, replay] = await Promise.all([
    client.interval(zone, interval, options),
    client.auditInterval(zone, interval, options),
    client.auditReplay(zone, interval, options),
  ])
  // Contracts are known to the exchange, whatever the auction's book is.
  const isSealed = shown.orderBook !== 'open' && zone !== bilateralZone
  const isOpened = isSealed && shown.status !== 'open' && shown.status !== 'fixed'
  const openings = isOpened ? await client.auditOpenings(zone, interval, options) : null
  const ofContracts = zone === bilateralZone ? market.zones : []
  const [parties, metered] = await Promise.all([
    partiesOf(client, replay, options),
    Promise.all(ofContracts.map((one) => meteredIn(client, one.zone, interval, options))),
  ])
  const { domain, contracts, rulebook, rulebookHash, committees } = market
  const terms = { market: market.market, domain, contracts, rulebook, rulebookHash, committees }
  return { shown, audit, replay, openings, metered, parties, market: terms }
}

async function meteredIn(
  client: BusbarClient,
  zone: number,
  interval: number,
  options?: CallOptions,
): Promise<MeteredZone> {
  try {
    const [shown, replay] = await Promise.all([
      client.interval(zone, interval, options),
      client.auditReplay(zone, interval, options),
    ])
    const readingsRoot = shown.runs.at(-1)?.readingsRoot ?? null
    return { zone, readingsRoot, readings: replay.runs.at(-1)?.readings ?? [] }
  } catch (error) {
    // A zone may be younger than the interval.
    if (!(error instanceof BusbarError) || error.code !== 'not_found') throw error
    return { zone, readingsRoot: null, readings: [] }
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
