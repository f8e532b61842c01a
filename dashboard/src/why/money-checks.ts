import { sumsOf } from '@busbar/client'
import type { Assurance } from '@busbar/core/metering'
import {
  type MeterPosition,
  noTrade,
  reconcile,
  type SettlementItem,
} from '@busbar/core/settlement'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type {
  AccountIntervalZone,
  AccountRun,
  InclusionProof,
  MeteredInterval,
  RulebookDocument,
  SettlementLine,
} from '@busbar/protocols/api'
import { energyLeaf, postingLeaf } from '@busbar/protocols/commitments'
import { type Check, outcome, told, type Terms, waits } from './checks.ts'
import { readingKey, type ZoneEvidence } from './evidence.ts'
import { isInTree, isLeaf } from './leaves.ts'
import { isCorrected, lineSum } from './line-sums.ts'
import { unlessMalformed } from './order-checks.ts'

/** That energies follow from registers, and are those that the money was computed from. */
export function meterChecks(
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  return zone.meters.flatMap((meter) => [
    ...registersCheck(meter),
    ...readingCheck(zone, meter, evidence, terms),
  ])
}

function registersCheck(meter: MeteredInterval): readonly Check[] {
  const { opening, closing, assurance } = meter
  if (assurance === 'contracted') {
    const isContract = meter.importedWh === meter.boughtWh && meter.exportedWh === meter.soldWh
    return [outcome('reading', 'registers-subtract', isContract, meter.meter)]
  }
  if (assurance !== 'metered') return [waits('reading', 'registers-subtract', meter.meter)]
  const holds =
    opening !== null &&
    closing !== null &&
    isCounted(opening.importWh, closing.importWh, meter.importedWh) &&
    isCounted(opening.exportWh, closing.exportWh, meter.exportedWh)
  return [outcome('reading', 'registers-subtract', holds, meter.meter)]
}

/** A register begins again at zero after its last digit, which is the fourth or a later one. */
function isCounted(before: number, after: number, energyWh: number): boolean {
  const missing = energyWh - (after - before)
  return missing === 0 || (after < before && /^10{4,}$/.test(String(missing)))
}

/** That each run was computed from readings that stand under its root, the last one from these. */
function readingCheck(
  zone: AccountIntervalZone,
  meter: MeteredInterval,
  { shown, readings }: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  if (meter.assurance === 'contracted') return []
  const last = shown.runs.at(-1)
  if (last === undefined) return [waits('reading', 'reading-in-run', meter.meter)]
  return shown.runs.map(({ run, readingsRoot: root }) => {
    const proof = readings.get(readingKey(run, meter.meter))
    const found = (check: Check): Check => ({ ...check, run })
    const shownBy = (holds: boolean): Check =>
      found(outcome('reading', 'reading-in-tree', holds, meter.meter))
    const ahead = found(waits('reading', 'reading-in-tree', meter.meter))
    if (root === null) return ahead
    if (proof === undefined) return shownBy(false)
    const isShown = isInTree(proof, root) && showsMeter(proof, meter.meter)
    if (run !== last.run) return shownBy(isShown)
    const isThis = isEnergyOf(proof, root, meter, { zone: zone.zone, interval: terms.interval })
    // A corrected reading stands before the run that corrects the money.
    const isLate = isCorrected(meter) && registersCheck(meter).every(isHolding)
    return !isThis && isShown && isLate ? ahead : shownBy(isThis)
  })
}

const isHolding = ({ state }: Check): boolean => state === 'holds'

const isEnergyOf = (
  proof: InclusionProof,
  root: string,
  { meter, importedWh, exportedWh, assurance }: MeteredInterval,
  place: { readonly zone: number; readonly interval: number },
): boolean =>
  unlessMalformed(() =>
    isLeaf(proof, root, (salt) =>
      energyLeaf(place, salt, {
        meter,
        imported: BigInt(importedWh),
        exported: BigInt(exportedWh),
        // The other one has no leaf.
        assurance: assurance as Assurance,
      }),
    ),
  )

/** The meter's number stands behind place and salt. */
const showsMeter = ({ data }: InclusionProof, meter: number): boolean =>
  data.slice(58, 66) === meter.toString(16).padStart(8, '0')

/** Lines that follow from orders and meters alone; others stand for many, or for missing money. */
const ruled: ReadonlySet<SettlementLine['reason']> = new Set([
  'auction_buy', 'auction_sell', 'exchange_fee', 'over_production', 'under_production',
  'over_consumption', 'under_consumption', 'retail_import', 'retail_export',
])

/**
 * Settles the account's meters again, here, by the rules, and compares line by line: with what was
 * posted, and with what is left to the retailer's bill. What is not settled again is named.
 *
 * @param isSettled whether the money is that of the readings: else a correction is on its way
 */
export function ruleChecks(
  zone: AccountIntervalZone,
  terms: Terms,
  isSettled: boolean,
): readonly Check[] {
  const items = zone.runs.flatMap((run) => run.items)
  const dues = zone.runs.flatMap((run) => run.dues)
  const isUnruled = items.some((line) => !isRuled(line)) || dues.length > 0
  const others = isUnruled ? [told('money', 'money-told', zone.zone)] : []
  if (zone.runs.length === 0) return others
  const rules = terms.rulebooks.get(zone.rulebookHash)
  if (rules === undefined || !isSettled) return [waits('money', 'money-by-rule'), ...others]
  const holds = unlessMalformed(() => {
    if (zone.meters.some(isOvertraded)) return false
    const isBilled = rules.reconciliation.policy === 'retailer-bill'
    const wanted = settledAgain(zone, rules, terms.account)
    const [posted, billed] = isBilled
      ? [wanted.filter((line) => !isRetail(line)), wanted.filter(isRetail)]
      : [wanted, []]
    return (
      sumsOf(posted.map(itemSum)) === sumsOf(items.filter(isRuled).map(lineSum)) &&
      zone.billed.every(({ trade }) => trade === noTrade) &&
      sumsOf(billed.map(itemSum)) === sumsOf(zone.billed.map(lineSum))
    )
  })
  return [outcome('money', 'money-by-rule', holds), ...others]
}

const isRetail = ({ reason }: Pick<SettlementItem, 'reason'>): boolean =>
  reason === 'retail_import' || reason === 'retail_export'

const itemSum = ({ meter, reason, energy, price, amount }: SettlementItem) =>
  [`${meter}/${reason}/${price}`, energy, amount] as const

/** The lines of the account's own meters, those of its retailer among them. */
function settledAgain(
  zone: AccountIntervalZone,
  { reconciliation: { overDeviationBasisPoints } }: RulebookDocument,
  account: number,
): readonly SettlementItem[] {
  const { items } = reconcile({
    price: priceOf(zone.priceMicrosPerKwh),
    meters: [
      ...zone.meters.map((meter) => positionOf(zone, meter, account)),
      otherSide(zone, account),
    ],
    // Not this account: what is settled with others is not looked at.
    balancingAuthority: account + 1,
    spreadBasisPoints: zone.spreadBasisPoints,
    overDeviationBasisPoints,
    feeMicrosPerKwh: MicrosPerKwh.from(BigInt(zone.feeMicrosPerKwh)),
    isRetailBilled: zone.tariff === null,
  })
  return items.filter((item) => item.account === account && item.meter >= 0)
}

/** No contract gets more than its meter gave out, or gives more than its meter took in. */
const isOvertraded = (meter: MeteredInterval): boolean =>
  meter.tradeSoldWh > meter.exportedWh || meter.tradeBoughtWh > meter.importedWh

const isRuled = ({ reason, meter, trade }: SettlementLine): boolean =>
  ruled.has(reason) && meter !== null && trade === noTrade

const priceOf = (price: number | null): MicrosPerKwh | null =>
  price === null ? null : MicrosPerKwh.from(BigInt(price))

function positionOf(
  { tariff }: AccountIntervalZone,
  meter: MeteredInterval,
  account: number,
): MeterPosition {
  const isVirtual = meter.assurance === 'contracted'
  return {
    meter: meter.meter,
    account,
    kind: isVirtual ? 'virtual' : 'physical',
    bought: WattHours.from(BigInt(meter.boughtWh)),
    sold: WattHours.from(BigInt(meter.soldWh)),
    imported: WattHours.from(BigInt(meter.importedWh)),
    exported: WattHours.from(BigInt(meter.exportedWh)),
    tradeBought: WattHours.from(BigInt(meter.tradeBoughtWh)),
    tradeSold: WattHours.from(BigInt(meter.tradeSoldWh)),
    retailer: isVirtual ? null : (tariff?.retailer ?? null),
    tariff: isVirtual || tariff === null
      ? null
      : {
          retail: MicrosPerKwh.from(BigInt(tariff.retailMicrosPerKwh)),
          feedIn: MicrosPerKwh.from(BigInt(tariff.feedInMicrosPerKwh)),
        },
  }
}

/** All others, as one meter that bought what was sold and sold what was bought: books close. */
function otherSide({ meters }: AccountIntervalZone, account: number): MeterPosition {
  const total = (field: 'boughtWh' | 'soldWh'): WattHours =>
    WattHours.from(meters.reduce((sum, one) => sum + BigInt(one[field]), 0n))
  const none = WattHours.zero
  const nothing = { imported: none, exported: none, tradeBought: none, tradeSold: none }
  return {
    ...{ meter: Math.max(...meters.map(({ meter }) => meter), 0) + 1, account: account + 2 },
    ...{ kind: 'virtual', retailer: null, tariff: null, ...nothing },
    ...{ bought: total('soldWh'), sold: total('boughtWh') },
  }
}

/** That sums are sums, and that each run posted exactly these lines. */
export function postingChecks(
  zone: AccountIntervalZone,
  { shown, postings }: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const net = zone.runs.reduce((sum, run) => sum + run.netMicros, 0)
  const areSums =
    net === zone.netMicros &&
    zone.runs.every((run) => run.items.reduce((sum, line) => sum + line.amountMicros, 0) ===
      run.netMicros)
  return [
    outcome('money', 'lines-sum', areSums, zone.zone),
    ...zone.runs.flatMap((run) => {
      if (run.items.length === 0) return []
      const proof = postings.get(run.run)
      const same = shown.runs.find((one) => one.run === run.run)
      if (same?.postingsRoot === null) return [waits('money', 'posting-in-tree', run.run)]
      if (same === undefined || proof === undefined) {
        return [outcome('money', 'posting-in-tree', false, run.run)]
      }
      const root = same.postingsRoot
      const isSame = same.kind === run.kind && same.atMs === run.atMs
      const place = { zone: zone.zone, interval: terms.interval }
      const isIn = unlessMalformed(() =>
        isLeaf(proof, root, (salt) => postingLeaf(place, salt, postingOf(run, terms.account))),
      )
      return [outcome('money', 'posting-in-tree', isSame && isIn, run.run)]
    }),
  ]
}

const manyMeters = -1

const postingOf = (run: AccountRun, account: number): Parameters<typeof postingLeaf>[2] => ({
  run: run.run,
  account,
  amount: BigInt(run.netMicros),
  lines: run.items.map((line) => ({
    meter: line.meter ?? manyMeters,
    trade: line.trade,
    reason: line.reason,
    energy: BigInt(line.energyWh),
    price: BigInt(line.priceMicrosPerKwh),
    amount: BigInt(line.amountMicros),
  })),
})
