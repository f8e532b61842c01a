import { BusbarError, type ShownEnergy, verifyTradedEnergy } from '@busbar/client'
import { Fault } from '@busbar/core/errors'
import { bilateralZone } from '@busbar/core/exchange'
import { MicrosPerKwh, type Micros, WattHours } from '@busbar/core/units'
import type { Declaration, MeteredEnergyLine } from '@busbar/protocols/api'
import { createDomain } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import type { Evidence, MeterEvidence } from './evidence.ts'
import type { MeterInterval } from './energy.ts'

/** What one utility charges for a meter's contracts in one interval. */
export type WheelingCharge = {
  readonly utility: number
  readonly price: MicrosPerKwh
  readonly sold: Micros
  readonly bought: Micros
}

/** One interval of one meter, of which all is final and proven. */
export type ProvenInterval = MeterInterval & {
  readonly account: number
  readonly wheeling: WheelingCharge | null
}

type Row = { readonly interval: number; readonly meter: number }

const byInterval = <One extends Row>(rows: readonly One[]): ReadonlyMap<string, One> =>
  new Map(rows.map((one) => [`${one.meter}/${one.interval}`, one]))

/**
 * What a file of evidence shows, meter by meter and interval by interval: the exchange's word where
 * it is proven by the chain's roots, and nothing else.
 *
 * @throws Fault BILLS_PROOF_INVALID or BILLS_ENERGY_MISSING, naming the meter
 */
export function provenIntervals(evidence: Evidence): readonly ProvenInterval[] {
  const energies = byInterval(evidence.energies)
  const declarations = byInterval(evidence.declarations)
  return evidence.meters.flatMap((meter) =>
    shownBy(evidence, meter).flatMap((shown) => {
      const key = `${meter.meter}/${shown.interval}`
      const energy = energies.get(key)
      const declared = declarations.get(key)
      // A meter has no energy before it was registered, and cannot have traded any.
      if (energy === undefined && declared === undefined && shown.kind === 'none') return []
      if (energy === undefined) throw missing(meter.meter, shown.interval, 'its energy')
      return [provenOf(meter, shown, energy, declared)]
    }),
  )
}

function shownBy(evidence: Evidence, meter: MeterEvidence): readonly ShownEnergy[] {
  const { market, chainId, verifyingContract, operator, fromInterval, count, roots } = evidence
  const named = roots.map((root, i) => [fromInterval + i, root] as const)
  try {
    return verifyTradedEnergy(meter.answer, new Map(named), {
      ...{ domain: createDomain({ market, chainId, verifyingContract }), operator },
      ...{ zone: bilateralZone, meter: meter.meter, fromInterval, count },
      meterSecret: hexToBytes(meter.secret, 32, 'secret'),
    }).intervals
  } catch (error) {
    if (!(error instanceof BusbarError)) throw error
    const details = { meter: meter.meter, interval: fromInterval, reason: error.message }
    throw new Fault('BILLS_PROOF_INVALID', details, { cause: error })
  }
}

function provenOf(
  { meter, account }: MeterEvidence,
  shown: ShownEnergy,
  energy: MeteredEnergyLine,
  declared: Declaration | undefined,
): ProvenInterval {
  const { interval } = shown
  if (shown.kind === 'unsettled') throw missing(meter, interval, 'no root on the chain')
  for (const run of [energy.runKind, declared?.runKind]) {
    if (run === 'provisional') throw missing(meter, interval, 'its final run')
  }
  const wh = (value: number): WattHours => WattHours.from(BigInt(value))
  const { soldWh, boughtWh } = shown.kind === 'traded' ? shown : nothing
  if (soldWh !== BigInt(declared?.soldWh ?? 0) || boughtWh !== BigInt(declared?.boughtWh ?? 0)) {
    const words = `${declared?.soldWh ?? 0} Wh sold and ${declared?.boughtWh ?? 0} Wh bought`
    const reason = `${words} declared, ${soldWh} and ${boughtWh} proven`
    throw new Fault('BILLS_PROOF_INVALID', { meter, interval, reason })
  }
  return {
    ...{ meter, account, interval, assurance: energy.assurance },
    imported: wh(energy.importedWh),
    exported: wh(energy.exportedWh),
    sold: soldWh,
    bought: boughtWh,
    auctionSold: wh(declared?.auctionSoldWh ?? 0),
    auctionBought: wh(declared?.auctionBoughtWh ?? 0),
    imbalanceSold: wh(declared?.imbalanceSoldWh ?? 0),
    imbalanceBought: wh(declared?.imbalanceBoughtWh ?? 0),
    wheeling: wheelingOf(declared),
  }
}

const nothing = { soldWh: WattHours.zero, boughtWh: WattHours.zero }

/**
 * What the utility charges this side, by what it delivered and by what it took. The exchange's
 * amount is for both together and is checked: it is their ceiling, so the side that took pays what
 * rounding makes more.
 */
function wheelingOf(declared: Declaration | undefined): WheelingCharge | null {
  if (declared === undefined || declared.utility === null) return null
  const { meter, interval, utility, wheelingMicrosPerKwh, wheelingMicros } = declared
  if (wheelingMicrosPerKwh === null || wheelingMicrosPerKwh === 0) return null
  const price = MicrosPerKwh.from(BigInt(wheelingMicrosPerKwh))
  const [sold, bought] = [declared.soldWh, declared.boughtWh].map(BigInt) as [bigint, bigint]
  if (sold + bought === 0n) return null
  const whole = MicrosPerKwh.valueCeil(price, WattHours.from(sold + bought))
  if (whole !== BigInt(wheelingMicros)) {
    const reason = `${wheelingMicros} micros for wheeling declared, ${whole} by its rate`
    throw new Fault('BILLS_PROOF_INVALID', { meter, interval, reason })
  }
  const forSold =
    bought === 0n ? whole : MicrosPerKwh.valueFloor(price, WattHours.from(sold))
  return { utility, price, sold: forSold, bought: (whole - forSold) as Micros }
}

const missing = (meter: number, interval: number, what: string): Fault =>
  new Fault('BILLS_ENERGY_MISSING', { meter, interval, reason: `${what} is missing` })
