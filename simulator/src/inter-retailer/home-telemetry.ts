import type { BusbarClient } from '@busbar/client'
import { createTelemetry } from '../devices/index.ts'
import { submitDeviceReadings } from '../run/http-exchange.ts'
import { type Cast, gatewayOf, retailers } from './cast.ts'
import type { Homes } from './homes.ts'
import { gatewayKey, type Numbers } from './set-up.ts'

/** No home has a battery here, and nothing of the sun is left unused. */
const flow = { curtailedWh: 0, chargedWh: 0, dischargedWh: 0 }

export type HomeTelemetry = {
  /** Says what devices show at boundary `n` of the run, before the meters are read. */
  readonly send: (n: number, isSilent: boolean) => Promise<void>
}

/** What the devices of homes say of themselves, by the gateways of their retailers. */
export function homeTelemetry(of: {
  readonly client: BusbarClient
  readonly seed: number
  readonly homes: Homes
  readonly cast: Cast
  readonly numbers: Numbers
}): HomeTelemetry {
  const { client, seed, homes, cast, numbers } = of
  const { startMs, intervalMs, names, hasPanels, pvWh, outWh } = homes
  const loadWh = outWh.map((flows, home) =>
    flows.map((out, n) => (pvWh[home]?.[n] ?? 0) - out))
  const telemetry = createTelemetry({
    ...{ seed, first: cast.first },
    district: {
      ...{ startMs, intervalMs, series: { loadWh, pvWh } },
      sites: names.map((name, i) => ({ name, pvWp: hasPanels[i] ? 1 : 0, batteryWh: 0 })),
    },
    gateways: retailers.map((retailer) => ({
      name: gatewayOf(retailer),
      key: gatewayKey(seed, retailer),
      sites: cast.homes.flatMap((home, i) => (home.retailer === retailer ? [i] : [])),
    })),
    numbers: {
      domain: numbers.domain,
      accounts: new Map(names.map((name) => [name, numbers.account(name)])),
      gateways: new Map(retailers.map((one) => [gatewayOf(one), numbers.gateway(one)])),
    },
    exchange: { submitDeviceReadings: (batches) => submitDeviceReadings(client, batches) },
  })
  return {
    async send(n, isSilent) {
      if (n > homes.intervals) return
      if (n > 0) telemetry.count(n - 1, names.map(() => flow), [])
      await telemetry.send(n, isSilent)
    },
  }
}
