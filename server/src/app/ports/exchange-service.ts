import type {
  AcceptTrade,
  CancelOrder,
  InstructionContent,
  InstructionKind,
  PlaceOrder,
  PlaceSealedOrder,
  ProposeTrade,
  Rejection,
  Result,
  RevealOrder,
  SubmitReadings,
  Withdraw,
} from '@busbar/core/exchange'
import type { Participant, Role } from '@busbar/core/registry'
import type { StreamEvent } from './stream-event.ts'
import type { BookViews } from './book-views.ts'
import type {
  AccountIntervalView,
  AccountView,
  AuditIntervalView,
  AuditOpeningsView,
  HealthView,
  InclusionProofView,
  IntervalView,
  MarketView,
  ParticipantView,
  OrderNeighboursView,
  SealedOrderProofView,
  StatementLineView,
  StatementPageView,
} from './exchange-views.ts'
import type { MeasureViews } from './measures.ts'
import type { MeterViews } from './meters.ts'
import type { SignatureViews } from './signature-views.ts'
import type { JoinCodeView, ObjectionView } from './key-views.ts'
import type { AccessService } from './access-service.ts'
import type { SignInService } from './sign-in.ts'
import type { DeviceService } from './device-service.ts'
import type { NoticeService } from './notice-service.ts'
import type { OperatorViews } from './operator-views.ts'
import type { AuditReplayView } from './replay-view.ts'
import type { TradingViews } from './trading-views.ts'
import type { HandedInProof, ProofTaken, ProvingClaim, ProvingQueueItem } from './proving.ts'

/** Commands as they arrive: without the digest, which only a verified signature gives them. */
export type SignedOrder = Omit<PlaceOrder, 'kind' | 'digest'>
/** The digest of its ciphertext, which is what is signed, is worked out by the exchange. */
export type SignedSealedOrder = Omit<PlaceSealedOrder, 'kind' | 'digest'>
/** Authenticated by its commitment. */
export type Reveal = Omit<RevealOrder, 'kind'>
export type SignedCancellation = Omit<CancelOrder, 'kind' | 'digest'>
export type SignedProposal = Omit<ProposeTrade, 'kind' | 'digest'>
/** Its digest is the contract's. */
export type SignedAcceptance = Omit<AcceptTrade, 'kind' | 'digest'> & { readonly contract: string }
export type SignedWithdrawal = Omit<Withdraw, 'kind' | 'digest'>
export type SignedReadingBatch = Omit<SubmitReadings, 'kind' | 'digest' | 'root'>
export type SignedInstruction = {
  readonly [Kind in InstructionKind]: {
    readonly id: string
    readonly account: number
    readonly kind: Kind
    readonly content: InstructionContent[Kind]
    readonly signature: string
  }
}[InstructionKind]

/** What became of one command. Accepted means durable: it is in the journal, on disk. */
export type Submission =
  | {
      readonly kind: 'accepted'
      readonly digest: string
      readonly sequence: number
      readonly repeated: boolean
      readonly result: Result
      /** Of a sealed order: the operator's signature, 65 bytes, that it will be in the set. */
      readonly receipt?: string
    }
  | {
      readonly kind: 'rejected'
      /** The core's, or why the command never reached it. */
      readonly reason: Rejection | 'signature_invalid' | 'server_busy' | 'server_stopping'
      readonly field?: string
      readonly limit?: string
    }

/** Who reads, after the credential was verified. */
export type Reader = {
  readonly account: number
  /** By which it may read: of a suspended account those alone that show it what is its own. */
  readonly roles: readonly Role[]
  readonly isSuspended?: true
  /** By a passkey that the desk was told is lost: it reads what its account was told of keys. */
  readonly objection?: ObjectionView
}

export type ClockView = {
  readonly mode: 'real' | 'accelerated' | 'manual'
  readonly nowMs: number
  /** Market time per time outside; 0 for a manual clock. */
  readonly speed: number
}

export type Page = {
  /** The first key of the page; undefined for the newest (intervals) or the first (all others). */
  readonly from: number | undefined
  readonly limit: number
}

/** A page of a list that may be read from its end: then `from` is the greatest key of the page. */
export type OrderedPage = Page & { readonly order: 'asc' | 'desc' }

export type StatementQuery = OrderedPage & {
  /** Of one kind alone. */
  readonly kind: StatementLineView['kind'] | undefined
}

/** Whoever meets all of it. */
export type ParticipantsAsked = {
  readonly name?: string
  /** A part of its name, or its account. */
  readonly find?: string
  readonly role?: Role
  readonly status?: Participant['status']
}

/**
 * What the HTTP routes need of the exchange, and nothing else.
 *
 * Writes answer one submission for each command, in order. Several calls may be under way at the
 * same time; each takes its commands as they come. A promise that rejects means that the outcome is
 * unknown: the client asks again with the same ids.
 *
 * Queries see the state as of the last durable command. `undefined` means that there is no such
 * thing; who may see it is decided by the routes, from the reader.
 */
export interface ExchangeService {
  submitOrders(orders: readonly SignedOrder[]): Promise<readonly Submission[]>
  submitSealedOrders(orders: readonly SignedSealedOrder[]): Promise<readonly Submission[]>
  submitReveals(reveals: readonly Reveal[]): Promise<readonly Submission[]>
  submitCancellations(items: readonly SignedCancellation[]): Promise<readonly Submission[]>
  submitContracts(items: readonly SignedProposal[]): Promise<readonly Submission[]>
  submitAcceptances(items: readonly SignedAcceptance[]): Promise<readonly Submission[]>
  submitWithdrawals(items: readonly SignedWithdrawal[]): Promise<readonly Submission[]>
  submitInstructions(items: readonly SignedInstruction[]): Promise<readonly Submission[]>
  submitReadings(batches: readonly SignedReadingBatch[]): Promise<readonly Submission[]>

  /**
   * Verifies the signature over `Access(account, until)` by the registered key of the account;
   * undefined when it is not. Whether `untilMs` is still ahead is checked by the routes, by the
   * time outside and not by the market's.
   */
  authenticate(credential: {
    readonly account: number
    readonly untilMs: number
    readonly signature: string
  }): Promise<Reader | undefined>

  /** Undefined until the market is open. */
  market(): MarketView | undefined

  clock(): ClockView

  /**
   * Moves a manual clock forward; resolves with the new time when all that fell due by then (gates,
   * settlement runs) is durable. The routes have checked the mode and that time does not go back.
   */
  setClock(nowMs: number): Promise<number>

  /** Ascending, at most `limit`; undefined if there is no such zone. */
  intervals(zone: number, page: Page): Promise<readonly IntervalView[] | undefined>
  interval(zone: number, interval: number): Promise<IntervalView | undefined>
  account(account: number): Promise<AccountView | undefined>
  accountInterval(account: number, interval: number): Promise<AccountIntervalView | undefined>
  /**
   * By journal sequence, at most `limit`; lines of one sequence stand on one page, even where they
   * are more than that. Undefined if there is no such account.
   */
  statement(account: number, query: StatementQuery): Promise<StatementPageView | undefined>

  /** Ascending by account, at most `limit`; of all, or of those who are asked for. */
  participants(page: Page, asked?: ParticipantsAsked): Promise<readonly ParticipantView[]>

  /** Undefined where no such join code counts. */
  joinCode(account: number, publicKey: string): Promise<JoinCodeView | undefined>

  /** Undefined too before the gate, when the set of orders is not fixed. */
  orderProof(
    zone: number,
    interval: number,
    digest: string,
  ): Promise<InclusionProofView | undefined>
  /** Of the last run that moved the account's money, if `run` is undefined. */
  postingProof(
    zone: number,
    interval: number,
    account: number,
    run: number | undefined,
  ): Promise<InclusionProofView | undefined>
  /** Of the last run that committed to readings of the meter, if `run` is undefined. */
  readingProof(
    zone: number,
    interval: number,
    meter: number,
    run: number | undefined,
  ): Promise<InclusionProofView | undefined>

  /** Of a sealed order. Undefined too before the gate. */
  sealedOrderProof(
    zone: number,
    interval: number,
    commitment: string,
  ): Promise<SealedOrderProofView | undefined>

  /** For whoever holds a receipt. Undefined before the gate, and where the book is open. */
  orderNeighbours(receipt: {
    readonly zone: number
    readonly interval: number
    readonly commitment: string
    readonly sequence: number
    readonly signature: string
  }): Promise<OrderNeighboursView | 'receipt_invalid' | undefined>

  /** The oldest batch to prove that nobody works on; undefined where there is none. */
  claimProving(
    prover: number,
    limits: { readonly sizeMax: number | undefined; readonly zones: readonly number[] | undefined },
  ): Promise<ProvingClaim | undefined>
  handInProof(proof: HandedInProof): Promise<ProofTaken>
  /** Oldest first. */
  provingQueue(): Promise<readonly ProvingQueueItem[]>

  /** Undefined where nothing was opened. */
  auditOpenings(zone: number, interval: number): Promise<AuditOpeningsView | undefined>
  auditReplay(zone: number, interval: number): Promise<AuditReplayView | undefined>
  auditInterval(zone: number, interval: number): Promise<AuditIntervalView | undefined>

  /** Queries about contracts between named parties. */
  readonly trading: TradingViews

  /** What stands behind the meters of homes. */
  readonly devices: DeviceService

  /** What accounts are told. */
  readonly notices: NoticeService
  readonly operator: OperatorViews

  /** Sums and figures of the whole market. */
  readonly measures: MeasureViews
  readonly meters: MeterViews
  readonly signatures: SignatureViews

  /** What shows that the books are whole. */
  readonly books: BookViews

  /** Who reads for an account without a key of it. */
  readonly access: AccessService

  /** People of companies, who sign in where they work. */
  readonly signIn: SignInService

  health(): HealthView

  /**
   * Calls `listener` with every event after it is durable, in order, from now on; returns what ends
   * it. A listener does not throw and does not block.
   */
  subscribe(listener: (event: StreamEvent) => void): () => void
}
