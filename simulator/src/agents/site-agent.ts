import { autoregressive, random } from '../scenario/random.ts'
import type { Site } from '../scenario/district.ts'
import { type Battery, type BatteryFlow, runBattery } from './battery.ts'
import { type BatteryPlan, planBattery } from './battery-plan.ts'
import { createForecaster } from './forecast.ts'
import { intent, type Knowledge, type OrderIntent, type OrderRules } from './order-intent.ts'

/** What the weather and the people did at one site in one interval. */
export type Actual = { readonly loadWh: number; readonly pvWh: number }

/** What one interval was at the site's connection and behind it, in whole watt-hours. */
export type Flow = {
  readonly importWh: number
  readonly exportWh: number
  readonly chargedWh: number
  readonly dischargedWh: number
  /** Lost in the battery. */
  readonly lostWh: number
  /** Panels turned down, because the connection could not take it. */
  readonly curtailedWh: number
}

/**
 * A site's agent: forecasts, plans its battery, writes orders, and then runs the site as it said.
 *
 * Call in this order for each interval n: `decide(n)` before the gate, `filled(n)` after it, and
 * `deliver(n)` when it is over. `decide(n)` comes while n − 1 is still running: the last interval
 * that the agent has seen by then is n − 2. It is only told the past, and has nowhere to peek.
 */
export type SiteAgent = {
  readonly decide: (n: number, knowledge: Knowledge) => readonly OrderIntent[]
  /** What each of the orders of `decide(n)` got, in their order. */
  readonly filled: (n: number, filledWh: readonly number[]) => void
  readonly deliver: (n: number, actual: Actual) => Flow
  readonly storedWh: () => number
}

type Plan = {
  readonly battery: BatteryPlan
  readonly orders: readonly OrderIntent[]
  /** Which of the orders hangs on the battery, −1 for none. */
  readonly batteryOrder: number
  /** Of a sale, the part that is not the battery's: its panels are there anyway. */
  readonly panelsWh: number
  setpointWh: number
}

/** What comes out of a lithium battery with its inverter of what went in. */
const efficiencyBasisPoints = 9_000

export function createSiteAgent(options: {
  readonly site: Site
  readonly seed: number
  readonly intervalMs: number
  readonly rules: OrderRules
}): SiteAgent {
  const { site, seed, intervalMs, rules } = options
  const battery: Battery = {
    capacityWh: site.batteryWh,
    powerW: site.batteryW,
    efficiencyBasisPoints,
  }
  const importMax = Math.floor((site.maxImportW * intervalMs) / 3_600_000)
  const exportMax = Math.floor((site.maxExportW * intervalMs) / 3_600_000)
  const limits = createLimits(site, seed, rules)
  const common = { seed, intervalsPerDay: Math.round(86_400_000 / intervalMs) }
  const load = createForecaster({ ...common, name: `${site.name}/load`, wattHoursMax: importMax })
  const pv = createForecaster({ ...common, name: `${site.name}/pv`, wattHoursMax: exportMax })
  const plans = new Map<number, Plan>()
  let storedWh = Math.floor(site.batteryWh / 2)

  /** Where the battery will stand when `n` begins, if the plan of the running interval holds. */
  const storedAt = (n: number): number => {
    const running = plans.get(n - 1)
    if (running === undefined) return storedWh
    return runBattery(battery, storedWh, running.setpointWh, intervalMs).storedWh
  }

  return {
    decide(n, knowledge) {
      const expectedLoad = load.expect(2)
      const expectedPv = pv.expect(2)
      const price = limits(n, knowledge, storedAt(n) / Math.max(1, site.batteryWh))
      if (expectedLoad === null || expectedPv === null) return []
      const balance = expectedPv - expectedLoad
      const plan = planBattery(battery, storedAt(n), balance, n, knowledge, intervalMs)
      const made = ordersFor(balance, plan, price, rules, { importMax, exportMax })
      plans.set(n, { battery: plan, ...made, setpointWh: plan.firmWh })
      return made.orders
    },
    filled(n, filledWh) {
      const plan = plans.get(n)
      if (plan === undefined || plan.batteryOrder < 0) return
      const filled = filledWh[plan.batteryOrder] ?? 0
      const sold = Math.max(0, filled - plan.panelsWh)
      const { firmWh, chargeIfBoughtWh, dischargeIfSoldWh } = plan.battery
      if (chargeIfBoughtWh > 0) plan.setpointWh = firmWh + Math.min(filled, chargeIfBoughtWh)
      if (dischargeIfSoldWh > 0) plan.setpointWh = firmWh - Math.min(sold, dischargeIfSoldWh)
    },
    deliver(n, actual) {
      const wanted = plans.get(n)?.setpointWh ?? 0
      plans.delete(n)
      // The main fuse comes before the plan: charge no more than the connection has left.
      const setpoint = Math.min(wanted, Math.max(0, importMax - actual.loadWh + actual.pvWh))
      const run = runBattery(battery, storedWh, setpoint, intervalMs)
      storedWh = run.storedWh
      load.observe(actual.loadWh)
      pv.observe(actual.pvWh)
      return flowOf(actual, run, exportMax)
    },
    storedWh: () => storedWh,
  }
}

function flowOf(actual: Actual, run: BatteryFlow, exportMax: number): Flow {
  const { chargedWh, dischargedWh, lostWh } = run
  const net = actual.pvWh - actual.loadWh + dischargedWh - chargedWh
  const exportWh = Math.min(Math.max(0, net), exportMax)
  const curtailedWh = Math.max(0, net) - exportWh
  return { importWh: Math.max(0, -net), exportWh, chargedWh, dischargedWh, lostWh, curtailedWh }
}

type Prices = { readonly buy: number; readonly sell: number }

/**
 * What the site would pay and take, between what its retailer pays and asks: outside of that, the
 * retailer is the better deal. Where between is a matter of temper, drawn per site; a full battery
 * makes a buyer patient and a seller eager, an empty one the other way round.
 */
function createLimits(site: Site, seed: number, rules: OrderRules) {
  const draw = random(seed, 'temper', site.name)
  const buyTemper = draw.uniform()
  const sellTemper = draw.uniform()
  const mood = autoregressive(draw, 0.7)
  return (n: number, knowledge: Knowledge, chargeShare: number): Prices => {
    const { retailMicrosPerKwh, feedInMicrosPerKwh } = knowledge.tariff(n)
    const highest = retailMicrosPerKwh - rules.feeMicrosPerKwh
    const lowest = feedInMicrosPerKwh + rules.feeMicrosPerKwh
    const between = (share: number): number =>
      lowest + Math.max(0, highest - lowest) * Math.min(Math.max(share, 0), 1)
    const tilt = site.batteryWh > 0 ? 0.2 * (0.5 - chargeShare) : 0
    const whim = 0.03 * mood()
    const last = knowledge.lastPriceMicrosPerKwh
    const seen = last === null ? 0.5 : (last - lowest) / Math.max(1, highest - lowest)
    return {
      buy: between(0.85 + 0.15 * buyTemper + 0.2 * tilt + whim),
      sell: between(0.5 * sellTemper * Math.min(Math.max(seen, 0), 1) + tilt + whim),
    }
  }
}

function ordersFor(
  balanceWh: number,
  plan: BatteryPlan,
  price: Prices,
  rules: OrderRules,
  connection: { readonly importMax: number; readonly exportMax: number },
): Pick<Plan, 'orders' | 'batteryOrder' | 'panelsWh'> {
  const firmNet = balanceWh - plan.firmWh
  const { importMax, exportMax } = connection
  if (plan.dischargeIfSoldWh > 0 || firmNet > 0) {
    // A site sells only what is left when its own load is served.
    const panelsWh = Math.max(0, firmNet)
    const energy = Math.min(panelsWh + plan.dischargeIfSoldWh, exportMax)
    const orders = intent('sell', energy, price.sell, rules)
    if (orders.length > 0) {
      return { orders, batteryOrder: plan.dischargeIfSoldWh > 0 ? 0 : -1, panelsWh }
    }
  }
  const need = Math.min(Math.max(0, -firmNet), importMax)
  const own = intent('buy', need, price.buy, rules)
  const charge = Math.min(plan.chargeIfBoughtWh, importMax - need)
  const chargePrice = Math.min(plan.chargeWorthMicrosPerKwh, price.buy)
  const extra = intent('buy', charge, chargePrice, rules)
  const batteryOrder = extra.length > 0 ? own.length : -1
  return { orders: [...own, ...extra], batteryOrder, panelsWh: 0 }
}
