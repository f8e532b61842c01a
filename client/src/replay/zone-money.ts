import type { Clearing } from '@busbar/core/clearing'
import { type MeterPosition, reconcile } from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { AuditReplay, Market } from '@busbar/protocols/api'
import { type Sum, sumsOf } from '../sums.ts'
import { isBeside } from './beside.ts'

/**
 * Whether all runs together posted what the rules make of the last run's readings, of the clearing
 * and of the tariffs: to the line, the watt-hour and the micro, of every account.
 */
export function moneyByRule(
  { meters, balancingAuthority, runs }: AuditReplay,
  { reconciliation, feeMicrosPerKwh }: Market['rulebook'],
  orders: readonly { readonly id: string; readonly meter: number; readonly side: string }[],
  { price, fills }: Clearing,
): boolean {
  if (balancingAuthority === null) return false
  const contracts = contractsOf(orders, fills)
  const readings = new Map(runs.at(-1)?.readings.map((one) => [one.meter, one]))
  const { items } = reconcile({
    price,
    meters: meters.map((meter): MeterPosition => {
      const reading = readings.get(meter.meter)
      const { bought = 0n, sold = 0n } = contracts.get(meter.meter) ?? {}
      return {
        ...{ meter: meter.meter, account: meter.account, kind: meter.kind },
        ...{ bought: WattHours.from(bought), sold: WattHours.from(sold) },
        imported: energy(reading?.importedWh),
        exported: energy(reading?.exportedWh),
        tradeBought: energy(meter.tradeBoughtWh),
        tradeSold: energy(meter.tradeSoldWh),
        retailer: meter.retailer,
        tariff: meter.tariff === null
          ? null
          : {
              retail: MicrosPerKwh.from(BigInt(meter.tariff.retailMicrosPerKwh)),
              feedIn: MicrosPerKwh.from(BigInt(meter.tariff.feedInMicrosPerKwh)),
            },
      }
    }),
    balancingAuthority,
    spreadBasisPoints: reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: reconciliation.overDeviationBasisPoints,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(feeMicrosPerKwh)),
    isRetailBilled: reconciliation.policy === 'retailer-bill',
  })
  const posted = runs.flatMap(({ postings }) =>
    postings.flatMap(({ account, lines }) =>
      lines
        .filter(({ reason }) => !isBeside(reason))
        .map((line): Sum => [
          `${account}/${line.meter ?? -1}/${line.reason}/${line.priceMicrosPerKwh}`,
          BigInt(line.energyWh),
          BigInt(line.amountMicros),
        ])))
  const wanted = items.map((item): Sum => [
    `${item.account}/${item.meter}/${item.reason}/${item.price}`, item.energy, item.amount,
  ])
  return sumsOf(posted) === sumsOf(wanted)
}

const energy = (wattHours: number | undefined): WattHours =>
  WattHours.from(BigInt(wattHours ?? 0))

/** What each meter bought and sold in the auction. */
function contractsOf(
  orders: readonly { readonly id: string; readonly meter: number; readonly side: string }[],
  fills: Clearing['fills'],
): ReadonlyMap<number, { readonly bought: bigint; readonly sold: bigint }> {
  const known = new Map(orders.map((order) => [order.id, order]))
  const sums = new Map<number, { bought: bigint; sold: bigint }>()
  for (const { orderId, energy: got } of fills) {
    const order = known.get(orderId)
    if (order === undefined) continue
    const sum = sums.get(order.meter) ?? { bought: 0n, sold: 0n }
    if (order.side === 'buy') sum.bought += got
    else sum.sold += got
    sums.set(order.meter, sum)
  }
  return sums
}
