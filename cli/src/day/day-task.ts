import type { Values } from '../arguments.ts'
import type { Output } from '../command.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import { type DayReport, dayReport, isSound, serverFigures } from './day-report.ts'
import { dataDirFor, type MarketRun, startMarket } from '../market/market-run.ts'
import { proofReport } from './proof-report.ts'
import { type Scenario, scenarioFrom } from '../market/scenario.ts'
import { interRetailer, tradeDay } from './trade-day.ts'
import { count, energy, money, percent, price, rows, sparkline } from '../text.ts'

/** `busbar day`: one market day as fast as it goes, and what is so at its end. */
export async function runDay(values: Values, output: Output): Promise<number> {
  if (values.text('scenario') === interRetailer) return tradeDay(values, output)
  for (const option of ['days', 'minutes', 'allocation'] as const) {
    if (values.text(option) === undefined) continue
    throw new UsageError(`--${option} is for the scenario ${interRetailer}`)
  }
  const intervals = values.text('intervals')
  const scenario = scenarioFrom(
    values,
    intervals === undefined ? undefined : values.integer('intervals', 288, 1, 100_000),
  )
  const proofs = values.text('proofs') ?? 'all'
  if (proofs !== 'all' && proofs !== 'none') {
    throw new UsageError(`--proofs is ${proofs}; it takes all or none`)
  }
  output.note(scenario.source)
  const place = await dataDirFor(values.text('data-dir'))
  const began = performance.now()
  const prices: number[] = []
  const market = await startMarket(scenario, place.path, {
    environment: { BUSBAR_PORT: '0' },
    proofs: proofs === 'all' ? 'each' : 'none',
    say: output.note,
    committeeDir: values.text('committee'),
  })
  let report: DayReport
  try {
    const summary = await market.day((progress) => {
      const { step, interval, intervals: all, priceMicrosPerKwh, energyWh } = progress
      if (step !== 'cleared') return
      if (priceMicrosPerKwh !== null) prices.push(priceMicrosPerKwh)
      const shown = priceMicrosPerKwh === null ? 'no trade' : price(priceMicrosPerKwh)
      output.progress(`interval ${interval} of ${all}  ${energy(energyWh)} at ${shown}`)
    })
    output.progress('')
    let proven = await proofReport(market, output.progress)
    if (values.flag('final')) proven = await runFinals(market, scenario, output)
    const figures = await serverFigures(market.client)
    const stateHash = await market.stop()
    report = dayReport({
      scenario: scenario.name,
      summary,
      figures,
      proofs: proven,
      moneyMovedMicros: summary.movedMicros,
      stateHash,
      seconds: (performance.now() - began) / 1_000,
    })
  } catch (error) {
    await market.stop().catch((late: unknown) => output.note(String(late)))
    throw error
  } finally {
    await place.done()
  }
  output.print(values.flag('json') ? JSON.stringify(report) : textOf(report, prices))
  return isSound(report) ? exitCodes.ok : exitCodes.difference
}

/**
 * Interval by interval, so that each clearing is proven before the next gate: those after the day
 * have no orders, and are proven as well.
 */
async function runFinals(
  market: MarketRun,
  { district, rulebook }: Scenario,
  output: Output,
): Promise<Awaited<ReturnType<typeof proofReport>>> {
  const { startMs, intervalMs, intervals } = district
  const endMs = startMs + intervals * intervalMs
  let proven: Awaited<ReturnType<typeof proofReport>> = null
  for (let k = 1; k <= rulebook.finalAfterIntervals + 1; k += 1) {
    output.progress(`final runs: ${k} of ${rulebook.finalAfterIntervals + 1} intervals more`)
    await market.advanceTo(endMs + k * intervalMs)
    proven = await proofReport(market, output.progress)
  }
  return proven
}

function ordersText({ orders, orders_filled: filled, orders_void: voids }: DayReport): string {
  const lost = Object.entries(voids).map(([reason, number]) => `${count(number)} ${reason}`)
  const void_ = lost.length === 0 ? '' : `, void ${lost.join(', ')}`
  return `${count(orders)}, of which filled ${count(filled)}${void_}`
}

function proofRows({ proofs }: DayReport): readonly (readonly [string, string])[] {
  if (proofs === null) return []
  const { batches, proven, seconds, gas_per_proof: gas, unproven, final } = proofs
  const notice = `(${proofs.notice})`
  if (proofs.made === 0 && proven === 0) {
    const waits = `${count(batches)} clearings, NONE PROVEN: no prover ran`
    return [
      ['proofs', waits],
      ['', 'final runs and withdrawals of what was credited wait for them'],
    ]
  }
  const time = seconds.median === null ? '' : `, ${seconds.median} s each, at most ${seconds.max} s`
  const rest = unproven.length === 0 ? '' : `; NOT PROVEN: ${unproven.join(', ')}`
  return [
    ['proofs', `${count(proofs.made)} made${time} ${notice}`],
    ['', `${count(proven)} of ${count(batches)} clearings verified on the chain${rest}`],
    ['', gas === null ? 'gas not measured' : `${count(gas)} gas a proof`],
    ['final runs', `${count(final)} of ${count(batches)} intervals`],
  ]
}

function textOf(report: DayReport, prices: readonly number[]): string {
  const { latency_ms: latency, gas } = report
  const exact = (value: number, unit: string): string =>
    value === 0 ? 'exact' : `UNEXPLAINED ${count(value)} ${unit}`
  const known = (value: number | null): string => (value === null ? 'not measured' : `${value} ms`)
  const average = report.average_price_micros_per_kwh
  const differences = `${count(report.auditor_differences)} DIFFERENCES`
  const hourly = prices.filter((_, index) => index % Math.ceil(prices.length / 72) === 0)
  return [
    `${report.intervals} intervals, ${report.sites} sites, in ${report.seconds} s`,
    '',
    `  price over the day  ${sparkline(hourly)}`,
    '',
    rows([
      ['orders', ordersText(report)],
      ['traded', energy(report.energy_wh)],
      ['average price', average === null ? 'none' : price(average)],
      ['load, solar', `${energy(report.load_wh)}, ${energy(report.solar_wh)}`],
      ['self-supply', percent(report.self_supply)],
      ['imbalance', energy(report.imbalance_wh)],
      ['money moved', money(report.money_moved_micros)],
      ['gate to receipt', `p50 ${known(latency.p50)}, p99 ${known(latency.p99)}`],
      ['gas', `${count(gas.total)}, ${gas.per_participant ?? '?'} a participant and interval`],
      ...proofRows(report),
      ['money conserved', exact(report.conservation.money_micros, 'micros')],
      ['energy conserved', exact(report.conservation.energy_wh, 'Wh')],
      ['chain = ledger', report.chain_equals_ledger ? 'exact' : 'DIFFERENT'],
      ['auditor', report.auditor_agrees ? 'agrees to the micro' : differences],
      ...(report.suspect_meters.length === 0
        ? []
        : [['suspect meters', report.suspect_meters.join(', ')] as const]),
      ['state hash', report.state_hash],
    ]),
  ].join('\n')
}
