import type { DeviceReadingOutcome, DeviceSeries } from '@busbar/protocols/api'
import type { DeviceService } from '../../app/ports/device-service.ts'

/* Devices of one home, fixed: what the routes must carry over. */

export const series: DeviceSeries = {
  ...{ account: 4, interval: [100, 101] },
  devices: [
    {
      ...{ device: 0, kind: 'solar', lastBoundary: 102, lastChargeBasisPoints: null },
      ...{ isPluggedIn: null, inWh: [0, 0], outWh: [120, 90], chargeBasisPoints: [null, null] },
    },
    {
      ...{ device: 1, kind: 'car_charger', lastBoundary: 101, lastChargeBasisPoints: 4_200 },
      ...{ isPluggedIn: false, inWh: [80, null], outWh: [0, null] },
      chargeBasisPoints: [4_200, null],
    },
  ],
}

/** What a batch from gateway 9 is refused for, and all others are taken. */
export const devices: DeviceService = {
  async submit(batches) {
    return batches.map(({ gateway, readings }) =>
      gateway === 9
        ? { kind: 'rejected', reason: 'gateway_unknown', field: 'gateway' }
        : {
            ...{ kind: 'accepted', digest: `0x${'d1'.repeat(32)}` },
            outcomes: readings.map((): DeviceReadingOutcome => 'counted'),
          },
    )
  },
  async series(account) {
    return account > 20 ? undefined : { ...series, account }
  },
}
