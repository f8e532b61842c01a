import {
  currentInterval,
  deliveryDay,
  joinCodesOf,
  joinDelaySeconds,
  leftOf,
  mandatesOf,
  type State,
} from '@busbar/core/exchange'
import type { Passkey } from '@busbar/core/registry'
import type { DeviceView, JoinCodeView, MandateView } from '../ports/key-views.ts'

/** What a desk is shown of a customer's passkey, and a lost one of another. */
export const deviceView = (passkey: Passkey): DeviceView => ({
  publicKey: passkey.publicKey,
  host: passkey.host,
  label: passkey.label,
  signsFromMs: passkey.signsFrom,
  registeredBy: passkey.registeredBy,
  registeredAtMs: passkey.at,
  askedBy: passkey.askedBy,
})

/** Undefined where no such code counts. `at`: the market's time. */
export function joinCodeView(
  state: State,
  at: number,
  account: number,
  publicKey: string,
): JoinCodeView | undefined {
  const code = joinCodesOf(state, at, account).find((one) => one.publicKey === publicKey)
  if (code === undefined) return undefined
  const waitMs = Math.max(
    code.signsFrom - at,
    joinDelaySeconds(state, account, code.issuedBy) * 1_000,
    0,
  )
  return { ...code, delaySeconds: Math.ceil(waitMs / 1_000) }
}

/** Those that count or are to, in the order in which they were granted. */
export function mandateViews(state: State, at: number, account: number): readonly MandateView[] {
  const today = deliveryDay(state, currentInterval(state, at))
  return mandatesOf(state, account)
    .filter(({ until }) => at < until)
    .map((mandate) => ({
      ...mandate,
      usedToday: mandate.used.get(today) ?? 0n,
      leftToday: leftOf(mandate, today),
    }))
}
