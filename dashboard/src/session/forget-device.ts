import { forgetReadMark } from '../notices/read-mark.ts'
import { forgetChosen } from './chosen-account.ts'
import { forgetAccount } from './known-passkeys.ts'

/** Where a browser keeps what belongs to an account. */
export type DeviceKeepers = {
  readonly orders: {
    readonly forgetAll: (market: string, account: number) => Promise<void>
  }
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

/**
 * Takes away all that this browser keeps of an account, and nothing of another: what opens its
 * orders, its passkeys' names, what it has read. The passkey itself lies in the device, which only
 * its own settings take it out of.
 *
 * Rejects where the orders cannot be taken away; then nothing else was.
 */
export async function forgetDevice(
  { orders, storage }: DeviceKeepers,
  market: string,
  account: number,
): Promise<void> {
  await orders.forgetAll(market, account)
  forgetReadMark(storage, market, account)
  forgetAccount(storage, market, account)
  forgetChosen(storage, market, account)
}
