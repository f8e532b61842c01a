import type { Durations, Kpis } from '@busbar/protocols/api'
import type {
  CountedCode,
  Durations as DurationsView,
  HourView,
  KpisView,
  ProtocolView,
  VarianceView,
} from '../app/ports/kpis.ts'
import { jsonInteger } from './json-numbers.ts'
import { nullable } from './mapping.ts'

/* What the exchange is measured by, to JSON, each figure by name. */

const durationsJson = (view: DurationsView | null): Durations | null =>
  view && {
    count: view.count,
    p50Ms: view.p50,
    p90Ms: view.p90,
    p99Ms: view.p99,
    maxMs: view.max,
  }

const codesJson = (codes: readonly CountedCode[]): { code: string; count: number }[] =>
  codes.map(({ code, count }) => ({ code, count }))

const varianceJson = (view: VarianceView): Kpis['variance'] => ({
  intervalCount: view.intervalCount,
  initialMicros: jsonInteger(view.initialMoney, 'initialMicros'),
  movedMicros: jsonInteger(view.movedMoney, 'movedMicros'),
  moneyBasisPoints: nullable(view.moneyBasisPoints, 'moneyBasisPoints'),
  initialWh: jsonInteger(view.initialEnergy, 'initialWh'),
  movedWh: jsonInteger(view.movedEnergy, 'movedWh'),
  energyBasisPoints: nullable(view.energyBasisPoints, 'energyBasisPoints'),
  age: durationsJson(view.age),
  openCount: view.openCount,
  oldestOpenMs: view.oldestOpenMs,
})

const protocolJson = (view: ProtocolView): Kpis['protocols'][number] => ({
  protocol: view.protocol,
  gatewayCount: view.gatewayCount,
  meterCount: view.meterCount,
  acceptedBatches: view.acceptedBatches,
  repeatedBatches: view.repeatedBatches,
  refusedBatches: codesJson(view.refusedBatches),
  countedReadings: view.countedReadings,
  lateReadings: view.lateReadings,
  repeatedReadings: view.repeatedReadings,
  refusedReadings: codesJson(view.refusedReadings),
  meteredCount: view.meteredCount,
  substitutedCount: view.substitutedCount,
  integrityBasisPoints: nullable(view.integrityBasisPoints, 'integrityBasisPoints'),
})

const hourJson = (view: HourView): Kpis['hours'][number] => ({
  startMs: view.startMs,
  tradedWh: jsonInteger(view.traded, 'tradedWh'),
  feesMicros: jsonInteger(view.fees, 'feesMicros'),
  deviationMicros: jsonInteger(view.deviation, 'deviationMicros'),
  injectedWh: jsonInteger(view.injected, 'injectedWh'),
  consumedWh: jsonInteger(view.consumed, 'consumedWh'),
  matchedWh: jsonInteger(view.matched, 'matchedWh'),
})

export const kpisJson = (view: KpisView): Kpis => ({
  from: view.from,
  to: view.to,
  sinceMs: view.sinceMs,
  intervalCount: view.intervalCount,
  variance: varianceJson(view.variance),
  spread: {
    tradedWh: jsonInteger(view.spread.traded, 'tradedWh'),
    feesMicros: jsonInteger(view.spread.fees, 'feesMicros'),
    deviationMicros: jsonInteger(view.spread.deviation, 'deviationMicros'),
    microsPerKwh: nullable(view.spread.perKwh, 'microsPerKwh'),
  },
  meterToCash: {
    durations: durationsJson(view.meterToCash.durations),
    unknownCount: view.meterToCash.unknownCount,
  },
  protocols: view.protocols.map(protocolJson),
  cost: {
    intervalCount: view.cost.intervalCount,
    transactionCount: view.cost.transactionCount,
    gas: jsonInteger(view.cost.gas, 'gas'),
    feeWei: String(view.cost.feeWei),
    accountCount: view.cost.accountCount,
    gasPerInterval: nullable(view.cost.gasPerInterval, 'gasPerInterval'),
    gasPerAccount: nullable(view.cost.gasPerAccount, 'gasPerAccount'),
    feeWeiPerInterval:
      view.cost.feeWeiPerInterval === null ? null : String(view.cost.feeWeiPerInterval),
  },
  carbonFree: {
    consumedWh: jsonInteger(view.carbonFree.consumed, 'consumedWh'),
    matchedWh: jsonInteger(view.carbonFree.matched, 'matchedWh'),
    basisPoints: nullable(view.carbonFree.basisPoints, 'basisPoints'),
  },
  hours: view.hours.map(hourJson),
})
