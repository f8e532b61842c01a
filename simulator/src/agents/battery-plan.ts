import { type Battery, basisPoints, chargeLimitWh, dischargeLimitWh } from './battery.ts'
import type { Knowledge } from './order-intent.ts'

/** What a battery will do in an interval; what hangs on a fill is decided after the gate. */
export type BatteryPlan = {
  /** Positive charges. Done whatever the auction brings. */
  readonly firmWh: number
  /** Charged only as far as it was bought in the auction. */
  readonly chargeIfBoughtWh: number
  /** The price at which that charging still pays. */
  readonly chargeWorthMicrosPerKwh: number
  /** Discharged only as far as it was sold in the auction. */
  readonly dischargeIfSoldWh: number
}

export const idle: BatteryPlan = {
  firmWh: 0,
  chargeIfBoughtWh: 0,
  chargeWorthMicrosPerKwh: 0,
  dischargeIfSoldWh: 0,
}

/** How far ahead the tariff is looked at: half a day holds both a valley and a peak. */
const horizonMs = 12 * 3_600_000

/** A spread smaller than this does not pay for the wear. */
const worthwhile = 1.1

/**
 * Plans one interval from the forecast of the site's own balance (panels minus load), the published
 * tariff, and the prices of the last half day:
 *
 * - own surplus is stored first, because it is worth more to its owner in the evening;
 * - when energy is dear, a deficit is covered from the battery and what is left is for sale;
 * - when it is cheap, and dear hours pay for the losses, charging is offered to the auction;
 * - between, the battery waits, but covers a deficit when the price is above the middle.
 *
 * Dear and cheap are the tariff's peak and valley in the next half day; where the tariff is flat,
 * the upper and lower quarter of recent prices.
 */
export function planBattery(
  battery: Battery,
  storedWh: number,
  balanceWh: number,
  n: number,
  knowledge: Knowledge,
  intervalMs: number,
): BatteryPlan {
  if (battery.capacityWh === 0) return idle
  const room = chargeLimitWh(battery, storedWh, intervalMs)
  if (balanceWh > 0) return { ...idle, firmWh: Math.min(balanceWh, room) }
  const available = dischargeLimitWh(battery, storedWh, intervalMs)
  const firm = Math.min(-balanceWh, available)
  const efficiency = battery.efficiencyBasisPoints / basisPoints
  const { moment, dearPrice } = momentOf(n, knowledge, intervalMs, efficiency)
  switch (moment) {
    case 'dear': {
      // An hour's worth at a time: a battery emptied in one interval has nothing for the next.
      const pace = Math.ceil(storedWh / Math.max(1, Math.round(paceMs / intervalMs)))
      const spare = Math.max(0, Math.min(available, pace) - firm)
      return { ...idle, firmWh: -firm, dischargeIfSoldWh: spare }
    }
    case 'cheap':
      return {
        ...idle,
        chargeIfBoughtWh: room,
        chargeWorthMicrosPerKwh: (dearPrice * efficiency) / worthwhile,
      }
    case 'upper-middle':
      return { ...idle, firmWh: -firm }
    case 'lower-middle':
      return idle
  }
}

const paceMs = 3_600_000

type Moment = {
  readonly moment: 'cheap' | 'lower-middle' | 'upper-middle' | 'dear'
  /** What energy is worth when it is dear. */
  readonly dearPrice: number
}

function momentOf(n: number, knowledge: Knowledge, intervalMs: number, efficiency: number): Moment {
  const ahead = tariffAhead(n, knowledge, intervalMs)
  if (ahead.highest > ahead.lowest * worthwhile) {
    const dearPrice = ahead.highest
    if (ahead.now * worthwhile > dearPrice) return { moment: 'dear', dearPrice }
    const pays = dearPrice * efficiency > ahead.now * worthwhile
    return { moment: ahead.now <= ahead.lowest && pays ? 'cheap' : 'lower-middle', dearPrice }
  }
  const { recentPrices, lastPriceMicrosPerKwh: last } = knowledge
  if (recentPrices === null || last === null) return { moment: 'upper-middle', dearPrice: 0 }
  const { lower, median, upper: dearPrice } = recentPrices
  const pays = dearPrice * efficiency > lower * worthwhile
  if (pays && last >= dearPrice) return { moment: 'dear', dearPrice }
  if (pays && last <= lower) return { moment: 'cheap', dearPrice }
  return { moment: last >= median ? 'upper-middle' : 'lower-middle', dearPrice }
}

type Ahead = {
  readonly now: number
  readonly highest: number
  readonly lowest: number
}

function tariffAhead(n: number, knowledge: Knowledge, intervalMs: number): Ahead {
  const until = Math.min(knowledge.intervals, n + Math.floor(horizonMs / intervalMs))
  const now = knowledge.tariff(n).retailMicrosPerKwh
  let highest = now
  let lowest = now
  for (let k = n + 1; k < until; k += 1) {
    const price = knowledge.tariff(k).retailMicrosPerKwh
    highest = Math.max(highest, price)
    lowest = Math.min(lowest, price)
  }
  return { now, highest, lowest }
}
