import type { JoinCode, LostPasskey, Mandate } from '@busbar/core/registry'

/** With how long a passkey waits that it registers now. */
export type JoinCodeView = JoinCode & { readonly delaySeconds: number }

/** With what its orders for today, by UTC, come to, and what is left. */
export type MandateView = Mandate & {
  readonly usedToday: bigint
  readonly leftToday: bigint
}

/** A passkey, for whoever knows it by its name alone, as a desk does. */
export type DeviceView = {
  readonly publicKey: string
  readonly host: string
  readonly label: string
  readonly signsFromMs: number
  readonly registeredBy: number
  readonly registeredAtMs: number
  /** See `Passkey`. */
  readonly askedBy: string | null
}

/** What a passkey that the desk was told is lost may object to, and until when. */
export type ObjectionView = {
  readonly passkey: LostPasskey
  /** Null while an authority is to decide. */
  readonly until: number | null
  readonly passkeys: readonly DeviceView[]
  readonly joinCodes: readonly JoinCode[]
}
