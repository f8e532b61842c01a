/** What stands behind the meters of homes, over an engine. */
import { deviceKinds } from '@busbar/protocols/device-readings'
import type {
  DeviceBook,
  DeviceKey,
  DeviceReadingKey,
  StoredDeviceReading,
} from '../../app/ports/devices.ts'
import { checkDeviceReadings } from './checks.ts'
import type { Row } from './engine.ts'
import { booleanOrNull, integer, integerOrNull, oneOf, text } from './rows.ts'
import { splitBySize } from './split.ts'
import type { StoreAccess } from './sql-notices.ts'
import type { Statements } from './statements.ts'

export class SqlDevices implements DeviceBook {
  readonly #access: StoreAccess
  readonly #statements: Statements

  constructor(access: StoreAccess, statements: Statements) {
    this.#access = access
    this.#statements = statements
  }

  async newest(devices: readonly DeviceKey[]): Promise<readonly StoredDeviceReading[]> {
    const rows = await this.#access.query(this.#statements.newestDeviceReadings(devices))
    return rows.map(storedReading)
  }

  async at(keys: readonly DeviceReadingKey[]): Promise<readonly StoredDeviceReading[]> {
    const rows = await this.#access.query(this.#statements.deviceReadingsAt(keys))
    return rows.map(storedReading)
  }

  async put(readings: readonly StoredDeviceReading[]): Promise<void> {
    checkDeviceReadings(readings)
    const parts = splitBySize(readings, () => bytesOfReading)
    await this.#access.write(parts.map(this.#statements.upsertDeviceReadings))
  }

  async list(
    account: number,
    from: number,
    through: number,
  ): Promise<readonly StoredDeviceReading[]> {
    const statement = this.#statements.listDeviceReadings(account, from, through)
    return (await this.#access.query(statement)).map(storedReading)
  }

  async removeBefore(boundary: number, limit: number): Promise<void> {
    await this.#access.write([this.#statements.deleteDeviceReadings(boundary, limit)])
  }
}

const bytesOfReading = 120

function storedReading(row: Row): StoredDeviceReading {
  return {
    account: integer(row, 'account'),
    device: integer(row, 'device'),
    kind: oneOf(text(row, 'kind'), deviceKinds, 'kind'),
    boundary: integer(row, 'boundary'),
    version: integer(row, 'version'),
    inWh: integer(row, 'in_wh'),
    outWh: integer(row, 'out_wh'),
    chargeBasisPoints: integerOrNull(row, 'charge_basis_points'),
    isPluggedIn: booleanOrNull(row, 'is_plugged_in'),
  }
}
