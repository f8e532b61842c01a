import { emptyLedger, type Ledger } from '../ledger/index.ts'
import type { MeterReadings } from '../metering/index.ts'
import type { Gateway, Meter, Participant, Tariff, Zone } from '../registry/index.ts'
import type { EffectiveRulebook } from '../rulebook/index.ts'
import type { Posted, Run } from '../settlement/index.ts'
import type { MicrosPerKwh, WattHours } from '../units/index.ts'
import type { Result } from './outcome.ts'

/** An order that was accepted. `digest` is its public identity and its rank at the margin. */
export type OpenOrder = {
  readonly id: string
  readonly digest: string
  readonly account: number
  readonly meter: number
  readonly side: 'buy' | 'sell'
  readonly energy: WattHours
  readonly limit: MicrosPerKwh
  /** The journal sequence of its acceptance. */
  readonly sequence: number
}

/** One interval of one zone, from its first order to its last correction. */
export type IntervalRecord = {
  readonly zone: number
  readonly interval: number
  status: 'open' | 'cleared' | 'provisional' | 'final'
  orderCount: number
  /** The journal entry that closed its gate, −1 while it is open. */
  clearedSequence: number
  /** By account. Fixed at the gate. */
  readonly orders: Map<number, OpenOrder[]>
  price: MicrosPerKwh | null
  energy: WattHours
  /** Energy filled, by digest; orders that got nothing are not in it. */
  readonly fills: Map<string, WattHours>
  /** Bought and sold by meter. */
  readonly contracts: Map<number, { bought: WattHours; sold: WattHours }>
  readonly runs: Run[]
  readonly posted: Posted
}

/** What an id was used for, so that the same command again gets the same answer. */
export type RememberedCommand = {
  readonly account: number
  readonly digest: string
  readonly result: Result
  readonly sequence: number
}

/** Money that came in or went out, and the journal entry that booked it. */
export type Movement = {
  readonly account: number
  readonly amountMicros: number
  readonly sequence: number
  readonly at: number
}

/** An owner's request to the chain, or what the chain has paid it. */
export type OwnWithdrawal = Movement & { readonly kind: 'request' | 'payment' }

/**
 * All that the exchange knows: a function of the journal. Only `apply` changes it.
 *
 * Numbers index the arrays of the registry: participants from account 3, zones, gateways and meters
 * from 0.
 */
export type State = {
  sequence: number
  /** Time of the last command: time in the journal never goes back. */
  at: number
  market: string | null
  /** See `MarketCommand`; null in a market without one, whose commitments hide nothing. */
  salt: string | null
  readonly rulebooks: EffectiveRulebook[]
  /** Names, addresses and keys in use, each with its kind: `meter:…`, `address:…`. */
  readonly taken: Set<string>
  readonly participants: Participant[]
  readonly zones: Zone[]
  readonly gateways: Gateway[]
  readonly meters: Meter[]
  /** The first interval in which a meter's energy counts, by meter. */
  readonly meterFrom: number[]
  /** By zone: how many physical meters there are, and from when the newest counts. */
  readonly physicalMeters: Map<number, { readonly count: number; readonly newestFrom: number }>
  /** A retailer's tariffs, ascending by first interval. */
  readonly tariffs: Map<number, { readonly from: number; readonly tariff: Tariff }[]>
  /** By meter. */
  readonly readings: Map<number, MeterReadings>
  /** How many physical meters were read at a boundary: `zone:boundary`. */
  readonly readCounts: Map<string, number>
  readonly ledger: Ledger
  /** By zone, then by interval. */
  readonly intervals: Map<number, Map<number, IntervalRecord>>
  /** The last interval whose gate has closed, −1 before the first. */
  clearedThrough: number
  /** Zone and interval (`zone:interval`) whose posted run no longer matches the readings. */
  readonly dirty: Set<string>
  readonly remembered: Map<string, RememberedCommand>
  /** Ids to forget with an interval: once it can take no more commands, none can be replayed. */
  readonly expiring: Map<number, string[]>
  /** By transaction hash and log index. */
  readonly deposits: Map<string, Movement>
  readonly withdrawals: Movement[]
  /** What owners did on the chain without the exchange, by transaction hash and place in it. */
  readonly ownWithdrawals: Map<string, OwnWithdrawal>
  readonly totals: { deposited: bigint; withdrawn: bigint; traded: bigint; orders: number }
}

export const emptyState = (): State => ({
  sequence: 0,
  at: 0,
  market: null,
  salt: null,
  rulebooks: [],
  taken: new Set(),
  participants: [],
  zones: [],
  gateways: [],
  meters: [],
  meterFrom: [],
  physicalMeters: new Map(),
  tariffs: new Map(),
  readings: new Map(),
  readCounts: new Map(),
  ledger: emptyLedger(),
  intervals: new Map(),
  clearedThrough: -1,
  dirty: new Set(),
  remembered: new Map(),
  expiring: new Map(),
  deposits: new Map(),
  withdrawals: [],
  ownWithdrawals: new Map(),
  totals: { deposited: 0n, withdrawn: 0n, traded: 0n, orders: 0 },
})
