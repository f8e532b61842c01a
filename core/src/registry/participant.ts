import type { MicrosPerKwh } from '../units/index.ts'

/** What a participant may do. One participant may have several roles. */
export const roles = [
  'operator',
  'authority',
  'prosumer',
  'trader',
  'retailer',
  'aggregator',
  'distribution-utility',
  'balancing-authority',
  'bank',
  'auditor',
  // Last: makes the proofs of clearings, for which it is shown the opened orders.
  'prover',
] as const

export type Role = (typeof roles)[number]

/** Accounts of the exchange itself. Participants follow, in the order of their admission. */
export const systemAccounts = { rounding: 0, fees: 1, guarantee: 2 } as const

export const firstParticipantAccount = 3

/** What one retailer charges and pays for what its customers did not trade. */
export type Tariff = {
  /** A customer pays this for energy it takes. */
  readonly retail: MicrosPerKwh
  /** A customer receives this for energy it feeds in. */
  readonly feedIn: MicrosPerKwh
}

export type Participant = {
  readonly account: number
  /** 1 to 32 of a-z, 0-9 and -, unique in the market. A pseudonym: no personal data. */
  readonly name: string
  readonly roles: readonly Role[]
  /** `0x` and 40 hex: where withdrawals may go, and who acts on the chain. */
  readonly address: string
  /** Compressed secp256k1 key, `0x` and 66 hex. */
  readonly publicKey: string
  /** The account that supplies what is not traded and stands in for arrears; null for companies. */
  readonly retailer: number | null
  readonly status: 'active' | 'suspended'
}

export type Gateway = {
  readonly gateway: number
  readonly name: string
  readonly curve: 'secp256k1' | 'p256'
  /** Compressed, `0x` and 66 hex. */
  readonly publicKey: string
  /** Whose gateway it is; a suspended owner's batches are refused. */
  readonly owner: number
}

export type Zone = {
  readonly zone: number
  readonly name: string
  /** The zone above, joined by a bridge; null for the root. */
  readonly parent: number | null
  /** What the bridge to the parent can carry; 0 for the root. */
  readonly bridgeWatts: number
}

export type Meter = {
  readonly meter: number
  readonly name: string
  /** Virtual meters (a retailer's, a trader's) deliver what they contract, by definition. */
  readonly kind: 'physical' | 'virtual'
  readonly account: number
  readonly zone: number
  /** Whose signature its readings need; null for virtual meters. */
  readonly gateway: number | null
  readonly importWattsMax: number
  readonly exportWattsMax: number
  /** Registers count from 0 to 10^digits − 1 watt-hours and then begin again. */
  readonly digits: number
}
