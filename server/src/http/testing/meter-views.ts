import type { MeterItem } from '@busbar/protocols/api'
import type { MeterViews } from '../../app/ports/meters.ts'

/* Fixed meters with every field filled: what the routes must carry over. */

const hex = (byte: string, count: number): string => `0x${byte.repeat(count)}`

const physical: MeterItem = {
  ...{ meter: 0, name: 'alice', kind: 'physical', flows: 'both', account: 4, owner: 'alice' },
  ...{ retailer: 3, zone: 0, utility: 6 },
  gateway: {
    ...{ gateway: 0, name: 'street', form: 'signed-batch/p256', owner: 6 },
    publicKey: hex('02', 33),
  },
  ...{ importWattsMax: 12_000, exportWattsMax: 9_000, digits: 9, standing: 'replaced' },
  ...{ fromInterval: 90, deviceFrom: 95 },
  lastReading: { boundary: 119, atMs: 35_700_000, version: 1, ageIntervals: 1 },
  window: { intervals: 29, interpolated: 2, repeated: 1, absent: 0 },
}

const virtual: MeterItem = {
  ...{ meter: 1, name: 'trader', kind: 'virtual', flows: null, account: 5, owner: 'bob' },
  ...{ retailer: null, zone: 0, utility: null, gateway: null, importWattsMax: 0 },
  ...{ exportWattsMax: 0, digits: 9, standing: 'in_force', fromInterval: 90, deviceFrom: null },
  ...{ lastReading: null, window: null },
}

export const meters: MeterViews = {
  list: ({ account, roles }, { kind }) => {
    const isForAll = roles.includes('operator') || roles.includes('auditor')
    const shown = [physical, virtual].filter(
      (one) => (isForAll || one.account === account) && (kind === undefined || one.kind === kind),
    )
    return { meters: shown, nextFrom: null }
  },
}
