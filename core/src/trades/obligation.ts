import { assert } from '../errors/index.ts'
import { floorDivide, WattHours } from '../units/index.ts'
import type { ContractTerms } from './terms.ts'

/** The interval after the last of the delivery window. */
export const windowEnd = (terms: ContractTerms): number => terms.fromInterval + terms.intervals

/**
 * What a contract has to deliver in one interval of its window, watt-hours; zero outside of it.
 *
 * A total is spread by cumulative rounding: each interval is within one watt-hour of its share, and
 * they sum to the total exactly.
 */
export function contractedEnergy(terms: ContractTerms, interval: number): WattHours {
  const place = interval - terms.fromInterval
  if (place < 0 || place >= terms.intervals) return WattHours.zero
  const { profile } = terms
  if (profile.kind === 'per-interval') return WattHours.from(BigInt(profile.energyWh))
  const total = BigInt(profile.energyWh)
  const { weights } = profile
  const [before, after, all] =
    weights.length === 0
      ? [place, place + 1, terms.intervals]
      : [sum(weights, place), sum(weights, place + 1), sum(weights, weights.length)]
  assert(all > 0, 'the weights of a profile were checked')
  const share = (part: number): bigint => floorDivide(total * BigInt(part), BigInt(all))
  return WattHours.from(share(after) - share(before))
}

/** All energy of the window, in watt-hours: it may be more than any one interval can have. */
export const contractedTotal = ({ profile, intervals }: ContractTerms): bigint =>
  BigInt(profile.energyWh) * (profile.kind === 'total' ? 1n : BigInt(intervals))

/** A version without energy is how both sides end a trade. */
export const isCancellation = ({ profile }: ContractTerms): boolean => profile.energyWh === 0

/** The most that a contract asks for in any one interval. */
export function largestEnergy({ profile, intervals }: ContractTerms): WattHours {
  const energy = BigInt(profile.energyWh)
  if (profile.kind === 'per-interval') return WattHours.from(energy)
  const { weights } = profile
  const all = weights.length === 0 ? intervals : sum(weights, weights.length)
  assert(all > 0, 'the weights of a profile were checked')
  let [largest, before, weight] = [0n, 0n, 0]
  for (let place = 0; place < intervals; place += 1) {
    weight += weights[place] ?? (weights.length === 0 ? 1 : 0)
    const after = floorDivide(energy * BigInt(weight), BigInt(all))
    if (after - before > largest) largest = after - before
    before = after
  }
  return WattHours.from(largest)
}

function sum(weights: readonly number[], count: number): number {
  let total = 0
  for (let i = 0; i < count; i += 1) total += weights[i] ?? 0
  return total
}
