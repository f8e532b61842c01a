import type { BusbarClient } from '@busbar/client'
import type {
  AccountInterval,
  AccountIntervalZone,
  ContractProof,
  OwnTrade,
  Participant,
  PublicInterval,
  TradedEnergy,
} from '@busbar/protocols/api'
import { nullIfMissing } from '../lib/missing.ts'

/** Who may sign for an account now: its registered key, and its devices'; and what it is called. */
export type PartyKeys = Pick<Participant, 'address' | 'passkeys' | 'name'>

/** What shows the contracts of an account in one interval. */
export type ContractEvidence = {
  /** By trade: its version in the set of a gate. */
  readonly proofs: ReadonlyMap<number, ContractProof>
  /** By interval: what everybody is told of the gate that took contracts in. */
  readonly gates: ReadonlyMap<number, Pick<PublicInterval, 'ordersRoot'>>
  /** By account, as the public registry has them. */
  readonly keys: ReadonlyMap<number, PartyKeys>
  /** By own meter: what the exchange signs that its contracts got. */
  readonly traded: ReadonlyMap<number, TradedEnergy>
}

export const noContracts: ContractEvidence = {
  ...{ proofs: new Map(), gates: new Map(), keys: new Map(), traded: new Map() },
}

type Options = { readonly signal?: AbortSignal }

/** What several parts of the evidence need: each is asked for once. */
export class SharedReads {
  readonly #reader: BusbarClient
  readonly #options: Options
  readonly #participants = new Map<number, Promise<Participant | undefined>>()
  readonly #intervals = new Map<string, Promise<PublicInterval>>()

  constructor(reader: BusbarClient, options: Options) {
    this.#reader = reader
    this.#options = options
  }

  participant(account: number): Promise<Participant | undefined> {
    return rememberedIn(this.#participants, account, async () => {
      const asked = { from: account, limit: 1 }
      const { participants } = await this.#reader.participants(asked, this.#options)
      return participants.find((one) => one.account === account)
    })
  }

  interval(zone: number, interval: number): Promise<PublicInterval> {
    return rememberedIn(this.#intervals, `${zone}/${interval}`, () =>
      this.#reader.interval(zone, interval, this.#options))
  }
}

function rememberedIn<Key, Value>(
  known: Map<Key, Promise<Value>>,
  key: Key,
  read: () => Promise<Value>,
): Promise<Value> {
  const found = known.get(key) ?? read()
  known.set(key, found)
  return found
}

export const ownMeterOf = ({ side, terms }: OwnTrade): number =>
  side === 'sell' ? terms.sellerMeter : terms.buyerMeter

/** Asks for what shows the contracts of an account's interval; for nothing where it has none. */
export async function readContracts(
  reader: BusbarClient,
  { interval }: Pick<AccountInterval, 'interval'>,
  { zone, trades }: AccountIntervalZone,
  shared: SharedReads,
  options: Options,
): Promise<ContractEvidence> {
  if (trades.length === 0) return noContracts
  const parties = trades.flatMap(({ terms }) => [terms.seller, terms.buyer])
  const asked = {
    proofs: mapOf(trades.map(({ trade }) => trade), (trade) =>
      proofOf(reader, trades, trade, options),
    ),
    keys: mapOf(parties, (account) => shared.participant(account)),
    traded: mapOf(trades.map(ownMeterOf), (meter) =>
      nullIfMissing(reader.trades.tradedEnergy(meter, { from: interval, count: 1 }, options)),
    ),
  }
  const proofs = await asked.proofs
  const gates = await mapOf(
    [...proofs.values()].flatMap(({ fixedWith }) => fixedWith ?? []),
    (fixedWith) => nullIfMissing(shared.interval(zone, fixedWith)),
  )
  return { proofs, gates, keys: await asked.keys, traded: await asked.traded }
}

async function proofOf(
  reader: BusbarClient,
  trades: readonly OwnTrade[],
  trade: number,
  options: Options,
): Promise<ContractProof | undefined> {
  const wanted = trades.find((one) => one.trade === trade)?.contract
  const contracts = await reader.trades.proofs(trade, options)
  return contracts.find(({ contract }) => contract === wanted)
}

/** Each key once; without those of which there is nothing, or nothing is remembered any more. */
async function mapOf<Value>(
  keys: readonly number[],
  read: (key: number) => Promise<Value | null | undefined>,
): Promise<ReadonlyMap<number, Value>> {
  const pairs = [...new Set(keys)].map(async (key) => [key, await read(key)] as const)
  const found = await Promise.all(pairs)
  return new Map(found.flatMap(([key, value]) => (value == null ? [] : [[key, value]])))
}
