import type { Role } from '../registry/index.ts'
import type {
  TradeCommand,
  TradeInstructionContent,
  TradeSystemCommand,
} from './trading/trade-command.ts'

/**
 * Everything that can be asked of the exchange, as it stands in the journal: plain JSON, integers
 * as numbers, ids and signatures as `0x` hex. Signatures were checked before a command gets here;
 * they stay in it so that anybody can check them again.
 */
export type Command =
  | MarketCommand
  | InstructionCommand
  | ParticipantCommand
  | RevealOrder
  | SystemCommand

/** A client's 16-byte id, `0x` and 32 lower-case hex. */
export type CommandId = string

export type Signed = {
  readonly id: CommandId
  /** Who asks, and whose registered key or passkey signed. */
  readonly account: number
  /** EIP-712 digest of what was signed, `0x` and 64 hex: what "same content" means for an id. */
  readonly digest: string
  readonly signature: string
}

/** The first entry of every journal. */
export type MarketCommand = {
  readonly kind: 'open_market'
  /** 1 to 32 of a-z, 0-9 and -. */
  readonly market: string
  readonly rulebook: unknown
  /**
   * 32 secret bytes, `0x` and 64 hex, that blind what the chain commits to: without them nobody can
   * guess a household's energy from a root. They are in the journal, which is not public.
   */
  readonly salt?: string
  /** Admitted first, as account 3: operator and admitting authority. */
  readonly operator: NewParticipant
}

export type NewParticipant = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly address: string
  readonly publicKey: string
  readonly retailer: number | null
}

export type NewMeter = {
  readonly name: string
  readonly kind: 'physical' | 'virtual'
  readonly account: number
  readonly zone: number
  readonly gateway: number | null
  readonly importWattsMax: number
  readonly exportWattsMax: number
  readonly digits: number
}

/** The contents of an instruction, by kind: what its signer signs as canonical JSON. */
export type InstructionContent = TradeInstructionContent & {
  readonly admit_participant: NewParticipant
  /** `reason`: 1 to 200 characters, for other authorities to read. No personal data. */
  readonly suspend_participant: { readonly participant: number; readonly reason?: string }
  readonly reinstate_participant: { readonly participant: number; readonly reason?: string }
  readonly replace_key: {
    readonly participant: number
    readonly address: string
    readonly publicKey: string
    /**
     * The old key's signature over the new one, if it approves: then the new one trades at once.
     */
    readonly approval?: string
  }
  /** A further key of the account, that lives in a device; see `Passkey`. */
  readonly register_passkey: {
    readonly participant: number
    readonly publicKey: string
    readonly credentialId: string
    readonly host: string
    readonly label: string
  }
  /** Of whoever has it; see `Passkey.publicKey`. */
  readonly revoke_passkey: { readonly publicKey: string }
  /** Whose private half registers one passkey for the participant; see `JoinCode`. */
  readonly issue_join_code: {
    readonly participant: number
    readonly publicKey: string
    readonly host: string
    readonly untilMs: number
  }
  readonly revoke_join_code: { readonly participant: number; readonly publicKey: string }
  /** Lets the account's own agent trade within these limits; see `Mandate`. */
  readonly grant_mandate: {
    readonly publicKey: string
    readonly meters: readonly number[]
    readonly buyMaxMicrosPerKwh: number | null
    readonly sellMinMicrosPerKwh: number | null
    readonly orderEnergyMaxWh: number
    readonly dayEnergyMaxWh: number
    readonly fromMs: number
    readonly untilMs: number
    readonly label: string
  }
  /** Of whoever granted it. */
  readonly revoke_mandate: { readonly publicKey: string }
  readonly register_zone: {
    readonly name: string
    readonly parent: number | null
    readonly bridgeWatts: number
  }
  readonly register_gateway: {
    readonly name: string
    readonly curve: 'secp256k1' | 'p256'
    readonly publicKey: string
    readonly owner: number
  }
  readonly register_meter: NewMeter
  /** At `boundary` the old registers stood at `final…`; the new device begins at `initial…`. */
  readonly replace_meter: {
    readonly meter: number
    readonly boundary: number
    readonly finalImportWh: number
    readonly finalExportWh: number
    readonly initialImportWh: number
    readonly initialExportWh: number
    readonly digits: number
  }
  readonly set_tariff: {
    readonly fromInterval: number
    readonly retailMicrosPerKwh: number
    readonly feedInMicrosPerKwh: number
  }
  /** Money that the bank holds for these accounts, to be deposited on the chain. */
  readonly fund_accounts: {
    readonly deposits: readonly { readonly account: number; readonly amountMicros: number }[]
  }
  readonly schedule_rulebook: { readonly fromInterval: number; readonly rulebook: unknown }
  /** Who opens the sealed orders of the intervals from `fromInterval` on. */
  readonly appoint_committee: {
    readonly fromInterval: number
    /** A point of BLS12-381 G1, compressed: `0x` and 96 hex. Orders are encrypted to it. */
    readonly publicKey: string
    /** So many members together can open an interval, fewer cannot. */
    readonly threshold: number
    readonly members: readonly CommitteeMember[]
  }
  /** A second person's word for what an authority has proposed: then it takes effect. */
  readonly approve_proposal: ProposalNamed
  /** An authority's word against it, its proposer's own as well. */
  readonly refuse_proposal: ProposalNamed & { readonly reason: string }
}

/** A proposal by its number, and what it proposes by the digest that was signed. */
export type ProposalNamed = { readonly proposal: number; readonly digest: string }

export type CommitteeMember = {
  /** From 1: where the member's share lies. */
  readonly index: number
  readonly name: string
  /** As `publicKey`: what the member's share of a signature is checked against. */
  readonly verificationKey: string
}

export type InstructionKind = keyof InstructionContent

/** A command of an authority, a retailer or a utility. */
export type InstructionCommand = {
  readonly [Kind in InstructionKind]: Signed & {
    readonly kind: Kind
    readonly content: InstructionContent[Kind]
  }
}[InstructionKind]

export type PlaceOrder = Signed & {
  readonly kind: 'place_order'
  readonly meter: number
  readonly interval: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
}

/** An order of which nobody but its owner knows more than this before the gate. */
export type PlaceSealedOrder = Signed & {
  readonly kind: 'place_sealed_order'
  readonly zone: number
  readonly interval: number
  /** A field element of BN254, `0x` and 64 hex. */
  readonly commitment: string
  /** What the order can cost at most, by its owner's word. Held back like any collateral. */
  readonly collateralMicros: number
  /** `0x` and 242 hex, for the committee of the interval; empty where owners reveal. */
  readonly ciphertext: string
}

/** What stands behind a commitment. */
export type Opening = {
  readonly account: number
  readonly meter: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
  /** 32 random bytes, `0x` and 64 hex. */
  readonly salt: string
}

/** Opens one's own order after the gate. Unsigned: only its owner can know what it committed to. */
export type RevealOrder = {
  readonly kind: 'reveal_order'
  readonly zone: number
  readonly interval: number
  readonly commitment: string
  readonly opening: Opening
}

export type CancelOrder = Signed & {
  readonly kind: 'cancel_order'
  /** The id under which the order was placed. */
  readonly order: CommandId
}

export type Withdraw = Signed & {
  readonly kind: 'withdraw'
  readonly amountMicros: number
  readonly to: string
}

export type ReadingItem = {
  readonly meter: number
  /** The start of this interval is the moment at which the registers were read. */
  readonly boundary: number
  /** 0 at first; a correction carries a higher one. */
  readonly version: number
  readonly importWh: number
  readonly exportWh: number
}

export type SubmitReadings = {
  readonly kind: 'submit_readings'
  readonly id: CommandId
  readonly gateway: number
  readonly readings: readonly ReadingItem[]
  /**
   * 32 bytes that salt the leaves, `0x` and 64 hex: with it one reading can be shown to its owner
   * without telling of the others. Without it the leaves are the readings alone.
   */
  readonly blind?: string
  /** Merkle root over the readings' leaves: what the gateway signed, with id and count. */
  readonly root: string
  readonly digest: string
  readonly signature: string
}

export type ParticipantCommand =
  | PlaceOrder
  | PlaceSealedOrder
  | CancelOrder
  | Withdraw
  | SubmitReadings
  | TradeCommand

/** Issued by the server itself, from the clock and from what it sees on the chain. */
export type SystemCommand =
  | TradeSystemCommand
  | {
      readonly kind: 'record_deposit'
      /** Transaction hash and log index: what makes a deposit count once. */
      readonly reference: string
      readonly account: number
      readonly amountMicros: number
    }
  /**
   * The owner asked the chain for money without the exchange; replaces its earlier request. Zero
   * takes that back.
   */
  | {
      readonly kind: 'record_withdrawal_request'
      readonly reference: string
      readonly account: number
      readonly amountMicros: number
      /** What the chain held for the account's trades when it was asked; nothing if absent. */
      readonly heldMicros?: number
    }
  /** The time of a request comes near, or has come: the exchange then has the chain pay it. */
  | {
      readonly kind: 'advance_withdrawal_request'
      /** Of the request. */
      readonly reference: string
      readonly account: number
      readonly stage: 'near' | 'due'
    }
  /** The chain has paid a request, or an owner has left. May be zero. Ends the request. */
  | {
      readonly kind: 'record_chain_withdrawal'
      readonly reference: string
      readonly account: number
      readonly amountMicros: number
    }
  /** An account has signed what stands in no journal: a credential, a grant, a webhook. */
  | { readonly kind: 'record_word'; readonly account: number }
  /** Fixes the order set of an interval, in all zones, and clears it where the book is open. */
  | { readonly kind: 'close_gate'; readonly interval: number }
  /** Opens the sealed orders of an interval and clears it. */
  | {
      readonly kind: 'open_orders'
      readonly zone: number
      readonly interval: number
      /**
       * One for each commitment of the set, ascending; null for what does not open, and for what is
       * void already. Empty where owners have revealed their orders.
       */
      readonly openings: readonly (Opening | null)[]
      /** The committee's joint signature on the interval's label; empty where owners reveal. */
      readonly evidence: string
    }
  /** What the chain says of a clearing's proof. */
  | {
      readonly kind: 'record_proof'
      readonly zone: number
      readonly interval: number
      readonly state: 'proven' | 'faulty' | 'overdue'
      /** Where it says so: a transaction and its log. */
      readonly reference: string
    }
  /** Posts the next run of an interval: the provisional one, a correction, or the final one. */
  | { readonly kind: 'settle_interval'; readonly interval: number; readonly zone: number }

/** A command with its place in the journal. `at` is the time of acceptance, UTC milliseconds. */
export type Envelope = {
  readonly sequence: number
  readonly at: number
  readonly command: Command
}
