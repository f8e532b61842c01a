import type { Rulebook } from '@busbar/core/rulebook'
import { createAuditor, type Auditor } from '../auditor/index.ts'
import { type FaultOptions, planFaults, seededGateways } from '../meters/index.ts'
import { tariffChanges, type TariffForm } from '../agents/index.ts'
import type { District } from '../scenario/index.ts'
import { auditTerms } from './audit-terms.ts'
import { createDelivery } from './delivery.ts'
import type { Exchange } from './exchange-port.ts'
import { firstIntervalOf, planMarket } from './market-plan.ts'
import { type DaySummary, summarise, type Tally } from './summary.ts'
import { createTrading } from './trading.ts'

export type DayOptions = {
  readonly market: string
  readonly district: District
  readonly rulebook: Rulebook
  readonly seed: number
  readonly faults?: FaultOptions
  /** Flat by default: see `tariffChanges`. */
  readonly tariff?: TariffForm
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
const ordersBeforeGateMs = 30_000

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
  const gateways = seededGateways(seed, district.sites.length)
  const tariffs = tariffChanges(district, options.tariff ?? 'flat')
  const faults = planFaults(seed, options.faults ?? {})
  const plan = planMarket({ ...options, gateways, tariffs })
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
  const delivery = createDelivery({ ...common, gateways, faults })
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
  return summarise({ ...common, faults, auditor, books: await booksOf(exchange, first, intervals) })
}

/** What the exchange says at the end, in the form that the auditor compares. */
async function booksOf(exchange: Exchange, first: number, intervals: number) {
  const nets = new Map<number, ReadonlyMap<number, bigint>>()
  for (let n = 0; n < intervals; n += 1) {
    nets.set(first + n, (await exchange.interval(first + n)).nets)
  }
  return { balances: await exchange.balances(), nets }
}

const emptyTally = (): Tally => ({
  orders: 0,
  ordersFilled: 0,
  rejections: new Map(),
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

export type { Auditor }
