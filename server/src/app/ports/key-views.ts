import type { JoinCode, Mandate } from '@busbar/core/registry'

/** With how long a passkey waits that it registers now. */
export type JoinCodeView = JoinCode & { readonly delaySeconds: number }

/** With what its orders for today, by UTC, come to, and what is left. */
export type MandateView = Mandate & {
  readonly usedToday: bigint
  readonly leftToday: bigint
}
