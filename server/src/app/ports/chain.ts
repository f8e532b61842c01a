import type { Micros } from '@busbar/core/units'

/** Where the contracts are: what clients need to sign for this market and nobody else's. */
export type ChainDeployment = {
  readonly chainId: number
  readonly clearingHouse: `0x${string}`
  readonly participantRegistry: `0x${string}`
  readonly intervalLog: `0x${string}`
  readonly fiatToken: `0x${string}`
  /** The first block that can hold anything of ours. */
  readonly fromBlock: number
}

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
  | {
      readonly kind: 'commit_clearing'
      readonly zone: number
      readonly interval: number
      readonly ordersRoot: string
      readonly clearingRoot: string
      readonly rulebookHash: string
    }
  | {
      readonly kind: 'settle_run'
      readonly zone: number
      readonly interval: number
      readonly run: number
      readonly readingsRoot: string
      readonly postingsRoot: string
      /**
       * Sums to zero, ascending by account, no zeros. May be empty: then only roots are recorded.
       */
      readonly net: readonly { readonly account: number; readonly amount: Micros }[]
    }
  | {
      readonly kind: 'withdraw'
      readonly id: string
      readonly account: number
      readonly amount: Micros
      readonly to: string
      readonly signature: string
    }

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
  | { readonly kind: 'request'; readonly claimableAtMs: number }
)

/** What the chain says of one interval of one zone. Roots as `0x` and 64 hex. */
export type ChainInterval = {
  readonly ordersRoot: string
  readonly clearingRoot: string
  readonly rulebookHash: string
  readonly runs: readonly { readonly readingsRoot: string; readonly postingsRoot: string }[]
}

export interface SettlementChain {
  readonly deployment: ChainDeployment
  /** `anvil, embedded` or the node's own words: for people. */
  readonly description: string

  /** Pure: the transactions for an effect, in the order in which they must be mined. */
  encode(effect: ChainEffect): readonly ChainCall[]

  /** Balances of accounts 0 … count − 1 as the ClearingHouse has them at its newest block. */
  balances(count: number): Promise<readonly bigint[]>

  /** Tokens in circulation, and how many of them the ClearingHouse holds. */
  supply(): Promise<{ readonly total: bigint; readonly held: bigint }>

  /** Undefined where nothing was committed. */
  interval(zone: number, interval: number): Promise<ChainInterval | undefined>

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
  /** Called after every item that became final. */
  onFinal(listener: (id: string, txHash: string, gasUsed: number) => void): void
  readonly pending: number
  close(): Promise<void>
}
