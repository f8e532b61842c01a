import { deviceReadingBatchDigest, type Domain } from '../eip712/index.ts'
import {
  bytesToHex,
  type Hex,
  type Integer,
  writeUint32,
  writeUint64,
  writeUint8,
} from '../hash/index.ts'
import { merkleRoot } from '../merkle/index.ts'

/** What stands behind a home's meter and says what it does. */
export const deviceKinds = ['solar', 'battery', 'car_charger', 'heat_pump'] as const
export type DeviceKind = (typeof deviceKinds)[number]

/** Those that hold energy, and know how much. */
export const hasCharge = (kind: DeviceKind): boolean =>
  kind === 'battery' || kind === 'car_charger'

/** All of it, in hundredths of a per cent. */
export const fullChargeBasisPoints = 10_000

/**
 * What one device of a home says of itself at one boundary: the moment at which interval `boundary`
 * starts. It settles nothing: money follows the main meter alone.
 */
export type DeviceReading = {
  readonly account: number
  /** Which of the account's devices, counted by its gateway: 0, 1, 2 … */
  readonly device: number
  readonly kind: DeviceKind
  readonly boundary: number
  /** 0 at first; a correction of the same boundary carries a higher one. */
  readonly version: number
  /** Cumulative registers, whole watt-hours: what went into the device, and what came out. */
  readonly inWh: Integer
  readonly outWh: Integer
  /** How full it is, 0 to 10,000; null where it does not say, or holds nothing. */
  readonly chargeBasisPoints: number | null
  /** Whether a car stands at it; null where it does not say, or is no charger. */
  readonly isPluggedIn: boolean | null
}

/**
 * account u32 ‖ device u8 ‖ kind u8 ‖ boundary u64 ‖ version u8 ‖ inWh u64 ‖ outWh u64 ‖
 * chargeBasisPoints u32 ‖ isPluggedIn u8, big-endian. `kind` is its place in `deviceKinds`; what is
 * not said is all ones.
 */
export const deviceReadingLeafLength = 4 + 1 + 1 + 8 + 1 + 8 + 8 + 4 + 1

const unsaid = { charge: 0xffff_ffff, plug: 0xff } as const

/**
 * The bytes of a device reading as a leaf of its batch: of fixed length, and of another than those
 * of a meter's reading.
 *
 * @throws Fault UNIT_OUT_OF_RANGE, naming the field
 */
export function deviceReadingLeaf(reading: DeviceReading): Uint8Array {
  const leaf = new Uint8Array(deviceReadingLeafLength)
  const view = new DataView(leaf.buffer)
  const { chargeBasisPoints: charge, isPluggedIn } = reading
  writeUint32(view, 0, reading.account, 'account')
  writeUint8(view, 4, reading.device, 'device')
  writeUint8(view, 5, deviceKinds.indexOf(reading.kind), 'kind')
  writeUint64(view, 6, reading.boundary, 'boundary')
  writeUint8(view, 14, reading.version, 'version')
  writeUint64(view, 15, reading.inWh, 'inWh')
  writeUint64(view, 23, reading.outWh, 'outWh')
  writeUint32(view, 31, charge ?? unsaid.charge, 'chargeBasisPoints')
  writeUint8(view, 35, isPluggedIn === null ? unsaid.plug : Number(isPluggedIn), 'isPluggedIn')
  return leaf
}

/** What a gateway signs for a batch, and what the server computes again from what it received. */
export function deviceBatchToSign(
  domain: Domain,
  batch: {
    readonly id: string
    readonly gateway: number
    readonly readings: readonly DeviceReading[]
  },
): { readonly root: Hex; readonly count: number; readonly digest: Uint8Array } {
  const root = bytesToHex(merkleRoot(batch.readings.map(deviceReadingLeaf)))
  const count = batch.readings.length
  const { id, gateway } = batch
  return { root, count, digest: deviceReadingBatchDigest(domain, { id, gateway, root, count }) }
}
