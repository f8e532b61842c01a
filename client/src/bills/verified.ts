import { Fault } from '@busbar/core/errors'
import { bilateralZone } from '@busbar/core/exchange'
import { createDomain } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { BusbarError } from '../busbar-error.ts'
import { type ShownEnergy, verifyTradedEnergy } from '../traded-energy.ts'
import { billableOf, type BillableInterval, missing, type TradedInterval } from './billable.ts'
import type { Evidence, MeterEvidence } from './evidence.ts'

type Row = { readonly interval: number; readonly meter: number }

const byInterval = <One extends Row>(rows: readonly One[]): ReadonlyMap<string, One> =>
  new Map(rows.map((one) => [`${one.meter}/${one.interval}`, one]))

/**
 * What a file of evidence shows, meter by meter and interval by interval: the exchange's word where
 * it is proven by the chain's roots, and nothing else.
 *
 * @throws Fault BILLS_PROOF_INVALID or BILLS_ENERGY_MISSING, naming the meter
 */
export function provenIntervals(evidence: Evidence): readonly BillableInterval[] {
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
      const traded = tradedIn(meter.meter, shown)
      return [billableOf({ ...energy, account: meter.account }, declared, traded)]
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

function tradedIn(meter: number, shown: ShownEnergy): TradedInterval {
  if (shown.kind === 'unsettled') throw missing(meter, shown.interval, 'no root on the chain')
  return shown.kind === 'traded' ? shown : { soldWh: 0n, boughtWh: 0n }
}
