/**
 * A second opinion on who is paid: the rules of `reconcile` written again from their text, one
 * watt-hour flow after the other, sharing only the units with it. `busbar verify` replays a journal
 * with this one, and a property holds the two together.
 */
import type {
  MeterPosition,
  Reason,
  Reconciliation,
  ReconciliationInput,
  SettlementItem,
} from './items.ts'
import type { Micros, MicrosPerKwh } from '../units/index.ts'

type Line = {
  account: number
  meter: number
  reason: Reason
  energy: bigint
  price: bigint
  amount: bigint
}

export function reconcileNaive(input: ReconciliationInput): Reconciliation {
  const lines: Line[] = []
  for (const meter of input.meters) {
    lines.push(...auctionLines(input, meter), ...deviationLines(input, meter))
  }
  const retail: readonly Reason[] = [
    'retail_import', 'retail_export', 'retail_supply', 'retail_intake',
  ]
  // A retailer that bills by itself gets its energy, and no line.
  const paid = lines.filter(({ reason }) => !(input.isRetailBilled && retail.includes(reason)))
  const merged = mergeOthers(paid)
  const residue = -total(merged.map((line) => line.amount))
  if (residue !== 0n) {
    const rest = { energy: 0n, price: 0n, amount: residue }
    merged.push({ account: 0, meter: -1, reason: 'rounding', ...rest })
  }
  return { items: merged.map(branded), energy: energyOf(input, lines) }
}

function auctionLines(input: ReconciliationInput, meter: MeterPosition): Line[] {
  const price = input.price
  if (price === null) return []
  const line = (reason: Reason, energy: bigint, amount: bigint): Line => ({
    account: meter.account, meter: meter.meter, reason, energy, price, amount,
  })
  const traded = meter.bought + meter.sold
  const rate: bigint = input.feeMicrosPerKwh
  const fee = roundedUp(rate * traded)
  const fees: Line[] = [
    { ...line('exchange_fee', traded, -fee), price: rate },
    { account: 1, meter: -1, reason: 'fee_income', energy: traded, price: rate, amount: fee },
  ]
  const { bought, sold } = meter
  return [
    ...(bought > 0n ? [line('auction_buy', bought, -roundedUp(price * bought))] : []),
    ...(sold > 0n ? [line('auction_sell', sold, roundedDown(price * sold))] : []),
    ...(fee > 0n ? fees : []),
  ]
}

function deviationLines(input: ReconciliationInput, meter: MeterPosition): Line[] {
  if (meter.kind === 'virtual') return []
  const contract = meter.sold - meter.bought
  const net = meter.exported - meter.tradeSold + meter.tradeBought - meter.imported
  const flow = (reason: Reason, energy: bigint): Line[] => priced(input, meter, reason, energy)
  const clip = (value: bigint): bigint => (value > 0n ? value : 0n)
  const share = clip(contract) + clip(-contract)
  const allowance = (share * BigInt(input.overDeviationBasisPoints)) / 10_000n
  const within = (over: bigint): bigint => (over < allowance ? over : allowance)
  if (contract > 0n) {
    return [
      ...flow('over_production', within(clip(net - contract))),
      ...flow('under_production', clip(contract - clip(net))),
      ...flow('retail_import', clip(-net)),
      ...flow('retail_export', clip(net - contract - allowance)),
    ]
  }
  if (contract < 0n) {
    return [
      ...flow('over_consumption', within(clip(contract - net))),
      ...flow('under_consumption', clip(clip(-contract) - clip(-net))),
      ...flow('retail_import', clip(contract - net - allowance)),
      ...flow('retail_export', clip(net)),
    ]
  }
  return [...flow('retail_import', clip(-net)), ...flow('retail_export', clip(net))]
}

const otherSide: Partial<Record<Reason, Reason>> = {
  over_production: 'balancing_purchase',
  under_consumption: 'balancing_purchase',
  under_production: 'balancing_sale',
  over_consumption: 'balancing_sale',
  retail_import: 'retail_supply',
  retail_export: 'retail_intake',
}

function priced(
  input: ReconciliationInput,
  meter: MeterPosition,
  reason: Reason,
  energy: bigint,
): Line[] {
  const other = otherSide[reason]
  if (energy === 0n || other === undefined) return []
  const retail = reason === 'retail_import' || reason === 'retail_export'
  const short = reason === 'under_production' || reason === 'over_consumption'
  const pays = short || reason === 'retail_import'
  if (retail && input.isRetailBilled) {
    return [{ account: 0, meter: meter.meter, reason, energy, price: 0n, amount: 0n }]
  }
  const counterparty = retail ? meter.retailer : input.balancingAuthority
  const price = retail ? tariffPrice(meter, pays) : deviationPrice(input, pays)
  if (counterparty === null || price === null) throw new Error(`${reason} has no price`)
  const given = roundedUp(price * energy)
  const received = roundedDown(price * energy)
  const [own, others] = pays ? [-given, received] : [received, -given]
  return [
    { account: meter.account, meter: meter.meter, reason, energy, price, amount: own },
    { account: counterparty, meter: -1, reason: other, energy, price, amount: others },
  ]
}

const tariffPrice = (meter: MeterPosition, pays: boolean): bigint | null =>
  meter.tariff === null ? null : pays ? meter.tariff.retail : meter.tariff.feedIn

function deviationPrice(input: ReconciliationInput, pays: boolean): bigint | null {
  if (input.price === null) return null
  const size = input.price < 0n ? -input.price : input.price
  const part = size * BigInt(input.spreadBasisPoints)
  const spread = part % 10_000n === 0n ? part / 10_000n : part / 10_000n + 1n
  return pays ? input.price + spread : input.price - spread
}

function mergeOthers(lines: readonly Line[]): Line[] {
  const merged: Line[] = lines.filter((line) => line.meter !== -1)
  for (const line of lines.filter((candidate) => candidate.meter === -1)) {
    const same = merged.find(
      (other) =>
        other.meter === -1 && other.account === line.account &&
        other.reason === line.reason && other.price === line.price,
    )
    if (same === undefined) merged.push({ ...line })
    else {
      same.energy += line.energy
      same.amount += line.amount
    }
  }
  return merged
}

function energyOf(input: ReconciliationInput, lines: readonly Line[]): Reconciliation['energy'] {
  const ofMeters = lines.filter((line) => line.meter !== -1)
  const of = (...wanted: Reason[]): bigint =>
    total(ofMeters.filter((line) => wanted.includes(line.reason)).map((line) => line.energy))
  const physical = input.meters.filter((meter) => meter.kind === 'physical')
  const virtual = input.meters.filter((meter) => meter.kind === 'virtual')
  const injected = total(physical.map((meter) => meter.exported))
  const consumed = total(physical.map((meter) => meter.imported))
  const imported = total(virtual.map((meter) => meter.sold)) + of('retail_import')
  const exported = total(virtual.map((meter) => meter.bought)) + of('retail_export')
  const imbalanceBought = of('under_production', 'over_consumption')
  const imbalanceSold = of('over_production', 'under_consumption')
  const tradeBought = total(physical.map((meter) => meter.tradeBought))
  const tradeSold = total(physical.map((meter) => meter.tradeSold))
  const came = injected + imported + imbalanceBought + tradeBought
  const unexplained = came - (consumed + exported + imbalanceSold + tradeSold)
  const balancing = { imbalanceBought, imbalanceSold }
  return {
    ...{ injected, consumed, imported, exported, ...balancing, tradeBought, tradeSold },
    unexplained,
  }
}

const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n)

/** Thousandths to whole micros: a price is for a kilowatt-hour, energy in watt-hours. */
function roundedDown(thousandths: bigint): bigint {
  const cut = thousandths / 1_000n
  return thousandths < 0n && cut * 1_000n !== thousandths ? cut - 1n : cut
}

function roundedUp(thousandths: bigint): bigint {
  const cut = thousandths / 1_000n
  return thousandths > 0n && cut * 1_000n !== thousandths ? cut + 1n : cut
}

const branded = (line: Line): SettlementItem => ({
  account: line.account,
  meter: line.meter,
  trade: 0,
  reason: line.reason,
  energy: line.energy,
  price: line.price as MicrosPerKwh,
  amount: line.amount as Micros,
})
