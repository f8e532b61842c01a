import type { AuctionCurves } from '../clearing/index.ts'
import { emptyLedger, type Ledger } from '../ledger/index.ts'
import type { MeterReadings } from '../metering/index.ts'
import type {
  Gateway,
  JoinCode,
  LostPasskey,
  Mandate,
  MandateLimits,
  Meter,
  Participant,
  Passkey,
  Tariff,
  Zone,
} from '../registry/index.ts'
import type { EffectiveRulebook } from '../rulebook/index.ts'
import type { Posted, Run } from '../settlement/index.ts'
import type { Delivery, Obligation } from '../trades/index.ts'
import type { Micros, MicrosPerKwh, WattHours } from '../units/index.ts'
import type { CommitteeMember, Opening } from './command.ts'
import type { GuardedCommand } from './guarded.ts'
import type { Result } from './outcome.ts'
import { type Charge, emptyTrading, type Trading } from './trading/trading-state.ts'

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
  /** The key of the agent that placed it, where one did. */
  readonly agent?: string
}

/**
 * An order of which only its owner knows what it is, until it opens; and after the clearing nobody
 * needs to know: then this is all that is kept of it, beside its fill or why it is void.
 */
export type SealedOrder = {
  readonly id: string
  /** Its public identity and its rank at the margin, `0x` and 64 hex. */
  readonly commitment: string
  readonly account: number
  /** The journal sequence of its acceptance. */
  readonly sequence: number
  /** What it can cost at most by its owner's word; zero once the interval is cleared. */
  readonly collateral: Micros
  /** Empty once the interval is cleared, and where owners reveal. */
  readonly ciphertext: string
  /** What its owner has revealed and which journal entry says so; null again once cleared. */
  readonly revealed: { readonly opening: Opening; readonly sequence: number } | null
  /** Of an agent's, within what it must be; judged when it opens, and gone once cleared. */
  readonly within?: MandateLimits
}

/** Why an order of a fixed set takes no part in the auction. */
export const voidReasons = [
  /** Taken back by its owner before the gate, or with the money that stood behind it. */
  'cancelled',
  'suspended',
  /** Nobody could open it, or its owner has not revealed it. */
  'not_opened',
  /** Its opening is not that of its commitment, or names another account. */
  'mismatch',
  'meter_foreign',
  'energy_exceeded',
  'capacity_exceeded',
  'price_out_of_bounds',
  'price_off_tick',
  /** With it, the account's orders can cost more than was declared for them. */
  'collateral_short',
  /** An agent placed it, whose mandate does not cover it. */
  'mandate_exceeded',
] as const
export type VoidReason = (typeof voidReasons)[number]

/** `none`: it has none, or is not cleared yet. */
export type ProofState = 'none' | 'awaited' | 'proven' | 'overdue' | 'faulty'

/** One interval of one zone, from its first order to its last correction. */
export type IntervalRecord = {
  readonly zone: number
  readonly interval: number
  /** `fixed`: the gate has closed and its sealed orders are not opened yet. */
  status: 'open' | 'fixed' | 'cleared' | 'provisional' | 'final'
  /** Of a sealed book: also those that are void. */
  orderCount: number
  /** The journal entry that closed its gate, −1 while it is open. */
  fixedSequence: number
  /** The journal entry that opened its orders and cleared it, −1 before. */
  openedSequence: number
  /** By account. Fixed at the gate. Empty where the book is sealed. */
  readonly orders: Map<number, OpenOrder[]>
  /** By commitment, in order of acceptance. Fixed at the gate. Empty where the book is open. */
  readonly sealed: Map<string, SealedOrder>
  /** The commitments of each account, in order of acceptance. */
  readonly sealedOf: Map<number, string[]>
  /** By commitment. */
  readonly voids: Map<string, VoidReason>
  /** Bonds lost by account, for the first run to post. */
  readonly bondsLost: Map<number, Micros>
  proof: ProofState
  /** Where the chain says what `proof` says. */
  proofReference: string | null
  price: MicrosPerKwh | null
  energy: WattHours
  /** What is public of the limits behind them; null before, and of what was cleared without. */
  curves: AuctionCurves | null
  /** Energy filled, by digest or commitment; orders that got nothing are not in it. */
  readonly fills: Map<string, WattHours>
  /** Bought and sold by meter. */
  readonly contracts: Map<number, { bought: WattHours; sold: WattHours }>
  /** By trade, fixed at the gate. Only in the record of all zones' trades; see `bilateralZone`. */
  readonly obligations: Map<number, Obligation>
  /** By trade, as of the last run. */
  readonly deliveries: Map<number, Delivery>
  /** Digests of the contracts that were recorded since the gate before. */
  readonly contractsRecorded: readonly string[]
  /** What changes of trades cost since the gate before, to be posted here. */
  readonly charges: readonly Charge[]
  readonly runs: Run[]
  readonly posted: Posted
}

/** Who opens sealed orders from one interval on. See the instruction `appoint_committee`. */
export type Committee = {
  readonly from: number
  readonly publicKey: string
  readonly threshold: number
  readonly members: readonly CommitteeMember[]
}

/** What an authority has asked for and a second one has to approve. See `Rulebook.fourEyes`. */
export type Proposal = {
  /** From 1, in the order in which they came. */
  readonly proposal: number
  /** What it proposes, as it was signed. */
  readonly instruction: GuardedCommand
  /** The journal entry that made it, and its time. */
  readonly sequence: number
  readonly at: number
  /** From this moment on it has lapsed, UTC milliseconds. */
  readonly expiresAt: number
  /** An open one whose time has passed is `expired` from the next gate on. */
  status: ProposalStatus
  /** Who approved or refused it, by which journal entry and when; null where nobody has. */
  decided: { readonly account: number; readonly sequence: number; readonly at: number } | null
  /** Why it was refused; else empty. */
  reason: string
}

export const proposalStatuses = ['open', 'approved', 'refused', 'expired'] as const
export type ProposalStatus = (typeof proposalStatuses)[number]

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
  /** Ascending by first interval. */
  readonly committees: Committee[]
  /** Names, addresses and keys in use, each with its kind: `meter:…`, `address:…`. */
  readonly taken: Set<string>
  readonly participants: Participant[]
  /** By public key. A passkey that was revoked is not in it. */
  readonly passkeys: Map<string, Passkey>
  /** The public keys of an account's passkeys, in the order in which they were registered. */
  readonly passkeysOf: Map<number, readonly string[]>
  /** The public keys of passkeys that the chain was told of, because they sign withdrawals. */
  readonly passkeysOnChain: Set<string>
  /** By account: passkeys that its retailer revoked and that may object, the oldest first. */
  readonly lostPasskeys: Map<number, readonly LostPasskey[]>
  /** By account: those that nobody has used. Of those that lapsed some may still be there. */
  readonly joinCodes: Map<number, readonly JoinCode[]>
  /** By the agent's public key. Those that were revoked are not in it; some that ended may be. */
  readonly mandates: Map<string, Mandate>
  /** The agents' keys of an account, in the order in which they were granted. */
  readonly mandatesOf: Map<number, readonly string[]>
  /** Accounts that have signed something, a command or not; or that a passkey was asked for. */
  readonly spoken: Set<number>
  readonly zones: Zone[]
  readonly gateways: Gateway[]
  readonly meters: Meter[]
  /** Who has a meter where: `zone:account`. */
  readonly connected: Set<string>
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
  /** By number, ascending: those that are open, and of the others the newest. */
  readonly proposals: Map<number, Proposal>
  lastProposal: number
  readonly trading: Trading
  readonly totals: { deposited: bigint; withdrawn: bigint; traded: bigint; orders: number }
}

export const emptyState = (): State => ({
  sequence: 0,
  at: 0,
  market: null,
  salt: null,
  rulebooks: [],
  committees: [],
  taken: new Set(),
  participants: [],
  passkeys: new Map(),
  passkeysOf: new Map(),
  passkeysOnChain: new Set(),
  lostPasskeys: new Map(),
  joinCodes: new Map(),
  mandates: new Map(),
  mandatesOf: new Map(),
  spoken: new Set(),
  zones: [],
  gateways: [],
  meters: [],
  connected: new Set(),
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
  proposals: new Map(),
  lastProposal: 0,
  trading: emptyTrading(),
  totals: { deposited: 0n, withdrawn: 0n, traded: 0n, orders: 0 },
})
