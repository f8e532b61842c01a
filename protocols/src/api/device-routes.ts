import { Type } from 'typebox'
import { AccountSeriesQuery } from './account-series.ts'
import {
  DeviceReadingsBody,
  DeviceReadingsResults,
  DeviceSeries,
} from './device-readings.ts'
import { deviceProblems, readProblems } from './route-problems.ts'
import { json, type Route } from './route.ts'
import { Account, closed } from './scalars.ts'

/** Routes about what stands behind a home’s meter; part of `routes`. */
export const deviceRoutes = {
  submitDeviceReadings: {
    method: 'POST',
    path: '/v1/device-readings',
    summary: 'Takes 1 to 100 batches of what devices of homes did, each signed by its gateway.',
    access: 'public',
    body: DeviceReadingsBody,
    response: json(DeviceReadingsResults),
    problems: deviceProblems,
  },
  deviceSeries: {
    method: 'GET',
    path: '/v1/accounts/:account/devices',
    summary: 'What the devices of a home did in up to 1,500 intervals, by their own account.',
    access: 'owner',
    params: Type.Object({ account: Account }, closed),
    query: AccountSeriesQuery,
    response: json(DeviceSeries),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
