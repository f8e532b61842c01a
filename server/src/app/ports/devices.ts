import type { DeviceReadingItem } from '@busbar/protocols/api'

/** What a device said of itself, as it is kept. */
export type StoredDeviceReading = DeviceReadingItem

/** One device of one account. */
export type DeviceKey = Pick<StoredDeviceReading, 'account' | 'device'>
export type DeviceReadingKey = DeviceKey & Pick<StoredDeviceReading, 'boundary'>

/**
 * What stands behind the meters of homes. Apart from the journal: nothing follows from it, and what
 * is old is removed. Each promise resolves when it is on disk.
 */
export interface DeviceBook {
  /** Of each of these devices the newest reading that is kept; those without one are left out. */
  newest(devices: readonly DeviceKey[]): Promise<readonly StoredDeviceReading[]>

  /** In no order. */
  at(keys: readonly DeviceReadingKey[]): Promise<readonly StoredDeviceReading[]>

  /**
   * In the place of earlier versions; of one boundary the highest version stays. Each key once.
   * Faults: DEVICE_READING_INVALID.
   */
  put(readings: readonly StoredDeviceReading[]): Promise<void>

  /** Of one account from a boundary through another, ascending by device and boundary. */
  list(account: number, from: number, through: number): Promise<readonly StoredDeviceReading[]>

  /** Removes at most so many of those before a boundary, the oldest first. */
  removeBefore(boundary: number, limit: number): Promise<void>
}
