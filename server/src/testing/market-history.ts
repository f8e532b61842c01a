/** Stretches of a small market's life, made from a seed: orders, gaps in readings, corrections. */
import type { Rulebook } from '@busbar/core/rulebook'
import {
  accountOf, courtMeters, first, type MeterName, meters, SmallMarket, smallRulebook,
} from './small-market.ts'

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

type Home = { readonly name: MeterName; readonly owner: 'alice' | 'bob'; readonly meter: number }
type Registers<Name extends MeterName = MeterName> =
  Record<Name, [imported: number, exported: number]>

const homesOf = (names: Partial<Record<MeterName, number>>): readonly Home[] =>
  Object.entries(names).map(([name, meter]) => ({
    ...{ name: name as MeterName, meter },
    owner: name.startsWith('alice') ? 'alice' : 'bob',
  }))

/**
 * A zone below the first, joined to it by a bridge, in which the same two people have a home each.
 */
export async function openCourt(market: SmallMarket): Promise<void> {
  const zone = { name: 'court', parent: 0, bridgeWatts: 50_000 }
  await market.instruct('operator', 'register_zone', zone)
  for (const { name, owner } of homesOf(courtMeters)) {
    await market.instruct('grid', 'register_meter', {
      ...{ name: name.toLowerCase(), kind: 'physical', account: accountOf(owner), zone: 1 },
      ...{ gateway: 0, importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
    })
  }
}

/**
 * Lets a market live for so many intervals: in most of them alice sells and bob buys, now and then
 * a home is not read for a while, and a reading that came is corrected later.
 *
 * @returns what the meters show at the end
 */
export const live = (
  market: SmallMarket,
  intervals: number,
  seed: number,
): Promise<Registers<keyof typeof meters>> => lived(market, intervals, seed, homesOf(meters))

/** The same in the first zone and in the one below it; see `openCourt`. */
export const liveInBoth = (
  market: SmallMarket,
  intervals: number,
  seed: number,
): Promise<Registers> => lived(market, intervals, seed, homesOf({ ...meters, ...courtMeters }))

async function lived(
  market: SmallMarket,
  intervals: number,
  seed: number,
  homes: readonly Home[],
): Promise<Registers> {
  const next = numbersOf(seed)
  const none = homes.map(({ name }) => [name, [0, 0]])
  const registers = Object.fromEntries(none) as Registers
  const shown = new Map<number, Partial<Record<MeterName, readonly [number, number]>>>()
  const silentUntil = new Map<MeterName, number>()
  for (let interval = 0; interval < intervals; interval += 1) {
    const orders = homes
      .map(({ owner, meter }) => market.order(owner, {
        ...{ interval: first + interval, meter, side: owner === 'alice' ? 'sell' : 'buy' },
        energyWh: 1 + next(900),
        limitMicrosPerKwh: 10_000 * (5 + next(owner === 'alice' ? 20 : 30)),
      }))
      .filter(() => next(10) > 0)
    if (orders.length > 0) await market.intake.orders(orders)
    await market.to(interval)
    const read: Partial<Record<MeterName, readonly [number, number]>> = {}
    for (const { name } of homes) {
      if (next(12) === 0) silentUntil.set(name, interval + 1 + next(4))
      if (interval > 0) {
        const [imported, exported] = registers[name]
        registers[name] = [imported + next(400), exported + next(400)]
      }
      if (interval >= (silentUntil.get(name) ?? 0)) read[name] = [...registers[name]]
    }
    shown.set(interval, read)
    if (Object.keys(read).length > 0) await market.read(interval, read)
    await correct(market, interval, { homes, shown, next })
    await market.to(interval, 200)
  }
  return registers
}

/** What somebody says a little later of a boundary that was read: two watt-hours more. */
async function correct(
  market: SmallMarket,
  interval: number,
  { homes, shown, next }: {
    readonly homes: readonly Home[]
    readonly shown: ReadonlyMap<number, Partial<Record<MeterName, readonly [number, number]>>>
    readonly next: (limit: number) => number
  },
): Promise<void> {
  const boundary = interval - 1 - next(5)
  const { name = 'alice' } = homes[next(homes.length)] ?? {}
  const registers = shown.get(boundary)?.[name]
  if (registers === undefined || next(6) > 0) return
  const [imported, exported] = registers
  await market.intake.readings([
    market.batch(boundary, { [name]: [imported, exported + 2] }, 1 + interval - boundary),
  ])
}
