import type { Micros } from '@busbar/core/units'

/** Where the contracts are: what clients need to sign for this market and nobody else's. */
export type ChainDeployment = {
  readonly chainId: number
  readonly clearingHouse: `0x${string}`
  readonly participantRegistry: `0x${string}`
  readonly intervalLog: `0x${string}`
  readonly tradeHolds: `0x${string}`
  readonly accountKeys: `0x${string}`
  readonly clearingProofs: `0x${string}`
  /** The zero address: nothing can be proven in this market. */
  readonly clearingVerifier: `0x${string}`
  readonly fiatToken: `0x${string}`
  /** The first block that can hold anything of ours. */
  readonly fromBlock: number
}

/**
 * What the chain has to know of a rulebook. The same hash must always come with the same terms.
 *
 * `proofRequired` needs a deadline, and a deadline needs a sealed book: the chain refuses others.
 */
export type ChainTerms = {
  readonly sealedBook: boolean
  readonly proofRequired: boolean
  /** After the clearing. 0: none, which is what a book without proofs has. */
  readonly proofDeadlineSeconds: number
}

/** An order set as it is fixed at the gate. */
export type ChainOrders = {
  /** Of a sealed book the Poseidon2 root (`setRoot`), of an open one the keccak root. */
  readonly ordersRoot: string
  /** Void orders included. */
  readonly orderCount: number
  readonly rulebookHash: string
}

/** What an interval was cleared with. */
export type ChainClearing = {
  /** Micros per kWh; null where nothing was matched. */
  readonly price: bigint | null
  /** Watt-hours bought, and as many sold. */
  readonly energy: bigint
  readonly voidCount: number
  /** Of a sealed book the Poseidon2 root of the fill leaves, of an open one 32 zero bytes. */
  readonly fillsRoot: string
  /** The keccak root of price, energy and fills; of a sealed book also of the voids' reasons. */
  readonly clearingRoot: string
}

/** A passkey of an account: the compressed key, `0x` and 66 hex. */
export type ChainPasskey = { readonly account: number; readonly publicKey: string }

/** What must become true on the chain, in core types. One effect may need several transactions. */
export type ChainEffect =
  | {
      readonly kind: 'admit'
      readonly participants: readonly {
        readonly account: number
        readonly address: string
        readonly publicKey: string
      }[]
    }
  | { readonly kind: 'suspend' | 'reinstate'; readonly account: number }
  | {
      readonly kind: 'replace_key'
      readonly account: number
      readonly address: string
      readonly publicKey: string
    }
  /** The bank's money for accounts: minted against `reference` and deposited, once. */
  | {
      readonly kind: 'fund'
      /** 32 bytes, `0x` and 64 hex. */
      readonly reference: string
      readonly deposits: readonly { readonly account: number; readonly amount: Micros }[]
    }
  /**
   * At the gate, in every book. One call, `fix/zone/interval`. It also announces the rulebook's
   * terms where it is the first interval under it: nothing else has to be sent for a rulebook.
   */
  | ({
      readonly kind: 'fix_orders'
      readonly zone: number
      readonly interval: number
      readonly terms: ChainTerms
    } & ChainOrders)
  /** After `fix_orders`, and before any run. One call, `commit/zone/interval`. */
  | ({
      readonly kind: 'commit_clearing'
      readonly zone: number
      readonly interval: number
    } & ChainClearing)
  /**
   * A proof for what was fixed and cleared. One call, `prove/zone/interval`, last; before it
   * `prove-part/zone/interval/part` for each part of more than 4,096 orders. It fails where the
   * verifier refuses it, or the interval is faulty, and changes nothing where it was proven before.
   */
  | ({
      readonly kind: 'prove_clearing'
      readonly zone: number
      readonly interval: number
      /** For how many orders the circuit was made: at least `orderCount`. */
      readonly size: number
      /** 0x and hex. */
      readonly proof: string
    } & ChainOrders &
      ChainClearing)
  /**
   * Answers a demand for the place of an order in its set: see `openDemands`. One call,
   * `show/zone/interval/commitment`.
   */
  | ({
      readonly kind: 'show_order'
      readonly zone: number
      readonly interval: number
      readonly commitment: string
      /** In the whole set, from 0. */
      readonly position: number
      /** The 16 nodes of its group at each of the three levels, leaves first. */
      readonly groups: readonly (readonly string[])[]
      /** Of all parts, at least one. */
      readonly partRoots: readonly string[]
    } & ChainOrders)
  /** Says that a proof is overdue. One call, `flag/zone/interval`; it fails where it is not. */
  | { readonly kind: 'flag_overdue'; readonly zone: number; readonly interval: number }
  | {
      readonly kind: 'settle_run'
      readonly zone: number
      readonly interval: number
      readonly run: number
      /** By the interval's rulebook: then what is credited cannot leave before it is proven. */
      readonly isProofRequired: boolean
      readonly readingsRoot: string
      readonly postingsRoot: string
      /**
       * Sums to zero, ascending by account, no zeros. May be empty: then only roots are recorded.
       */
      readonly net: readonly { readonly account: number; readonly amount: Micros }[]
    }
  /**
   * What is held of accounts' money for their trades, in the place of what was. Lists are counted
   * from 1. One call, `hold/list`.
   */
  | {
      readonly kind: 'hold'
      readonly list: number
      readonly holds: readonly { readonly account: number; readonly amount: Micros }[]
    }
  | {
      readonly kind: 'withdraw'
      readonly id: string
      readonly account: number
      readonly amount: Micros
      readonly to: string
      readonly signature: string
    }

  /**
   * Lets a passkey send an account's money to its owner; or lets it not any more, for good. One
   * call each, `admit_passkey/account/publicKey` and `revoke_passkey/account/publicKey`.
   */
  | ({ readonly kind: 'admit_passkey'; readonly host: string } & ChainPasskey)
  | ({ readonly kind: 'revoke_passkey' } & ChainPasskey)
  /** Has a due request of the owner paid, which anybody may ask for. */
  | { readonly kind: 'claim'; readonly account: number; readonly reference: string }

/** One transaction to be sent, before it has a nonce. */
export type ChainCall = {
  /**
   * Made from what it is for: `settle/0/123/0/apply/2`. The same effect always gives the same ids.
   */
  readonly id: string
  readonly description: string
  readonly toAddress: string
  readonly calldata: string
}

/**
 * What moved money on the chain, or will, without a command to the exchange, and that the chain
 * will not take back any more.
 *
 * A deposit; an owner's request for money, payable from a time of the chain's own; what a request
 * was paid, or an owner that left. The last three may be zero.
 */
export type ChainMovement = {
  /**
   * `transaction hash:place`, counted among the deposits of the transaction for a deposit, among
   * all others of them for the rest: the same also where blocks were built again.
   */
  readonly reference: string
  readonly account: number
  readonly amount: Micros
} & (
  | { readonly kind: 'deposit' | 'payment' }
  /** `held`: what was held for the account's trades before, and cannot leave by the request. */
  | { readonly kind: 'request'; readonly claimableAtMs: number; readonly held: Micros }
)

/**
 * How far an interval is on the chain.
 *
 * - `fixed`: its order set stands. - `cleared`: price and fills stand too.
 * - `overdue`: cleared, and its proof did not come in time; it may still come.
 * - `proven`: the verifier accepted a proof.
 * - `reexecuted`: in place of a proof, the auditor found the clearing right.
 * - `faulty`: the operator was shown to have broken a rule. Final.
 */
export type ChainStatus = 'fixed' | 'cleared' | 'overdue' | 'proven' | 'reexecuted' | 'faulty'

/** What the chain says of one interval of one zone. Roots as `0x` and 64 hex. */
export type ChainInterval = ChainOrders & {
  readonly status: ChainStatus
  /** Null as long as it is only fixed. */
  readonly clearing: ChainClearing | null
  /** `clearing.clearingRoot`, or null. */
  readonly clearingRoot: string | null
  /** Milliseconds UTC by the chain's clock from which on it is overdue; null without a deadline. */
  readonly proofDueMs: number | null
  /** The transaction in which it became proven, re-executed or faulty. */
  readonly judgedIn: string | null
  readonly runs: readonly { readonly readingsRoot: string; readonly postingsRoot: string }[]
}

/**
 * Somebody with a receipt asks where its order is in the fixed set. Not shown in time, the interval
 * can be made faulty by anybody.
 */
export type ChainDemand = {
  readonly zone: number
  readonly interval: number
  readonly commitment: string
  /** Milliseconds UTC by the chain's clock. */
  readonly answerByMs: number
}

/** What somebody has brought before the auditor, who has not decided it. */
export type ChainDispute = {
  readonly zone: number
  readonly interval: number
  /** The order whose void is disputed; null for the clearing as a whole. */
  readonly commitment: string | null
  /** The address that opened it. */
  readonly by: string
  readonly reasonHash: string
}

export interface SettlementChain {
  readonly deployment: ChainDeployment
  /** `anvil, embedded` or the node's own words: for people. */
  readonly description: string

  /** Pure: the transactions for an effect, in the order in which they must be mined. */
  encode(effect: ChainEffect): readonly ChainCall[]

  /** Balances of accounts 0 … count − 1 as the ClearingHouse has them at its newest block. */
  balances(count: number): Promise<readonly bigint[]>

  /** What the newest block was told to hold of each of the accounts for its trades. */
  holds(accounts: readonly number[]): Promise<readonly bigint[]>

  /** By which passkeys the newest block pays, each with the Keccak-256 of its compressed key. */
  admittedPasskeys(): Promise<readonly { readonly account: number; readonly keyHash: string }[]>

  /** Tokens in circulation, and how many of them the ClearingHouse holds. */
  supply(): Promise<{ readonly total: bigint; readonly held: bigint }>

  /** As it finally is: confirmed. Undefined where nothing was fixed. */
  interval(zone: number, interval: number): Promise<ChainInterval | undefined>

  /** What still has to be answered, with `show_order`; a demand stays until it was. */
  openDemands(): Promise<readonly ChainDemand[]>

  /** What waits for the auditor. */
  openDisputes(): Promise<readonly ChainDispute[]>

  /**
   * Final movements after `fromBlock`, in the order of the chain, with the block up to which that
   * is all.
   */
  finalMovements(
    fromBlock: number,
  ): Promise<{ readonly throughBlock: number; readonly movements: readonly ChainMovement[] }>

  /** The time that the next block will have at least: what `claimableAtMs` is compared with. */
  timeMs(): Promise<number>

  /** Faults CHAIN_UNREACHABLE when the node does not answer. */
  health(): Promise<{ readonly block: number; readonly timestampMs: number }>

  close(): Promise<void>
}

/** Sends what is in the outbox until it is final. */
export interface OutboxSender {
  /** Something was enqueued; returns at once. */
  kick(): void
  /** Resolves when nothing unfinished is left. */
  drained(): Promise<void>
  /** Called after every item that became final; `feeWei` is what the chain took for it. */
  onFinal(
    listener: (id: string, txHash: string, gasUsed: number, feeWei: bigint) => void,
  ): void
  readonly pending: number
  close(): Promise<void>
}
