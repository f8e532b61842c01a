/** The statements about the devices of homes, once, for both engines. */
import type { DeviceKey, DeviceReadingKey, StoredDeviceReading } from '../../app/ports/devices.ts'
import type { Statement } from './engine.ts'

const columns =
  'account, device, boundary, kind, version, in_wh, out_wh, charge_basis_points, is_plugged_in'

const all = (prefix: string): string =>
  columns.split(', ').map((column) => `${prefix}.${column}`).join(', ')

export const deviceStatements = (schema: string) => ({
  newestDeviceReadings: (devices: readonly DeviceKey[]): Statement => ({
    sql: `select ${all('r')} from unnest($1::bigint[], $2::bigint[]) as k (account, device)
      cross join lateral (select * from ${schema}.device_reading
        where account = k.account and device = k.device order by boundary desc limit 1) r`,
    parameters: [devices.map(({ account }) => account), devices.map(({ device }) => device)],
  }),

  deviceReadingsAt: (keys: readonly DeviceReadingKey[]): Statement => ({
    sql: `select ${all('r')}
      from unnest($1::bigint[], $2::bigint[], $3::bigint[]) as k (account, device, boundary)
      join ${schema}.device_reading r
        on r.account = k.account and r.device = k.device and r.boundary = k.boundary`,
    parameters: [
      keys.map(({ account }) => account),
      keys.map(({ device }) => device),
      keys.map(({ boundary }) => boundary),
    ],
  }),

  /** What is not said goes as −1: an array of the wire holds no nulls. */
  upsertDeviceReadings: (readings: readonly StoredDeviceReading[]): Statement => ({
    sql: `insert into ${schema}.device_reading as r (${columns})
      select account, device, boundary, kind, version, in_wh, out_wh, nullif(charge, -1),
        case plug when -1 then null else plug = 1 end
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[],
        $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[])
        as n (account, device, boundary, kind, version, in_wh, out_wh, charge, plug)
      on conflict (account, device, boundary) do update set kind = excluded.kind,
        version = excluded.version, in_wh = excluded.in_wh, out_wh = excluded.out_wh,
        charge_basis_points = excluded.charge_basis_points,
        is_plugged_in = excluded.is_plugged_in
      where excluded.version > r.version`,
    parameters: [
      readings.map(({ account }) => account),
      readings.map(({ device }) => device),
      readings.map(({ boundary }) => boundary),
      readings.map(({ kind }) => kind),
      readings.map(({ version }) => version),
      readings.map(({ inWh }) => inWh),
      readings.map(({ outWh }) => outWh),
      readings.map(({ chargeBasisPoints }) => chargeBasisPoints ?? -1),
      readings.map(({ isPluggedIn }) => (isPluggedIn === null ? -1 : Number(isPluggedIn))),
    ],
  }),

  listDeviceReadings: (account: number, from: number, through: number): Statement => ({
    sql: `select ${columns} from ${schema}.device_reading
      where account = $1::bigint and boundary between $2::bigint and $3::bigint
      order by device, boundary`,
    parameters: [account, from, through],
  }),

  deleteDeviceReadings: (before: number, limit: number): Statement => ({
    sql: `delete from ${schema}.device_reading
      where (account, device, boundary) in (select account, device, boundary
        from ${schema}.device_reading where boundary < $1::bigint
        order by boundary, account, device limit $2::bigint)`,
    parameters: [before, limit],
  }),
})
