import type {
  DeviceReadingOutcome,
  DeviceSeries,
  SignedDeviceReadingBatch,
} from '@busbar/protocols/api'

/** What became of one batch. Accepted means that it is on disk. */
export type DeviceSubmission =
  | {
      readonly kind: 'accepted'
      readonly digest: string
      readonly outcomes: readonly DeviceReadingOutcome[]
    }
  | {
      readonly kind: 'rejected'
      readonly reason:
        | 'market_not_open' | 'gateway_unknown' | 'account_suspended' | 'signature_invalid'
      readonly field: string
    }

/** What stands behind the meters of homes, by what their gateways say. Settles nothing. */
export type DeviceService = {
  /** One answer for each, in order. */
  submit(batches: readonly SignedDeviceReadingBatch[]): Promise<readonly DeviceSubmission[]>
  /** Undefined where there is no such account. */
  series(account: number, from: number, intervals: number): Promise<DeviceSeries | undefined>
}
