import { type BusbarClient, type KeptOrder, pagesOf } from '@busbar/client'
import {
  type AccountInterval,
  type AccountIntervalZone,
  type InclusionProof,
  type Market,
  type MeterList,
  type OrderPath,
  type OrderWord,
  pageLimits,
  type Participants,
  type PublicInterval,
  type RulebookDocument,
  type SignedReading,
} from '@busbar/protocols/api'
import { nullIfMissing } from '../lib/missing.ts'
import { type ContractEvidence, readContracts, SharedReads } from './contract-evidence.ts'

type Options = { readonly signal?: AbortSignal }

type Participant = Participants['participants'][number]

/** What is shown for one zone of an account's interval. */
export type ZoneEvidence = {
  /** What everybody is told of the same interval: its roots and transactions. */
  readonly shown: PublicInterval
  /** By commitment of a sealed order, and by digest of an open one. */
  readonly orderPaths: ReadonlyMap<string, OrderPath>
  readonly orderProofs: ReadonlyMap<string, InclusionProof>
  /** By run: what it posted to the account. */
  readonly postings: ReadonlyMap<number, InclusionProof>
  /** By run and meter, `0/7`: the energy that the run was computed from. */
  readonly readings: ReadonlyMap<string, InclusionProof>
  readonly contracts: ContractEvidence
  /** By name of an order, as above: as it was signed. */
  readonly words: ReadonlyMap<string, OrderWord>
  /** By meter and boundary, `7/5837900`: as the gateway signed it; null where none did. */
  readonly signed: ReadonlyMap<string, SignedReading | null>
}

/** Whose keys they are, by the registry; by which rules it was; and what this device has kept. */
export type Known = {
  readonly participant: Participant | null
  /** The gateways of the account's meters, by meter. */
  readonly gateways: ReadonlyMap<number, GatewayKey>
  /** By commitment: sealed orders that were placed from this device. */
  readonly kept: ReadonlyMap<string, KeptOrder>
  /** By hash, as the exchange names them: the rules of the interval in each of its zones. */
  readonly rulebooks: ReadonlyMap<string, RulebookDocument>
}

export type GatewayKey = SignedReading['gateway']

export const signedKey = (meter: number, boundary: number): string => `${meter}/${boundary}`

export const readingKey = (run: number, meter: number): string => `${run}/${meter}`

/** An account's interval and everything that shows why it is so. */
export type Evidence = {
  readonly answer: AccountInterval
  readonly zones: ReadonlyMap<number, ZoneEvidence>
  readonly known: Known
}

/** What is asked for, and what is at hand for it. */
export type Asked = {
  readonly account: number
  readonly interval: number
  /** Sealed orders of this device. */
  readonly kept: readonly KeptOrder[]
  /** The rules as they are now. */
  readonly market: Pick<Market, 'rulebook' | 'rulebookHash'>
}

/**
 * Asks for an account's interval and for all that it can be checked by.
 *
 * @param before of the same interval: where what it explains is what it was, so is the rest
 */
export async function readEvidence(
  reader: BusbarClient,
  asked: Asked,
  signal?: AbortSignal,
  before?: Evidence,
): Promise<Evidence> {
  const options = signal === undefined ? {} : { signal }
  const read = (known?: Evidence): Promise<Evidence> =>
    readOnce(reader, asked, options, known)
  let evidence = await read(before)
  // A run between the answers is no contradiction: then all of them are asked for once more.
  for (let turn = 0; turn < 2 && !isOfOneMoment(evidence); turn += 1) {
    evidence = await read()
  }
  return evidence
}

const isOfOneMoment = ({ answer, zones }: Evidence): boolean =>
  answer.zones.every(({ zone, status, runs }) => {
    const shown = zones.get(zone)?.shown
    return shown?.status === status && shown.runs.length === runs.length
  })

async function readOnce(
  reader: BusbarClient,
  { account, interval, kept, market }: Asked,
  options: Options,
  before: Evidence | undefined,
): Promise<Evidence> {
  const answer = await reader.accountInterval(account, interval, options)
  const shared = new SharedReads(reader, options)
  const opened = new Map(kept.map((one) => [one.commitment, one]))
  if (before !== undefined && (await isStill(before, answer, shared))) {
    return { ...before, known: { ...before.known, kept: opened } }
  }
  const [registry, rulebooks, ...zones] = await Promise.all([
    readRegistry(reader, account, shared, options),
    readRules(reader, answer, market, options),
    ...answer.zones.map(async (zone) => {
      return [zone.zone, await readZone(reader, answer, zone, shared, options)] as const
    }),
  ])
  return { answer, zones: new Map(zones), known: { ...registry, kept: opened, rulebooks } }
}

/** Whether the account and everybody are told the same as before. */
async function isStill(
  { answer: told, zones }: Evidence,
  answer: AccountInterval,
  shared: SharedReads,
): Promise<boolean> {
  const isSame = (one: unknown, other: unknown): boolean =>
    JSON.stringify(one) === JSON.stringify(other)
  if (!isSame(told, answer)) return false
  const same = answer.zones.map(async ({ zone }) =>
    isSame(zones.get(zone)?.shown, await shared.interval(zone, answer.interval)))
  return (await Promise.all(same)).every((one) => one)
}

async function readRegistry(
  reader: BusbarClient,
  account: number,
  shared: SharedReads,
  options: Options,
): Promise<Pick<Known, 'participant' | 'gateways'>> {
  const [participant = null, meters] = await Promise.all([
    shared.participant(account),
    readMeters(reader, account, options),
  ])
  const gateways = meters.flatMap(({ meter, gateway }) =>
    gateway === null ? [] : [[meter, gateway] as const],
  )
  return { participant, gateways: new Map(gateways) }
}

/** Those of now are at hand; others are asked for, where an interval is of others. */
async function readRules(
  reader: BusbarClient,
  { zones }: AccountInterval,
  { rulebook, rulebookHash }: Asked['market'],
  options: Options,
): Promise<Known['rulebooks']> {
  const named = new Set(zones.map((zone) => zone.rulebookHash))
  const isNow = [...named].every((one) => one === rulebookHash)
  const { rulebooks } = isNow ? { rulebooks: [] } : await reader.operator.rulebooks(options)
  const all = [{ hash: rulebookHash, rulebook }, ...rulebooks]
  return new Map(all.flatMap(({ hash, rulebook }) => (named.has(hash) ? [[hash, rulebook]] : [])))
}

async function readMeters(
  reader: BusbarClient,
  account: number,
  options: Options,
): Promise<MeterList['meters']> {
  const found: MeterList['meters'] = []
  const read = (page: { readonly from?: number }) =>
    reader.meters({ ...page, account, kind: 'physical', limit: pageLimits.max }, options)
  for await (const { meters } of pagesOf(read)) found.push(...meters)
  return found
}

async function readZone(
  reader: BusbarClient,
  { account, interval }: AccountInterval,
  zoneAnswer: AccountIntervalZone,
  shared: SharedReads,
  options: Options,
): Promise<ZoneEvidence> {
  const { zone, status, orders, sealedOrders, meters, runs } = zoneAnswer
  const at = { zone, interval }
  const isFixed = status !== 'open'
  const physical = meters.filter(({ assurance }) => assurance !== 'contracted')
  const metered = runs.flatMap(({ run }) => physical.map(({ meter }) => ({ run, meter })))
  const names = [
    ...sealedOrders.map(({ commitment }) => commitment), ...orders.map(({ digest }) => digest),
  ]
  const [shown, orderPaths, orderProofs, postings, readings, words, signed, contracts] =
    await Promise.all([
    shared.interval(zone, interval),
    mapOf(isFixed ? sealedOrders : [], ({ commitment }) => commitment, ({ commitment }) =>
      reader.orderPath({ ...at, commitment }, options),
    ),
    mapOf(isFixed ? orders : [], ({ digest }) => digest, ({ digest }) =>
      reader.orderProof({ ...at, digest }, options),
    ),
    mapOf(runs.filter(({ items }) => items.length > 0), ({ run }) => run, ({ run }) =>
      reader.postingProof({ ...at, account }, { run }, options),
    ),
    mapOf(metered, ({ run, meter }) => readingKey(run, meter), ({ run, meter }) =>
      reader.readingProof({ ...at, meter }, { run }, options),
    ),
    mapOf(names, (name) => name, (digest) => reader.signatures.order({ ...at, digest }, options)),
    readSigned(reader, interval, physical, options),
    readContracts(reader, { interval }, zoneAnswer, shared, options),
  ])
  return { shown, orderPaths, orderProofs, postings, readings, words, signed, contracts }
}

/** What the gateways signed at both ends of the interval. */
function readSigned(
  reader: BusbarClient,
  interval: number,
  meters: AccountIntervalZone['meters'],
  options: Options,
): Promise<ZoneEvidence['signed']> {
  const boundaries = meters.flatMap(({ meter, opening, closing }) => [
    ...(opening === null ? [] : [{ meter, boundary: interval }]),
    ...(closing === null ? [] : [{ meter, boundary: interval + 1 }]),
  ])
  return mapOf(boundaries, ({ meter, boundary }) => signedKey(meter, boundary), (where) =>
    // A device that was replaced begins with its owner's word, which is no gateway's.
    nullIfMissing(reader.signatures.reading(where, options)),
  )
}

async function mapOf<Item, Key, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  read: (item: Item) => Promise<Value>,
): Promise<ReadonlyMap<Key, Value>> {
  const pairs = items.map(async (item) => [keyOf(item), await read(item)] as const)
  return new Map(await Promise.all(pairs))
}
