import type { Integer } from '../hash/index.ts'

/**
 * What is signed, by name of its EIP-712 struct. Field names and their order are the wire's, the
 * wallets' and the contract's: a change here is another market.
 *
 * 64-bit fields take numbers (as they stand in JSON) and bigints (as they stand in the core); both
 * give the same digest.
 */
export const structs = {
  Order: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'meter', type: 'uint32' },
    { name: 'interval', type: 'uint64' },
    { name: 'side', type: 'uint8' },
    { name: 'energyWh', type: 'uint64' },
    { name: 'limitMicrosPerKwh', type: 'int64' },
  ],
  SealedOrder: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'zone', type: 'uint32' },
    { name: 'interval', type: 'uint64' },
    { name: 'commitment', type: 'bytes32' },
    { name: 'collateralMicros', type: 'uint64' },
    { name: 'ciphertextHash', type: 'bytes32' },
  ],
  Receipt: [
    { name: 'commitment', type: 'bytes32' },
    { name: 'zone', type: 'uint32' },
    { name: 'interval', type: 'uint64' },
    { name: 'sequence', type: 'uint64' },
  ],
  Cancellation: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'order', type: 'bytes16' },
  ],
  Withdrawal: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'amountMicros', type: 'uint64' },
    { name: 'to', type: 'address' },
  ],
  Instruction: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'kind', type: 'string' },
    { name: 'content', type: 'string' },
  ],
  Contract: [
    { name: 'id', type: 'bytes16' },
    { name: 'seller', type: 'uint32' },
    { name: 'buyer', type: 'uint32' },
    { name: 'sellerMeter', type: 'uint32' },
    { name: 'buyerMeter', type: 'uint32' },
    { name: 'sellerRetailer', type: 'uint32' },
    { name: 'buyerRetailer', type: 'uint32' },
    { name: 'fromInterval', type: 'uint64' },
    { name: 'intervals', type: 'uint32' },
    { name: 'profile', type: 'string' },
    { name: 'priceMicrosPerKwh', type: 'int64' },
    { name: 'toleranceBasisPoints', type: 'uint32' },
    { name: 'penaltyBasisPoints', type: 'uint32' },
    { name: 'buyerShort', type: 'string' },
    { name: 'exitFee', type: 'string' },
    { name: 'rail', type: 'string' },
    { name: 'platform', type: 'uint32' },
    { name: 'platformFeeMicrosPerKwh', type: 'uint64' },
    { name: 'expiresAt', type: 'uint64' },
    { name: 'replaces', type: 'bytes32' },
  ],
  ReadingBatch: [
    { name: 'id', type: 'bytes16' },
    { name: 'gateway', type: 'uint32' },
    { name: 'root', type: 'bytes32' },
    { name: 'count', type: 'uint32' },
  ],
  KeyApproval: [
    { name: 'account', type: 'uint32' },
    { name: 'publicKey', type: 'string' },
  ],
  Access: [
    { name: 'account', type: 'uint32' },
    { name: 'until', type: 'uint64' },
  ],
  TradedEnergyAnswer: [
    { name: 'meter', type: 'uint32' },
    { name: 'fromInterval', type: 'uint64' },
    { name: 'count', type: 'uint32' },
    { name: 'secretHash', type: 'bytes32' },
    { name: 'answer', type: 'bytes32' },
    { name: 'sequence', type: 'uint64' },
  ],
  Webhook: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'url', type: 'string' },
    { name: 'after', type: 'uint64' },
    { name: 'issuedAt', type: 'uint64' },
  ],
  AccessGrant: [
    { name: 'id', type: 'bytes16' },
    { name: 'account', type: 'uint32' },
    { name: 'kind', type: 'string' },
    { name: 'subject', type: 'string' },
    { name: 'scopes', type: 'string' },
    { name: 'networks', type: 'string' },
    { name: 'label', type: 'string' },
    { name: 'until', type: 'uint64' },
    { name: 'issuedAt', type: 'uint64' },
  ],
  AccessRevocation: [
    { name: 'account', type: 'uint32' },
    { name: 'grant', type: 'bytes16' },
  ],
  Notice: [
    { name: 'account', type: 'uint32' },
    { name: 'sentAt', type: 'uint64' },
    { name: 'bodyHash', type: 'bytes32' },
  ],
  DeviceReadingBatch: [
    { name: 'id', type: 'bytes16' },
    { name: 'gateway', type: 'uint32' },
    { name: 'root', type: 'bytes32' },
    { name: 'count', type: 'uint32' },
  ],
} as const

export type StructName = keyof typeof structs

/** The side of an order as it is signed: an 8-bit integer. */
export const sideCodes = { buy: 0, sell: 1 } as const

/** An order to buy or sell `energyWh` in one interval at `limitMicrosPerKwh` or better. */
export type OrderMessage = {
  /** The client's 16 bytes: `0x` and 32 lower-case hex. */
  readonly id: string
  readonly account: number
  readonly meter: number
  readonly interval: Integer
  readonly side: keyof typeof sideCodes
  readonly energyWh: Integer
  readonly limitMicrosPerKwh: Integer
}

/**
 * An order that nobody can read before the gate: its commitment, and the most that it may cost. All
 * hashes are `0x` and 64 lower-case hex digits.
 */
export type SealedOrderMessage = {
  readonly id: string
  readonly account: number
  readonly zone: number
  readonly interval: Integer
  readonly commitment: string
  readonly collateralMicros: Integer
  /** Of the encrypted opening; zeros where the rulebook has orders revealed by their owners. */
  readonly ciphertextHash: string
}

/** What the exchange signs for a sealed order it took: the contract holds it to that. */
export type ReceiptMessage = {
  readonly commitment: string
  readonly zone: number
  readonly interval: Integer
  /** Its place in the journal. */
  readonly sequence: Integer
}

/** Takes back the order that was placed under the id `order`. */
export type CancellationMessage = {
  readonly id: string
  readonly account: number
  readonly order: string
}

/** Money out of the market, to an address (`0x` and 40 lower-case hex). */
export type WithdrawalMessage = {
  readonly id: string
  readonly account: number
  readonly amountMicros: Integer
  readonly to: string
}

/** A command of an authority or a retailer; `content` is the canonical JSON of its fields. */
export type InstructionMessage = {
  readonly id: string
  readonly account: number
  readonly kind: string
  readonly content: string
}

/**
 * What both parties of a trade sign. `profile` is the canonical JSON of the terms' profile,
 * `exitFee` its micros in decimal or `none`, and `platform` 0 where there is none.
 */
export type ContractMessage = {
  readonly id: string
  readonly seller: number
  readonly buyer: number
  readonly sellerMeter: number
  readonly buyerMeter: number
  readonly sellerRetailer: number
  readonly buyerRetailer: number
  readonly fromInterval: Integer
  readonly intervals: number
  readonly profile: string
  readonly priceMicrosPerKwh: Integer
  readonly toleranceBasisPoints: number
  readonly penaltyBasisPoints: number
  readonly buyerShort: string
  readonly exitFee: string
  readonly rail: string
  readonly platform: number
  readonly platformFeeMicrosPerKwh: Integer
  readonly expiresAt: Integer
  readonly replaces: string
}

/** What a gateway signs: `count` readings under one Merkle `root`. */
export type ReadingBatchMessage = {
  readonly id: string
  readonly gateway: number
  readonly root: string
  readonly count: number
}

/** The old key's word for the one that takes its place: a compressed key, `0x` and 66 hex. */
export type KeyApprovalMessage = { readonly account: number; readonly publicKey: string }

/** A credential for private reads, good until `until` (UTC milliseconds). */
export type AccessMessage = { readonly account: number; readonly until: Integer }

/**
 * What the exchange signs of a meter's traded energy in `count` intervals: two different answers of
 * the same state show that one of them is false.
 */
export type TradedEnergyAnswerMessage = {
  readonly meter: number
  readonly fromInterval: Integer
  readonly count: number
  /** Of the meter's secret, under which the meter's keys stand in the trees. */
  readonly secretHash: string
  /** The Merkle root over one statement for each interval. */
  readonly answer: string
  /** The place in the journal whose state was asked. */
  readonly sequence: Integer
}

/**
 * Where an account wants its notices brought, those after `after`, counted for the account; an
 * empty `url` ends it. Of two, the one that was issued later counts.
 */
export type WebhookMessage = {
  readonly id: string
  readonly account: number
  readonly url: string
  readonly after: Integer
  /** UTC milliseconds. */
  readonly issuedAt: Integer
}

/** What an account lets others read for it, and by what: see `grantMessage`. */
export type AccessGrantMessage = {
  readonly id: string
  readonly account: number
  readonly kind: string
  readonly subject: string
  /** Joined by commas, as networks are. */
  readonly scopes: string
  readonly networks: string
  readonly label: string
  /** UTC milliseconds, both. */
  readonly until: Integer
  readonly issuedAt: Integer
}

/** The end of a grant, for ever. */
export type AccessRevocationMessage = { readonly account: number; readonly grant: string }

/** What the exchange signs of a notice that it brings: whose it is, when, and which bytes. */
export type NoticeMessage = {
  readonly account: number
  /** UTC milliseconds. */
  readonly sentAt: Integer
  /** keccak-256 of the body. */
  readonly bodyHash: string
}

export type Messages = {
  readonly Order: OrderMessage
  readonly SealedOrder: SealedOrderMessage
  readonly Receipt: ReceiptMessage
  readonly Cancellation: CancellationMessage
  readonly Withdrawal: WithdrawalMessage
  readonly Instruction: InstructionMessage
  readonly Contract: ContractMessage
  readonly ReadingBatch: ReadingBatchMessage
  readonly KeyApproval: KeyApprovalMessage
  readonly Access: AccessMessage
  readonly TradedEnergyAnswer: TradedEnergyAnswerMessage
  readonly Webhook: WebhookMessage
  readonly AccessGrant: AccessGrantMessage
  readonly AccessRevocation: AccessRevocationMessage
  readonly Notice: NoticeMessage
  /** Of what a home's devices did: another type, so that no reading of a meter is one of these. */
  readonly DeviceReadingBatch: ReadingBatchMessage
}

/** As in `encodeType`: `Order(bytes16 id,uint32 account,…)`. */
export function structType(name: StructName): string {
  const fields = structs[name].map((field) => `${field.type} ${field.name}`)
  return `${name}(${fields.join(',')})`
}
