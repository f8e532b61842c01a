import type { WattHours } from '../units/index.ts'

/** Within what an agent's order must be. */
export type MandateLimits = {
  /** The agent's compressed secp256k1 key, `0x` and 66 hex: the mandate's name in the market. */
  readonly publicKey: string
  readonly meters: readonly number[]
  /** The most it may pay; null where it may not buy. */
  readonly buyMaxMicrosPerKwh: number | null
  /** The least it may take; null where it may not sell. */
  readonly sellMinMicrosPerKwh: number | null
  readonly orderEnergyMaxWh: number
}

/** What lets an account's own agent trade for it, until it ends or is revoked. */
export type Mandate = MandateLimits & {
  readonly account: number
  /** The most that its orders of one day of delivery (UTC) may come to, both sides together. */
  readonly dayEnergyMaxWh: number
  /** It signs from then on, UTC milliseconds. */
  readonly from: number
  /** It signs, and what it orders begins, before then. */
  readonly until: number
  /** 1 to 32 of a-z, 0-9 and -: by which its owner knows it. */
  readonly label: string
  /** The passkey that granted it; null for the registered key. It ends with that. */
  readonly grantedBy: string | null
  /** The journal entry that granted it, and its time. */
  readonly sequence: number
  readonly at: number
  /**
   * By day: what its orders come to. Of an open order its energy, of a sealed one the most that it
   * may hold, and of one that was cleared what it got.
   */
  readonly used: Map<number, WattHours>
}
