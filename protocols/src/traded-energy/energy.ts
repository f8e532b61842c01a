import { Fault } from '@busbar/core/errors'
import type { WattHours } from '@busbar/core/units'
import { leafSalt, type Place } from '../commitments/index.ts'
import {
  bytesToHex,
  type Hex,
  keccak256,
  textToBytes,
  writeUint32,
  writeUint64,
} from '../hash/index.ts'
import { type KeyProof, type SortedLeaf, SortedTree } from './sorted-tree.ts'

/*
 * One interval's traded energy: a leaf for each meter that sold or bought by contract.
 *
 *   secret of a meter = keccak(market's salt ‖ 'traded-energy/meter/' ‖ meter)
 *   key               = keccak(secret ‖ interval)
 *   value             = keccak(salt of the leaf ‖ meter ‖ sold ‖ bought)
 *
 * The secret goes to the meter's owner and to its retailer. To everybody else a key is noise, and
 * new in each interval; the salt keeps a neighbour that a proof of absence shows from being found
 * out by trying.
 */

/** What a meter sold and bought by contract in one interval, as it was delivered. */
export type TradedEnergy = { readonly soldWh: WattHours; readonly boughtWh: WattHours }

export type MeterEnergy = TradedEnergy & { readonly meter: number }

/**
 * What finds a meter's leaves: 32 bytes.
 *
 * @param salt the market's, 32 bytes; null for a market that hides nothing
 */
export function meterSecret(salt: Uint8Array | null, meter: number): Uint8Array {
  const text = textToBytes(`traded-energy/meter/${meter}`)
  return keccak256(Uint8Array.from([...(salt ?? []), ...text]))
}

/** What the exchange commits to by each signed answer, so that it has one secret for each meter. */
export const secretHashOf = (secret: Uint8Array): Hex => bytesToHex(keccak256(secret))

/*
 * One buffer for all keys and one for all values: a hash is complete before anything else can run,
 * and a tree makes many.
 */
const keyBytes = new Uint8Array(32 + 8)
const keyView = new DataView(keyBytes.buffer)

/** Where a meter stands in the tree of an interval. */
export function energyKey(secret: Uint8Array, interval: number): Uint8Array {
  requireLength(secret, 32, 'secret')
  keyBytes.set(secret)
  writeUint64(keyView, 32, interval, 'interval')
  return keccak256(keyBytes)
}

export const energySaltLength = 16
const valueBytes = new Uint8Array(energySaltLength + 20)
const valueView = new DataView(valueBytes.buffer)

/** What stands there: the energy, hidden by the leaf's salt of 16 bytes. */
export function energyValue(salt: Uint8Array, energy: MeterEnergy): Uint8Array {
  requireLength(salt, energySaltLength, 'salt')
  valueBytes.set(salt)
  writeUint32(valueView, energySaltLength, energy.meter, 'meter')
  writeUint64(valueView, energySaltLength + 4, energy.soldWh, 'soldWh')
  writeUint64(valueView, energySaltLength + 12, energy.boughtWh, 'boughtWh')
  return keccak256(valueBytes)
}

/** A shorter one would leave bytes of the last one in its place. */
function requireLength(bytes: Uint8Array, length: number, field: string): void {
  if (bytes.length === length) return
  throw new Fault('TRADED_ENERGY_INVALID', { field, limit: `${length} bytes` })
}

/** What the exchange can show of a meter: its energy with the salt, or that it has no leaf. */
export type EnergyProof =
  | { readonly kind: 'traded'; readonly salt: Uint8Array; readonly energy: TradedEnergy } & Path
  | { readonly kind: 'none'; readonly leaves: readonly [SortedLeaf, SortedLeaf] } & Path

type Path = Omit<KeyProof, 'leaves'>

type Opening = { readonly energy: TradedEnergy; readonly salt: Uint8Array }

/**
 * The tree of one run of an interval, kept for its proofs: six hashes for each meter. Meters that
 * traded nothing have no leaf; one that was to trade and delivered nothing may have one of zeros.
 */
export class TradedEnergyTree {
  readonly place: Place
  readonly root: Hex
  /** Of the tree's leaves, which are two more than the meters. */
  readonly count: number
  readonly #meters: ReadonlyMap<number, Opening>
  readonly #secretOf: (meter: number) => Uint8Array
  readonly #tree: SortedTree

  /**
   * @param run which run of the interval: each has salts of its own
   * @param secretOf `meterSecret` of the market, for those who keep its answers
   * @throws Fault TRADED_ENERGY_INVALID for a meter that is listed twice
   */
  constructor(
    place: Place & { readonly run: number },
    marketSalt: Uint8Array | null,
    meters: readonly MeterEnergy[],
    secretOf = (meter: number): Uint8Array => meterSecret(marketSalt, meter),
  ) {
    const { zone, interval, run } = place
    this.place = { zone, interval }
    this.#secretOf = secretOf
    const known = new Map<number, Opening>()
    const leaves = meters.map((energy) => {
      const salt = leafSalt(marketSalt, 'traded-energy', this.place, [run, energy.meter])
      known.set(energy.meter, { energy, salt })
      return {
        key: energyKey(secretOf(energy.meter), interval),
        value: energyValue(salt, energy),
      }
    })
    this.#meters = known
    this.#tree = new SortedTree(this.place, leaves)
    this.root = bytesToHex(this.#tree.root)
    this.count = this.#tree.count
  }

  /** What shows how much the meter traded, or that it traded nothing. */
  prove(meter: number): EnergyProof {
    const { leaves, ...path } = this.#tree.prove(
      energyKey(this.#secretOf(meter), this.place.interval),
    )
    const [left, right] = leaves
    const known = this.#meters.get(meter)
    if (known !== undefined) {
      const { soldWh, boughtWh } = known.energy
      return { kind: 'traded', salt: known.salt, energy: { soldWh, boughtWh }, ...path }
    }
    return { kind: 'none', leaves: [left as SortedLeaf, right as SortedLeaf], ...path }
  }
}

/** A leaf of an interval's tree with what blinds it: where its meter stands, and the salt. */
export type BlindedEnergy = {
  readonly meter: number
  readonly soldWh: bigint
  readonly boughtWh: bigint
  /** As `energyKey` makes it. */
  readonly key: Uint8Array
  readonly salt: Uint8Array
}

/** The root of the tree again, for whoever was given all leaves and knows no secret. */
export const tradedEnergyRoot = (place: Place, leaves: readonly BlindedEnergy[]): Hex =>
  bytesToHex(
    new SortedTree(
      place,
      leaves.map(({ key, salt, meter, soldWh, boughtWh }) => ({
        key,
        value: energyValue(salt, {
          meter, soldWh: soldWh as WattHours, boughtWh: boughtWh as WattHours,
        }),
      })),
    ).root,
  )
