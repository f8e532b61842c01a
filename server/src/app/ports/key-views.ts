import type { JoinCode } from '@busbar/core/registry'

/** With how long a passkey waits that it registers now. */
export type JoinCodeView = JoinCode & { readonly delaySeconds: number }
