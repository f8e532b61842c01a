/** Devices of homes, in memory: the promise of the port in the plainest way. */
import { deviceKey, readingKey } from '../app/devices/device-judge.ts'
import type {
  DeviceBook,
  DeviceKey,
  DeviceReadingKey,
  StoredDeviceReading,
} from '../app/ports/devices.ts'

const order = (a: StoredDeviceReading, b: StoredDeviceReading): number =>
  a.account - b.account || a.device - b.device || a.boundary - b.boundary

export class MemoryDevices implements DeviceBook {
  readonly kept = new Map<string, StoredDeviceReading>()

  async newest(devices: readonly DeviceKey[]): Promise<readonly StoredDeviceReading[]> {
    return devices.flatMap((device) => {
      const own = [...this.kept.values()].filter((one) => deviceKey(one) === deviceKey(device))
      return own.sort(order).at(-1) ?? []
    })
  }

  async at(keys: readonly DeviceReadingKey[]): Promise<readonly StoredDeviceReading[]> {
    return keys.flatMap((key) => this.kept.get(readingKey(key)) ?? [])
  }

  async put(readings: readonly StoredDeviceReading[]): Promise<void> {
    for (const reading of readings) {
      const known = this.kept.get(readingKey(reading))
      if (known === undefined || known.version < reading.version) {
        this.kept.set(readingKey(reading), reading)
      }
    }
  }

  async list(
    account: number,
    from: number,
    through: number,
  ): Promise<readonly StoredDeviceReading[]> {
    return [...this.kept.values()]
      .filter((one) => one.account === account)
      .filter(({ boundary }) => boundary >= from && boundary <= through)
      .sort(order)
  }

  async removeBefore(boundary: number, limit: number): Promise<void> {
    const old = [...this.kept.values()].filter((one) => one.boundary < boundary)
    old.sort((a, b) => a.boundary - b.boundary || order(a, b))
    for (const one of old.slice(0, limit)) this.kept.delete(readingKey(one))
  }
}
