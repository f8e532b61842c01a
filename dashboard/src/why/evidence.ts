import type { BusbarClient } from '@busbar/client'
import type {
  AccountInterval,
  AccountIntervalZone,
  InclusionProof,
  OrderPath,
  PublicInterval,
} from '@busbar/protocols/api'
import { type ContractEvidence, readContracts } from './contract-evidence.ts'

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
}

export const readingKey = (run: number, meter: number): string => `${run}/${meter}`

/** An account's interval and everything that shows why it is so. */
export type Evidence = {
  readonly answer: AccountInterval
  readonly zones: ReadonlyMap<number, ZoneEvidence>
}

/** Asks for an account's interval and for all that it can be checked by. */
export async function readEvidence(
  reader: BusbarClient,
  account: number,
  interval: number,
  signal?: AbortSignal,
): Promise<Evidence> {
  let evidence = await readOnce(reader, account, interval, signal)
  // A run between the answers is no contradiction: then all of them are asked for once more.
  for (let turn = 0; turn < 2 && !isOfOneMoment(evidence); turn += 1) {
    evidence = await readOnce(reader, account, interval, signal)
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
  account: number,
  interval: number,
  signal: AbortSignal | undefined,
): Promise<Evidence> {
  const options = signal === undefined ? {} : { signal }
  const answer = await reader.accountInterval(account, interval, options)
  const zones = await Promise.all(
    answer.zones.map(async (zone) => {
      return [zone.zone, await readZone(reader, answer, zone, options)] as const
    }),
  )
  return { answer, zones: new Map(zones) }
}

async function readZone(
  reader: BusbarClient,
  { account, interval }: AccountInterval,
  zoneAnswer: AccountIntervalZone,
  options: { readonly signal?: AbortSignal },
): Promise<ZoneEvidence> {
  const { zone, status, orders, sealedOrders, meters, runs } = zoneAnswer
  const at = { zone, interval }
  const isFixed = status !== 'open'
  const physical = meters.filter(({ assurance }) => assurance !== 'contracted')
  const metered = runs.flatMap(({ run }) => physical.map(({ meter }) => ({ run, meter })))
  const [shown, orderPaths, orderProofs, postings, readings, contracts] = await Promise.all([
    reader.interval(zone, interval, options),
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
    readContracts(reader, { interval }, zoneAnswer, options),
  ])
  return { shown, orderPaths, orderProofs, postings, readings, contracts }
}

async function mapOf<Item, Key, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  read: (item: Item) => Promise<Value>,
): Promise<ReadonlyMap<Key, Value>> {
  const pairs = items.map(async (item) => [keyOf(item), await read(item)] as const)
  return new Map(await Promise.all(pairs))
}
