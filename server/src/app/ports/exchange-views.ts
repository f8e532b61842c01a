import type { AuctionCurves } from '@busbar/core/clearing'
import type { Committee, OpenOrder, ProofState, VoidReason } from '@busbar/core/exchange'
import type { Assurance } from '@busbar/core/metering'
import type { JoinCode, Meter, Participant, Passkey, Tariff, Zone } from '@busbar/core/registry'
import type { OrderBook, Rulebook } from '@busbar/core/rulebook'
import type { EnergyBalance, RunKind, SettlementItem } from '@busbar/core/settlement'
import type { Micros, MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { SetPath } from '@busbar/protocols/sealed-orders'
import type { ChainDispute } from './chain.ts'
import type { OutboxStatus } from './outbox.ts'
import type { ProvingOrder } from './proving.ts'
import type { OwnTradeView } from './trading-views.ts'
import type { VoidGrounds } from './void-grounds.ts'
import type { MandateView } from './key-views.ts'

/**
 * What the exchange shows: plain values in the core's types. The HTTP rim turns them into JSON.
 * Hashes, digests and addresses are `0x` and lower-case hex.
 */

export type MarketView = {
  readonly market: string
  /** The EIP-712 domain that every signature is bound to. */
  readonly domain: {
    readonly name: string
    readonly version: string
    readonly chainId: number
    readonly verifyingContract: string
  }
  /** In force for the interval whose gate closes next. */
  readonly rulebook: Rulebook
  readonly rulebookHash: string
  /** Of later intervals, ascending. */
  readonly scheduledRulebooks: readonly {
    readonly fromInterval: number
    readonly hash: string
    readonly rulebook: Rulebook
  }[]
  /** The interval of delivery now. */
  readonly intervalNow: number
  /** Orders are taken for these, both included. */
  readonly openFrom: number
  readonly openThrough: number
  readonly nextGate: { readonly interval: number; readonly atMs: number }
  /** Null before the first gate. */
  readonly clearedThrough: number | null
  /** Null where the market runs without a chain. */
  readonly contracts: {
    readonly participantRegistry: string
    readonly fiatToken: string
    readonly clearingHouse: string
    readonly intervalLog: string
    readonly clearingProofs: string
    readonly tradeHolds: string
    readonly accountKeys: string
    readonly clearingVerifier: string
  } | null
  /** The operator's address on the chain: whose signature a receipt carries. */
  readonly operatorAddress: string
  /** Who opens sealed orders, ascending by first interval: that of the next gate and later ones. */
  readonly committees: readonly Committee[]
  readonly zones: readonly Zone[]
}

/** With the passkeys that it has now. */
export type ParticipantView = Participant & { readonly passkeys: readonly Passkey[] }

/** A transaction of the outbox and how far it has come. */
export type TransactionView = {
  readonly description: string
  readonly status: OutboxStatus
  /** Null until it is signed. */
  readonly txHash: string | null
  readonly blockNumber: number | null
  readonly gasUsed: number | null
}

/** A transaction as it was signed and sent. */
export type SentTransactionView = { readonly txHash: string; readonly raw: string }

export type RunView = {
  readonly run: number
  readonly kind: RunKind
  readonly atMs: number
  readonly energy: EnergyBalance
  /** Accounts whose money moved. */
  readonly accountCount: number
  readonly estimatedMeterCount: number
  readonly readingsRoot: string | null
  readonly postingsRoot: string | null
  readonly transactions: readonly TransactionView[]
}

/** How far the proof of a clearing is. */
export type ProofView = {
  /** `none`: the rulebook asks for none, or the interval is not cleared yet. */
  readonly state: ProofState
  /** Where the chain says so; null before. */
  readonly reference: string | null
  /** The newest proof that the exchange has sent. */
  readonly transaction: TransactionView | null
}

/** An interval as anybody may see it: no order, no account, no meter. */
export type IntervalView = {
  readonly zone: number
  readonly interval: number
  readonly gateMs: number
  readonly startMs: number
  readonly endMs: number
  /** `fixed`: the gate has closed, and its sealed orders are not opened yet. */
  readonly status: 'open' | 'fixed' | 'cleared' | 'provisional' | 'final'
  readonly price: MicrosPerKwh | null
  readonly energy: WattHours
  /** Null before the clearing, and where none were kept. */
  readonly curves: AuctionCurves | null
  readonly orderBook: OrderBook
  /** Of a sealed book: also those that are void. */
  readonly orderCount: number
  /** How many of the set take no part in the auction; it grows until the interval is cleared. */
  readonly voidCount: number
  readonly rulebookHash: string
  /** Null before the gate. */
  readonly ordersRoot: string | null
  /** Null before the clearing. */
  readonly clearingRoot: string | null
  /** Of a sealed book: the root over what each order got. Null before the clearing. */
  readonly fillsRoot: string | null
  readonly commitment: TransactionView | null
  readonly proof: ProofView
  readonly runs: readonly RunView[]
}

export type AccountView = ParticipantView & {
  /** What the retailer charges and pays now. */
  readonly tariff: Tariff | null
  readonly joinCodes: readonly JoinCode[]
  readonly mandates: readonly MandateView[]
  readonly balance: Micros
  readonly held: Micros
  readonly available: Micros
  /** The most that a withdrawal takes: less than `available` where the chain still holds back. */
  readonly withdrawable: Micros
  readonly arrears: readonly { readonly creditor: number; readonly amount: Micros }[]
  readonly meters: readonly Meter[]
  readonly openOrders: readonly (OpenOrder & {
    readonly zone: number
    readonly interval: number
  })[]
}

/** A sealed order as its owner, an operator or an auditor sees it. What it is, its owner knows. */
export type OwnSealedOrderView = {
  readonly id: string
  readonly commitment: string
  readonly account: number
  /** The journal sequence of its acceptance, which its receipt names. */
  readonly sequence: number
  readonly void: VoidReason | null
  /** Null before the clearing. */
  readonly filled: WattHours | null
}

export type RegistersView = {
  readonly version: number
  readonly importWh: bigint
  readonly exportWh: bigint
}

/** A meter's interval as its readings stand now; registers are null where none was read. */
export type MeteredIntervalView = {
  readonly meter: number
  readonly bought: WattHours
  readonly sold: WattHours
  /** Of what it took in and gave out, what its contracts with named parties got. */
  readonly tradeBought: WattHours
  readonly tradeSold: WattHours
  readonly opening: RegistersView | null
  readonly closing: RegistersView | null
  readonly imported: WattHours
  readonly exported: WattHours
  /** `contracted`: a virtual meter delivers its contract by definition. */
  readonly assurance: Assurance | 'contracted'
}

/** As in the core: meter −1 where it stands for many, trade 0 where it is of none. */
export type SettlementLineView = Omit<SettlementItem, 'account'>

export type AccountRunView = {
  readonly run: number
  readonly kind: RunKind
  readonly atMs: number
  readonly items: readonly SettlementLineView[]
  /** Of trades whose rail is outside of the ledger, and so not in `net`. */
  readonly dues: readonly SettlementLineView[]
  readonly net: Micros
  readonly transactions: readonly TransactionView[]
}

/** Why this cent, in one zone where the account has meters or money moved. */
export type AccountIntervalZoneView = {
  readonly zone: number
  readonly status: IntervalView['status']
  readonly price: MicrosPerKwh | null
  readonly rulebookHash: string
  readonly spreadBasisPoints: number
  readonly fee: MicrosPerKwh
  readonly tariff: (Tariff & { readonly retailer: number }) | null
  readonly orders: readonly (OpenOrder & { readonly filled: WattHours })[]
  readonly sealedOrders: readonly OwnSealedOrderView[]
  readonly meters: readonly MeteredIntervalView[]
  /** In the zone of contracts: those of which the account is a side. */
  readonly trades: readonly OwnTradeView[]
  readonly runs: readonly AccountRunView[]
  /** What of the last run the retailer bills, where the ledger only counts it. */
  readonly billed: readonly SettlementLineView[]
  readonly net: Micros
  readonly commitment: TransactionView | null
  /** Of the commitment and the runs, as far as they are signed. */
  readonly sent: readonly SentTransactionView[]
}

export type AccountIntervalView = {
  readonly account: number
  readonly interval: number
  readonly startMs: number
  readonly endMs: number
  readonly zones: readonly AccountIntervalZoneView[]
  readonly net: Micros
  /** What it comes to, wherever it is paid; null before the first run. */
  readonly worth: bigint | null
  /** Where: the first three are the worth, the last one moves debts on the ledger besides. */
  readonly where: Record<'ledger' | 'outside' | 'billed' | 'debts', bigint>
}

/** One journal entry that moved the account's money; the last four are null but for a run. */
export type StatementLineView = {
  readonly sequence: number
  readonly atMs: number
  readonly kind: 'deposit' | 'withdrawal' | 'run'
  readonly amount: Micros
  /** After the entry. */
  readonly balance: Micros
  readonly zone: number | null
  readonly interval: number | null
  readonly run: number | null
  readonly runKind: RunKind | null
  /** By which the chain pays a withdrawal that the exchange was asked for. */
  readonly transaction: TransactionView | null
}

export type StatementPageView = {
  readonly lines: readonly StatementLineView[]
  /** Where the next page begins; null at the end. */
  readonly nextFrom: number | null
}

export type InclusionProofView = {
  /** Who may see the proof besides operators and auditors. */
  readonly owner: number
  readonly root: string
  /** keccak256(0x00 ‖ data). */
  readonly leaf: string
  readonly data: string
  readonly index: number
  readonly count: number
  readonly path: readonly string[]
  /** The transaction that put the root on the chain. */
  readonly committedIn: string | null
}

/** Where a sealed order stands in the set, and what it got, for who holds its opening. */
/**
 * Where an order of a receipt stands in the fixed set, or the two between which it would: what its
 * omission is shown with. One at an end, none of an empty set.
 */
export type OrderNeighboursView = {
  readonly ordersRoot: string
  readonly orderCount: number
  readonly rulebookHash: string
  readonly isIncluded: boolean
  readonly places: readonly { readonly commitment: string; readonly path: SetPath }[]
}

/** What an order's own proof says. */
export type SealedOrderProofView = {
  /** Who may see it besides operators and auditors. */
  readonly owner: number
  readonly zone: number
  readonly interval: number
  readonly commitment: string
  readonly context: string
  readonly ordersRoot: string
  readonly orderPath: SetPath
  /** Null before the clearing. */
  readonly fill: {
    readonly fillsRoot: string
    /** Hidden by the order's pad: `openFill` reads it. */
    readonly leaf: string
    readonly path: SetPath
  } | null
  /** Null before the clearing, and where the order is not void. */
  readonly voided: {
    readonly reason: VoidReason
    /** The third leaf of the clearing root, beside price with energy and the fills root. */
    readonly voidsRoot: string
    readonly index: number
    readonly count: number
    readonly path: readonly string[]
  } | null
}

export type ConservationView = {
  readonly money: {
    readonly deposited: bigint
    readonly withdrawn: bigint
    readonly balances: bigint
    readonly unexplained: bigint
  }
  readonly energy: EnergyBalance
  /** Settled intervals that the energy is a sum over. */
  readonly intervalCount: number
  /** Null where the market runs without a chain or it cannot be reached. */
  readonly chain: {
    /** Tokens that the clearing house holds. */
    readonly custody: bigint
    readonly ledger: bigint
    /** In the ledger, and not yet final on the chain. */
    readonly pending: bigint
    readonly differingAccounts: number
    readonly unexplained: bigint
  } | null
  readonly sequence: number
  /** The newest that was written: SHA-256 of the state after an entry, in hex without 0x. */
  readonly snapshot: { readonly sequence: number; readonly stateHash: string } | null
}

export type HealthView = {
  readonly status: 'starting' | 'ready' | 'degraded' | 'stopping'
  /** Whether commands are taken. */
  readonly ready: boolean
  readonly checks: readonly {
    readonly name: string
    readonly ok: boolean
    readonly detail: string
  }[]
  readonly journalSequence: number
  readonly uptimeMs: number
}

/** An interval with everybody's part in it. */
export type AuditIntervalView = {
  readonly zone: number
  readonly interval: number
  readonly status: IntervalView['status']
  readonly price: MicrosPerKwh | null
  readonly energy: WattHours
  /** Ascending by digest; orders that got nothing are not in it. */
  readonly fills: readonly { readonly digest: string; readonly energy: WattHours }[]
  /** What all runs so far moved, ascending by account. */
  readonly nets: readonly { readonly account: number; readonly amount: Micros }[]
  /** Before the auditor on the chain, when it was last looked. */
  readonly disputes: readonly ChainDispute[]
}

/** What was opened of an interval: for operators and auditors alone. */
export type AuditOpeningsView = {
  readonly zone: number
  readonly interval: number
  readonly context: string
  /** By ascending commitment. */
  readonly orders: readonly (ProvingOrder & { readonly account: number })[]
  /** The committee's joint signature on the interval's label; empty where owners reveal. */
  readonly evidence: string
  readonly grounds: VoidGrounds
}

export type AuditBalanceView = { readonly account: number; readonly balance: Micros }
