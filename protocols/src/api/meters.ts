import { Type, type Static } from 'typebox'
import { limit } from './route.ts'
import {
  Account,
  closed,
  Count,
  GatewayNumber,
  InstantMs,
  IntervalNumber,
  MeterNumber,
  Name,
  nullable,
  PublicKey,
  ZoneNumber,
} from './scalars.ts'

/** Which of its registers a meter's connection lets count. */
export const meterFlows = ['import', 'export', 'both'] as const
export type MeterFlow = (typeof meterFlows)[number]

/** `awaited`: counts from an interval that is still to come. `replaced`: its device was. */
export const meterStandings = ['awaited', 'in_force', 'replaced'] as const
export type MeterStanding = (typeof meterStandings)[number]

/** In what form a gateway signs what its meters show, by the curve of its key. */
export const batchForms = ['signed-batch/p256', 'signed-batch/secp256k1'] as const
export type BatchForm = (typeof batchForms)[number]

const Kind = Type.Enum(['physical', 'virtual'])
const Watts = Type.Integer({ minimum: 0, description: 'Watts, by its connection.' })
const Flows = Type.Enum([...meterFlows])
const Standing = Type.Enum([...meterStandings])
const Form = Type.Enum([...batchForms])

const Gateway = Type.Object(
  {
    gateway: GatewayNumber,
    name: Name,
    form: Type.Enum([...batchForms], { description: 'Of its signed batches.' }),
    publicKey: PublicKey,
    owner: Account,
  },
  { ...closed, description: 'What its readings are signed by.' },
)

const LastReading = Type.Object(
  {
    boundary: IntervalNumber,
    atMs: InstantMs,
    version: Count,
    ageIntervals: Type.Integer({
      minimum: 0, description: 'How many intervals have ended since that boundary.',
    }),
  },
  { ...closed, description: 'Of the latest boundary that was read.' },
)

const EnergyKnown = Type.Object(
  {
    intervals: Type.Integer({
      minimum: 0,
      description: 'Those it counts in, whose readings are due and can still be corrected.',
    }),
    interpolated: Count,
    repeated: Count,
    absent: Count,
  },
  { ...closed, description: 'How its energy is known: what is none of the three was metered.' },
)

const Meter = Type.Object(
  {
    meter: MeterNumber,
    name: Name,
    kind: Kind,
    flows: nullable(Flows, { description: 'Null where its connection lets nothing through.' }),
    account: Account,
    owner: Name,
    retailer: nullable(Account),
    zone: ZoneNumber,
    utility: nullable(Account, { description: 'Whose wires it hangs on.' }),
    gateway: nullable(Gateway),
    importWattsMax: Watts,
    exportWattsMax: Watts,
    digits: Type.Integer({ minimum: 5, maximum: 15, description: 'Of the device it has now.' }),
    standing: Standing,
    fromInterval: IntervalNumber,
    deviceFrom: nullable(IntervalNumber, {
      description: 'The boundary at which its device was replaced last; null if it never was.',
    }),
    lastReading: nullable(LastReading),
    window: nullable(EnergyKnown, { description: 'Null of a virtual one, which is not read.' }),
  },
  closed,
)

export const MeterList = Type.Object(
  {
    meters: Type.Array(Meter, { description: 'Ascending.' }),
    nextFrom: nullable(MeterNumber, {
      description: 'Where to go on. A page may be short of its limit and have a next one.',
    }),
  },
  closed,
)

/** Each of them narrows the list: what is shown meets all. */
export const MeterQuery = Type.Object(
  {
    from: Type.Optional(MeterNumber),
    limit,
    name: Type.Optional(
      Type.String({ pattern: '^[a-z0-9-]{1,32}$', description: 'A part of its name.' }),
    ),
    account: Type.Optional(Account),
    retailer: Type.Optional(Account),
    utility: Type.Optional(Account),
    zone: Type.Optional(ZoneNumber),
    kind: Type.Optional(Kind),
    flows: Type.Optional(Flows),
    gateway: Type.Optional(GatewayNumber),
    gatewayKey: Type.Optional(PublicKey),
    form: Type.Optional(Form),
    standing: Type.Optional(Standing),
    registeredSince: Type.Optional(
      Type.Integer({
        minimum: 0, maximum: 253_402_300_799_999,
        description: 'Counts from this interval on, or from a later one.',
      }),
    ),
    silentIntervals: Type.Optional(
      Type.Integer({
        minimum: 0, maximum: 253_402_300_799_999,
        description: 'Physical, and not read for so many intervals or more; never counts too.',
      }),
    ),
    estimatedPercent: Type.Optional(
      Type.Integer({
        minimum: 1, maximum: 100,
        description: 'At least so much of its window was not metered. Looks at 500 a page.',
      }),
    ),
  },
  closed,
)

export type MeterQuery = Static<typeof MeterQuery>
export type MeterList = Static<typeof MeterList>
export type MeterItem = MeterList['meters'][number]
