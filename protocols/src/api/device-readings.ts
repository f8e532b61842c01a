import { Type, type Static } from 'typebox'
import { deviceKinds, fullChargeBasisPoints } from '../device-readings/index.ts'
import { batchLimits } from './batch-limits.ts'
import { RejectedItem } from './results.ts'
import {
  Account,
  closed,
  CommandId,
  Digest,
  EnergyWh,
  GatewayNumber,
  GatewaySignature,
  IntervalNumber,
  nullable,
} from './scalars.ts'
import { RegisterWh } from './writes.ts'

/** What is kept of the devices of a home. */
export const deviceLimits = {
  /** Of one account, counted by their numbers: 0 to 7. */
  devices: 8,
  /** Days of the market for which a reading is taken and kept. */
  keptDays: 40,
} as const

const Kind = Type.Enum([...deviceKinds])
const DeviceNumber = Type.Integer({
  minimum: 0,
  maximum: deviceLimits.devices - 1,
  description: 'Which of the account’s devices, as its gateway counts them.',
})
const ChargeBasisPoints = Type.Integer({
  minimum: 0,
  maximum: fullChargeBasisPoints,
  description: 'How full it is, in hundredths of a per cent.',
})

export const DeviceReadingItem = Type.Object(
  {
    account: Account,
    device: DeviceNumber,
    kind: Kind,
    boundary: IntervalNumber,
    version: Type.Integer({
      minimum: 0,
      maximum: 255,
      description: '0 at first; a correction of the same boundary carries a higher one.',
    }),
    inWh: RegisterWh,
    outWh: RegisterWh,
    chargeBasisPoints: nullable(ChargeBasisPoints, {
      description: 'Of a battery or a car; null where it is not known.',
    }),
    isPluggedIn: nullable(Type.Boolean(), {
      description: 'Of a car charger: whether a car stands at it; null where it is not known.',
    }),
  },
  {
    ...closed,
    description:
      'A device’s own registers at the start of the interval `boundary`: what went into it and ' +
      'what came out of it.',
  },
)

/** `DeviceReadingBatch(bytes16 id,uint32 gateway,bytes32 root,uint32 count)`, signed. */
export const SignedDeviceReadingBatch = Type.Object(
  {
    id: CommandId,
    gateway: GatewayNumber,
    readings: Type.Array(DeviceReadingItem, {
      minItems: 1,
      maxItems: batchLimits.deviceReadings,
    }),
    signature: GatewaySignature,
  },
  { ...closed, description: 'The signature covers the Merkle root of the readings, in order.' },
)

export const DeviceReadingsBody = Type.Object(
  {
    batches: Type.Array(SignedDeviceReadingBatch, { minItems: 1, maxItems: batchLimits.batches }),
  },
  closed,
)

/**
 * `counted`: kept. `duplicate`: known already. `conflicting`: of this version another is known.
 * `superseded`: a later version is known. `gateway_foreign`: no meter of the account is read by
 * this gateway. `kind_differs`: the device was of another kind. `charge_unexpected`: a device of
 * its kind is not charged, or has no plug. `too_early`: of a moment that is still to come.
 * `too_late`: older than what is kept.
 */
export const deviceReadingOutcomes = [
  'counted',
  'duplicate',
  'conflicting',
  'superseded',
  'gateway_foreign',
  'kind_differs',
  'charge_unexpected',
  'too_early',
  'too_late',
] as const
export type DeviceReadingOutcome = (typeof deviceReadingOutcomes)[number]

export const AcceptedDeviceReadings = Type.Object(
  {
    kind: Type.Literal('accepted'),
    id: CommandId,
    digest: Digest,
    outcomes: Type.Array(Type.Enum([...deviceReadingOutcomes]), {
      description: 'What became of each reading, in the order of the batch.',
    }),
  },
  { ...closed, description: 'On disk. The same batch again is answered with `duplicate`.' },
)
export const DeviceReadingsItemResult = Type.Union([AcceptedDeviceReadings, RejectedItem])
export const DeviceReadingsResults = Type.Object(
  { results: Type.Array(DeviceReadingsItemResult) },
  closed,
)

const energies = (description: string) => Type.Array(nullable(EnergyWh), { description })

/** What the devices of a home did, by their own account, in many intervals. */
export const DeviceSeries = Type.Object(
  {
    account: Account,
    interval: Type.Array(IntervalNumber, {
      description: 'Ascending. Intervals of which no device said anything are left out.',
    }),
    devices: Type.Array(
      Type.Object(
        {
          device: DeviceNumber,
          kind: Kind,
          lastBoundary: nullable(IntervalNumber, {
            description: 'The newest moment that it told of, of all that is kept.',
          }),
          lastChargeBasisPoints: nullable(ChargeBasisPoints),
          isPluggedIn: nullable(Type.Boolean(), { description: 'At `lastBoundary`.' }),
          inWh: energies(
            'What went into it, for each interval. Null where a register is missing or began ' +
              'again.',
          ),
          outWh: energies('What came out of it, as `inWh`.'),
          chargeBasisPoints: Type.Array(nullable(ChargeBasisPoints), {
            description: 'At the end of each interval.',
          }),
        },
        closed,
      ),
      { description: 'Ascending; empty where no device has told anything within what is kept.' },
    ),
  },
  { ...closed, description: 'Said by the home’s own devices. Nothing is settled by it.' },
)

export type DeviceReadingItem = Static<typeof DeviceReadingItem>
export type SignedDeviceReadingBatch = Static<typeof SignedDeviceReadingBatch>
export type DeviceReadingsItemResult = Static<typeof DeviceReadingsItemResult>
export type DeviceSeries = Static<typeof DeviceSeries>
export type DeviceOfSeries = DeviceSeries['devices'][number]
