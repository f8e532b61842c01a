import type { Rulebook } from '@busbar/core/rulebook'
import { createAuditor } from '../auditor/index.ts'
import { type FaultOptions, type LiveFaults, planFaults, seededGateways } from '../meters/index.ts'
import { createTelemetry } from '../devices/index.ts'
import { tariffChanges, type TariffForm } from '../agents/index.ts'
import type { District } from '../scenario/index.ts'
import { auditTerms } from './audit-terms.ts'
import { createDelivery } from './delivery.ts'
import type { Exchange, MarketPlan } from './exchange-port.ts'
import { firstIntervalOf, planMarket } from './market-plan.ts'
import { type DaySummary, summarise, type Tally } from './summary.ts'
import { createTrading } from './trading.ts'

export type DayOptions = {
  readonly market: string
  readonly district: District
  readonly rulebook: Rulebook
  readonly seed: number
  readonly faults?: FaultOptions
  /** By the time of use unless said otherwise; see `tariffChanges`. */
  readonly tariff?: TariffForm
  /** What somebody has broken for a while, in a market that is looked at. */
  readonly live?: () => Promise<LiveFaults>
  /** Whether gateways say what the devices behind their meters do: homes are shown it. */
  readonly hasDevices?: boolean
}

/** What has happened so far, after the gate of each interval and when its readings are in. */
export type Progress = {
  readonly step: 'opened' | 'cleared' | 'settled'
  /** Counted from 1. */
  readonly interval: number
  readonly intervals: number
  readonly priceMicrosPerKwh: number | null
  readonly energyWh: number
}

/** Orders are sent this long before their gate. */
const ordersBeforeGateMs = 120_000

/**
 * Runs a district through an exchange, interval by interval, as fast as the exchange goes:
 *
 * ```text
 *   interval n − 1 runs ──────────────────────────────┐ interval n runs …
 *        orders for n    gate of n: price and fills    registers read, n − 1 settled
 * ```
 *
 * Everything that is sent depends on the options alone: the same again gives the same bytes.
 *
 * @throws RangeError when options do not fit together, and what the exchange throws
 */
export async function runDay(
  options: DayOptions,
  exchange: Exchange,
  progress: (progress: Progress) => void = () => undefined,
): Promise<DaySummary> {
  const { district, rulebook, seed } = options
  const { gateways, tariffs, faults, plan } = prepareDay(options)
  const numbers = await exchange.open(plan)
  const first = firstIntervalOf(district)
  const auditor = createAuditor(auditTerms(plan, numbers, first))
  for (const { name, depositMicros } of plan.participants) {
    const account = numbers.accounts.get(name)
    if (account !== undefined && depositMicros > 0) {
      auditor.deposited(account, BigInt(depositMicros))
    }
  }
  const tally: Tally = emptyTally()
  const common = { district, seed, exchange, auditor, numbers, first, tally }
  const trading = createTrading({ ...common, plan, tariffs, rulebook })
  const live = options.live === undefined ? {} : { live: options.live }
  const told = options.hasDevices === true
  const telemetry = told ? { telemetry: createTelemetry({ ...common, gateways }) } : {}
  const delivery = createDelivery({ ...common, gateways, faults, ...live, ...telemetry })
  const { intervals, intervalMs, startMs } = district
  const tell = (step: Progress['step'], n: number): void => {
    const { priceMicrosPerKwh, energyWh } = trading.last()
    progress({ step, interval: n, intervals, priceMicrosPerKwh, energyWh })
  }

  await exchange.advanceTo(plan.openAt)
  tell('opened', 0)
  for (let n = 0; n <= intervals; n += 1) {
    const start = startMs + n * intervalMs
    const gate = start - rulebook.gateLeadSeconds * 1_000
    if (n < intervals) {
      await exchange.advanceTo(gate - ordersBeforeGateMs)
      await trading.order(n)
      await exchange.advanceTo(gate)
      await trading.takeFills(n)
      tell('cleared', n + 1)
    }
    await exchange.advanceTo(start)
    if (n > 0) trading.observe(n - 1, delivery.deliver(n - 1, trading.agents))
    await delivery.send(n)
    await exchange.advanceTo(start)
    if (n > 0) tell('settled', n)
  }
  await delivery.sendTheRest()
  const deadlineMs = rulebook.readingDeadlineSeconds * 1_000
  await exchange.advanceTo(startMs + intervals * intervalMs + deadlineMs)
  const books = { balances: await exchange.balances(), nets: await exchange.nets() }
  return summarise({ ...common, faults, auditor, books })
}

/** The market that `runDay` opens with the same options: a server is configured with it. */
export const planDay = (options: DayOptions): MarketPlan => prepareDay(options).plan

function prepareDay(options: DayOptions) {
  const gateways = seededGateways(options.seed, options.district.sites.length)
  const tariffs = tariffChanges(options.district, options.tariff ?? 'time-of-use')
  const faults = planFaults(options.seed, options.faults ?? {})
  return { gateways, tariffs, faults, plan: planMarket({ ...options, gateways, tariffs }) }
}

const emptyTally = (): Tally => ({
  orders: 0,
  ordersFilled: 0,
  rejections: new Map(),
  voids: new Map(),
  tradedWh: 0,
  tradedIntervals: 0,
  paidMicros: 0,
  contracted: new Map(),
  flows: { loadWh: 0, pvWh: 0, importWh: 0, exportWh: 0, lostWh: 0, curtailedWh: 0, sharedWh: 0 },
  deviationWh: 0,
  batches: 0,
  readings: new Map(),
  mainNetImportWh: [],
})
