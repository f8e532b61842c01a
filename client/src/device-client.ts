import {
  type DeviceReadingsItemResult,
  type DeviceSeries,
  routes,
  type SignedDeviceReadingBatch,
} from '@busbar/protocols/api'
import type { Accepted, CallOptions, Calls } from './calls.ts'
import { fill, withQuery } from './requests.ts'

/** What stands behind the meters of homes: `client.devices`. */
export class DeviceClient {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** For the owner of the account alone, and whom its grants let read. */
  series(
    account: number,
    query: { readonly from: number; readonly intervals: number },
    options?: CallOptions,
  ): Promise<DeviceSeries> {
    const path = fill(routes.deviceSeries.path, { account })
    return this.#calls.getPrivate<DeviceSeries>(withQuery(path, query), options)
  }

  /** One result for each batch, in order; see `GatewaySigner.deviceReadings`. */
  submit(
    batches: readonly SignedDeviceReadingBatch[],
    options?: CallOptions,
  ): Promise<DeviceReadingsItemResult[]> {
    const { path } = routes.submitDeviceReadings
    return this.#calls.submit<DeviceReadingsItemResult>(path, 'batches', batches, options)
  }

  send(
    batch: SignedDeviceReadingBatch,
    options?: CallOptions,
  ): Promise<Accepted<DeviceReadingsItemResult>> {
    const { path } = routes.submitDeviceReadings
    return this.#calls.one<DeviceReadingsItemResult>(path, 'batches', batch, options)
  }
}
