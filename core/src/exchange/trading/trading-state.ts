import type { Default, RetailerAgreement } from '../../credit/index.ts'
import { type Between, emptyNetting, type NettingBook, type Payment } from '../../payments/index.ts'
import type { DeliveryLimit, Offer, Trade } from '../../trades/index.ts'
import type { Micros, MicrosPerKwh } from '../../units/index.ts'
import { type ChainHolds, emptyChainHolds } from './chain-holds.ts'

/** A key that was certified for an account. The last one is that of the participant. */
export type CertifiedKey = {
  readonly publicKey: string
  readonly address: string
  /** The journal entry that certified it, and since when it may sign contracts. */
  readonly sequence: number
  readonly at: number
  readonly tradesFrom: number
  /** Whether the key before it approved. */
  readonly approved: boolean
}

/**
 * Money that a change of a trade costs, that is drawn from the collateral of who did not pay by its
 * rail, or that is below what a bill can carry, to be posted with the next run of trades.
 * Collateral and such a remainder are on the ledger, whatever the rail.
 */
export type Charge = {
  readonly trade: number
  readonly kind: 'modification' | 'exit' | 'collateral' | 'remainder'
  readonly payer: number
  readonly payee: number
  readonly amount: Micros
  readonly sequence: number
}

/** That a customer agreed to what its retailer may do if it does not pay. */
export type Consent = {
  /** Digest of the signed instruction, and hash of the text that was agreed to. */
  readonly digest: string
  readonly textHash: string
  readonly sequence: number
  readonly at: number
}

/** What a utility charges each side of a trade for its wires, on the bill. */
export type WheelingRate = { readonly from: number; readonly rate: MicrosPerKwh }

/** The contracts whose root one gate put on chain, as long as a trade of one of them is known. */
export type ContractSet = {
  /** The journal entry of the gate. */
  readonly sequence: number
  /** Ascending: the leaves of the root. */
  readonly digests: readonly string[]
  /** How many of their trades are still known. */
  known: number
}

/** All that the exchange knows of contracts between named parties. */
export type Trading = {
  /** By number; those that are over stay until nothing of them can change. */
  readonly trades: Map<number, Trade>
  lastTrade: number
  /** The trade of each contract and proposal, by digest. */
  readonly contracts: Map<string, number>
  /** Contracts that were proposed and may not be any more, until they would have lapsed. */
  readonly spent: Map<string, number>
  /** By account: trades that are not over and that it has signed for, or that its offer met in. */
  readonly tradesOf: Map<number, Set<number>>
  /** Trades in force whose window has not passed, in the order of their recording. */
  readonly inForce: Set<number>
  /** Digests recorded since the last gate: the next one puts their root on chain. */
  recorded: string[]
  /** By the interval of the gate. */
  readonly contractSets: Map<number, ContractSet>
  /** By digest: in which set a contract of a known trade is. */
  readonly contractGates: Map<string, number>
  /** Not yet posted. */
  charges: Charge[]
  readonly offers: Map<number, Offer>
  /** By account: those that are open or matched. */
  readonly offersOf: Map<number, Set<number>>
  lastOffer: number
  /** By trade and interval, until the gate: of each utility that has said something, the last. */
  readonly limits: Map<number, Map<number, DeliveryLimit[]>>
  /** Which utility runs the wires of a zone. */
  readonly utilities: Map<number, number>
  /** By utility, ascending by first interval. */
  readonly wheeling: Map<number, WheelingRate[]>
  /** By account: more than one once a key was replaced. */
  readonly keys: Map<number, CertifiedKey[]>
  readonly payments: Map<number, Payment>
  lastPayment: number
  /** By trade, ascending. */
  readonly paymentsOf: Map<number, number[]>
  /**
   * What trades owe outside of the ledger, by account: negative owes. They sum to zero, and
   * payments move them.
   */
  readonly dues: Map<number, Micros>
  /**
   * The part of it that no payment asks for yet, by trade and account. Without zeros; those of a
   * trade sum to zero.
   */
  readonly owed: Map<number, Map<number, Micros>>
  /** Less than a cent between any two that no bill could carry yet, and no payment asks for. */
  readonly carried: Between
  /** Prepaid balances, by account: money that the account's retailer holds for it. */
  readonly prepaid: Map<number, Micros>
  /** How much of a prepaid balance is set aside. Without zeros. */
  readonly prepaidHeld: Map<number, Micros>
  /** What retailers owe each other for what their customers paid from prepaid balances. */
  readonly netting: NettingBook
  /** References of retailers that were used, each once: what for, and by which journal entry. */
  readonly references: Map<string, { readonly content: string; readonly sequence: number }>
  /** What is to be done for payments and defaults, `duty:number`, and when. See `agenda.ts`. */
  readonly agenda: Map<string, number>
  readonly defaults: Map<number, Default>
  lastDefault: number
  readonly agreements: RetailerAgreement[]
  /**
   * Parts of the holds of trades whose rail is outside of the ledger that stand for what was
   * settled and is not paid yet: `trade:account`, without zeros.
   */
  readonly collateral: Map<string, Micros>
  /** What is held for trades, as the ledger has it and as the chain was told. */
  readonly chainHolds: ChainHolds
  readonly consents: Map<number, Consent>
}

export const emptyTrading = (): Trading => ({
  trades: new Map(),
  lastTrade: 0,
  contracts: new Map(),
  spent: new Map(),
  tradesOf: new Map(),
  inForce: new Set(),
  recorded: [],
  contractSets: new Map(),
  contractGates: new Map(),
  charges: [],
  offers: new Map(),
  offersOf: new Map(),
  lastOffer: 0,
  limits: new Map(),
  utilities: new Map(),
  wheeling: new Map(),
  keys: new Map(),
  payments: new Map(),
  lastPayment: 0,
  paymentsOf: new Map(),
  dues: new Map(),
  owed: new Map(),
  carried: new Map(),
  prepaid: new Map(),
  prepaidHeld: new Map(),
  netting: emptyNetting(),
  references: new Map(),
  agenda: new Map(),
  defaults: new Map(),
  lastDefault: 0,
  agreements: [],
  collateral: new Map(),
  chainHolds: emptyChainHolds(),
  consents: new Map(),
})
