import type { Role } from '@busbar/core/registry'
import type { Rulebook } from '@busbar/core/rulebook'
import type { Domain } from '@busbar/protocols/eip712'
import type { Hex } from '@busbar/protocols/hash'
import type { ObservedOpening, ObservedSet, Path } from '../auditor/index.ts'
import type { SignedDeviceBatch } from '../devices/index.ts'
import type { Key, SignedBatch } from '../meters/index.ts'

/** Who takes part, with which meters and money: all that is set up before the first order. */
export type MarketPlan = {
  readonly market: string
  readonly rulebook: Rulebook
  /** When the market opens, UTC milliseconds: within the interval before the first that counts. */
  readonly openAt: number
  readonly zone: string
  /** In the order of their admission; the first is the operator. */
  readonly participants: readonly ParticipantPlan[]
  readonly gateways: readonly GatewayPlan[]
  readonly meters: readonly MeterPlan[]
  /** The retailer's, ascending; announced before any meter is registered. */
  readonly tariffs: readonly TariffPlan[]
}

export type ParticipantPlan = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly key: Key
  /** Another participant's name; null for companies. */
  readonly retailer: string | null
  /** Paid in before the first order. */
  readonly depositMicros: number
}

export type GatewayPlan = { readonly name: string; readonly key: Key; readonly owner: string }

export type MeterPlan = {
  readonly name: string
  readonly kind: 'physical' | 'virtual'
  readonly owner: string
  /** Null for virtual meters. */
  readonly gateway: string | null
  readonly importWattsMax: number
  readonly exportWattsMax: number
  readonly digits: number
}

export type TariffPlan = {
  readonly retailer: string
  readonly fromInterval: number
  readonly retailMicrosPerKwh: number
  readonly feedInMicrosPerKwh: number
}

/** The numbers that the exchange gave to what was planned, by name. */
export type MarketNumbers = {
  readonly domain: Domain
  readonly accounts: ReadonlyMap<string, number>
  readonly gateways: ReadonlyMap<string, number>
  readonly meters: ReadonlyMap<string, number>
  /** Null where the book is open. */
  readonly sealing: Sealing | null
}

/** What sealed orders are bound to, and how they are encrypted. */
export type Sealing = {
  readonly chainId: number
  /** `0x` and 40 hex. */
  readonly intervalLog: Hex
  readonly zone: number
  readonly rulebookHash: Hex
  /** What one participant seals its orders of an interval with; `random` has 48 bytes. */
  readonly sealer: (interval: number, random: Uint8Array) => Sealer
}

/** The ciphertext of an opening for its commitment; `0x` where owners reveal. */
export type Sealer = (commitment: Hex, opening: Opening) => Hex

export type SignedOrder = {
  readonly id: Hex
  readonly account: number
  readonly meter: number
  readonly interval: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
  readonly digest: Hex
  readonly signature: Hex
}

export type Opening = ObservedOpening & { readonly salt: Hex }

/** As it is sent: what it says stays with the agent. */
export type SealedOrder = {
  readonly id: Hex
  readonly account: number
  readonly zone: number
  readonly interval: number
  readonly commitment: Hex
  readonly collateralMicros: number
  readonly ciphertext: Hex
  readonly digest: Hex
  readonly signature: Hex
}

/** A fill as its owner is told it, with the path that shows it to be in the published root. */
export type OwnFill = {
  readonly commitment: Hex
  readonly energyWh: number
  readonly voidReason: string | null
  readonly path: Path
  readonly fillsRoot: string
}

export type Answer =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly reason: string }

export type BatchAnswer = {
  /** The same batch, by id and content, had been taken before; this is the answer it got then. */
  readonly repeated: boolean
  /** What became of each reading: `counted`, `duplicate`, `conflicting`, … */
  readonly outcomes: readonly string[]
}

export type IntervalOutcome = {
  readonly priceMicrosPerKwh: number | null
  readonly energyWh: number
  /** By digest or commitment; without those that got nothing. */
  readonly fills: readonly { readonly digest: string; readonly energyWh: number }[]
  /** Of a sealed book, as an auditor is told it. */
  readonly sealedSet?: ObservedSet
}

/** An exchange, as far as a simulated district needs one. */
export type Exchange = {
  readonly open: (plan: MarketPlan) => Promise<MarketNumbers>
  /** One answer per order, in their order. */
  readonly submitOrders: (orders: readonly SignedOrder[]) => Promise<readonly Answer[]>
  /** One answer per order, in their order: what is accepted has got a receipt that holds. */
  readonly submitSealedOrders: (orders: readonly SealedOrder[]) => Promise<readonly Answer[]>
  /** Opens one's own orders after the gate, where the rulebook has owners do so. */
  readonly reveal: (
    interval: number,
    openings: readonly { readonly commitment: Hex; readonly opening: Opening }[],
  ) => Promise<void>
  /** Asked by the owner of the account. */
  readonly ownFills: (
    account: number,
    interval: number,
    commitments: readonly Hex[],
  ) => Promise<readonly OwnFill[]>
  readonly submitReadings: (batch: SignedBatch) => Promise<BatchAnswer>
  /** What devices behind the meters say of themselves: nothing is settled by it. */
  readonly submitDeviceReadings: (batches: readonly SignedDeviceBatch[]) => Promise<void>
  /**
   * Lets the market's time pass until `at`. When it resolves, everything that is due by then is
   * done: gates closed, runs posted, corrections included.
   */
  readonly advanceTo: (at: number) => Promise<void>
  /** Price and fills of an interval whose gate has closed, as its traders are told. */
  readonly interval: (interval: number) => Promise<IntervalOutcome>
  /** What all runs so far moved on each account, micros, by interval and account. */
  readonly nets: () => Promise<ReadonlyMap<number, ReadonlyMap<number, bigint>>>
  /** Every account that ever held money. */
  readonly balances: () => Promise<ReadonlyMap<number, bigint>>
}
