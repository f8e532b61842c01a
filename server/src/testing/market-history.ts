/** Stretches of a small market's life, made from a seed: orders, gaps in readings, corrections. */
import type { Rulebook } from '@busbar/core/rulebook'
import { first, meters, SmallMarket, smallRulebook } from './small-market.ts'

/** As many intervals as a journal outlives by far: what ended is soon forgotten by the state. */
export const forgetful: Rulebook = {
  ...smallRulebook, finalAfterIntervals: 3, correctionIntervals: 6, feeMicrosPerKwh: 1_500,
}

/** Numbers from 0 to below `limit`, the same for the same seed. */
export function numbersOf(seed: number): (limit: number) => number {
  let state = (seed ^ 0x9e37_79b9) >>> 0
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

type Home = keyof typeof meters
type Registers = Record<Home, [imported: number, exported: number]>
const homes: readonly Home[] = ['alice', 'bob']

/**
 * Lets a market live for so many intervals: in most of them alice sells and bob buys, now and then
 * a home is not read for a while, and a reading that came is corrected later.
 *
 * @returns what the meters show at the end
 */
export async function live(
  market: SmallMarket,
  intervals: number,
  seed: number,
): Promise<Registers> {
  const next = numbersOf(seed)
  const registers: Registers = { alice: [0, 0], bob: [0, 0] }
  const shown = new Map<number, Partial<Record<Home, readonly [number, number]>>>()
  const silentUntil: Record<Home, number> = { alice: 0, bob: 0 }
  for (let interval = 0; interval < intervals; interval += 1) {
    const at = first + interval
    const orders = [
      market.order('alice', {
        interval: at, energyWh: 1 + next(900), limitMicrosPerKwh: 10_000 * (5 + next(20)),
      }),
      market.order('bob', {
        ...{ interval: at, side: 'buy', energyWh: 1 + next(900) },
        limitMicrosPerKwh: 10_000 * (5 + next(30)),
      }),
    ].filter(() => next(10) > 0)
    if (orders.length > 0) await market.intake.orders(orders)
    await market.to(interval)
    const read: Partial<Record<Home, readonly [number, number]>> = {}
    for (const home of homes) {
      if (next(12) === 0) silentUntil[home] = interval + 1 + next(4)
      if (interval > 0) {
        const [imported, exported] = registers[home]
        registers[home] = [imported + next(400), exported + next(400)]
      }
      if (interval >= silentUntil[home]) read[home] = [...registers[home]]
    }
    shown.set(interval, read)
    if (Object.keys(read).length > 0) await market.read(interval, read)
    await correct(market, interval, shown, next)
    await market.to(interval, 200)
  }
  return registers
}

/** What somebody says a little later of a boundary that was read: two watt-hours more. */
async function correct(
  market: SmallMarket,
  interval: number,
  shown: ReadonlyMap<number, Partial<Record<Home, readonly [number, number]>>>,
  next: (limit: number) => number,
): Promise<void> {
  const boundary = interval - 1 - next(5)
  const home = homes[next(2)] ?? 'alice'
  const registers = shown.get(boundary)?.[home]
  if (registers === undefined || next(6) > 0) return
  const [imported, exported] = registers
  await market.intake.readings([
    market.batch(boundary, { [home]: [imported, exported + 2] }, 1 + interval - boundary),
  ])
}
