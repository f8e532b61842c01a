import { type DeviceReadingOutcome } from '@busbar/protocols/api'
import { hasCharge } from '@busbar/protocols/device-readings'
import type { DeviceKey, DeviceReadingKey, StoredDeviceReading } from '../ports/devices.ts'

/** What a reading is judged by. */
export type DeviceTerms = {
  /** The accounts that the gateway reads a meter of. */
  readonly accounts: ReadonlySet<number>
  /** The first and the last boundary that may be told of. */
  readonly from: number
  readonly through: number
}

export const deviceKey = ({ account, device }: DeviceKey): string => `${account}/${device}`
export const readingKey = ({ account, device, boundary }: DeviceReadingKey): string =>
  `${account}/${device}/${boundary}`

/** What is known of devices while readings are taken: what is kept, and what is about to be. */
export class KnownDevices {
  readonly #kinds: Map<string, StoredDeviceReading['kind']>
  readonly #readings: Map<string, StoredDeviceReading>
  readonly #taken = new Map<string, StoredDeviceReading>()

  constructor(newest: readonly StoredDeviceReading[], kept: readonly StoredDeviceReading[]) {
    this.#kinds = new Map(newest.map((one) => [deviceKey(one), one.kind]))
    this.#readings = new Map(kept.map((one) => [readingKey(one), one]))
  }

  /** What is new of all that was judged. */
  taken(): readonly StoredDeviceReading[] {
    return [...this.#taken.values()]
  }

  judge(reading: StoredDeviceReading, terms: DeviceTerms): DeviceReadingOutcome {
    const outcome = this.#outcomeOf(reading, terms)
    if (outcome !== 'counted') return outcome
    this.#kinds.set(deviceKey(reading), reading.kind)
    this.#readings.set(readingKey(reading), reading)
    this.#taken.set(readingKey(reading), reading)
    return outcome
  }

  #outcomeOf(reading: StoredDeviceReading, terms: DeviceTerms): DeviceReadingOutcome {
    const { account, kind, boundary, version } = reading
    // An account that there is not is one that the gateway does not read: it learns no more.
    if (!terms.accounts.has(account)) return 'gateway_foreign'
    if (boundary > terms.through) return 'too_early'
    if (boundary < terms.from) return 'too_late'
    if (reading.chargeBasisPoints !== null && !hasCharge(kind)) return 'charge_unexpected'
    if (reading.isPluggedIn !== null && kind !== 'car_charger') return 'charge_unexpected'
    if ((this.#kinds.get(deviceKey(reading)) ?? kind) !== kind) return 'kind_differs'
    const known = this.#readings.get(readingKey(reading))
    if (known === undefined || known.version < version) return 'counted'
    if (known.version > version) return 'superseded'
    return saysTheSame(known, reading) ? 'duplicate' : 'conflicting'
  }
}

const said = ['inWh', 'outWh', 'chargeBasisPoints', 'isPluggedIn'] as const

const saysTheSame = (one: StoredDeviceReading, other: StoredDeviceReading): boolean =>
  said.every((field) => one[field] === other[field])
