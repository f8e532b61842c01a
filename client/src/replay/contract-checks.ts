import { type AllocationInput, allocateNaive, shortagesNaive } from '@busbar/core/metering'
import { contractedEnergy } from '@busbar/core/trades'
import { WattHours } from '@busbar/core/units'
import type { AuditReplay } from '@busbar/protocols/api'
import { clearingLeaf, orderLeaf } from '@busbar/protocols/commitments'
import { createDomain } from '@busbar/protocols/eip712'
import { contractIdentity } from '@busbar/protocols/trades'
import { checkContract } from '../contracts.ts'
import {
  isByRules,
  isCleared,
  linesOf,
  open,
  placeOf,
  readingsRootOf,
  rootOf,
  type Told,
  told,
  tradedRootOf,
} from './check.ts'
import type { ReplayMaterial } from './material.ts'
import { type Allocated, moneyByTerms } from './contract-money.ts'

export type Contracts = NonNullable<AuditReplay['contracts']>
export type Owed = Contracts['owed'][number]

/** @throws Error where the answer is of no contracts: then nothing of it can be shown */
export function contractsOf({ replay: { contracts } }: ReplayMaterial): Contracts {
  if (contracts === null) throw new Error('the contracts of the interval are missing')
  return contracts
}

const domainOf = ({ market }: ReplayMaterial) =>
  createDomain({ ...market.domain, market: market.market })

/** Those that were recorded make the root of the gate; those that owed are named by their terms. */
export function contractsCheck(material: ReplayMaterial): Told {
  const { recorded, owed } = contractsOf(material)
  if (material.shown.ordersRoot === null) return open()
  const domain = domainOf(material)
  const areTheirs = owed.every(({ contract, terms }) =>
    contractIdentity(domain, terms) === contract)
  const leaves = recorded.map((digest) => orderLeaf(placeOf(material), digest))
  return told(areTheirs && rootOf(leaves) === material.shown.ordersRoot, owed.length)
}

/** Both sides have signed: with a key of theirs, or with one that they have replaced since. */
export function signaturesCheck(material: ReplayMaterial): Told {
  const { owed } = contractsOf(material)
  const domain = domainOf(material)
  const partyOf = new Map(material.parties.map((party) => [party.account, party]))
  const found = owed.map((one) => {
    const [seller, buyer] = [partyOf.get(one.terms.seller), partyOf.get(one.terms.buyer)]
    return checkContract(
      domain,
      one,
      { seller: seller?.address ?? '', buyer: buyer?.address ?? '' },
      { seller: seller?.passkeys ?? [], buyer: buyer?.passkeys ?? [] },
    )
  })
  const isBy = (...wanted: readonly string[]): boolean =>
    found.every(({ seller, buyer }) => wanted.includes(seller) && wanted.includes(buyer))
  if (isBy('signed')) return told(true, owed.length)
  return isBy('signed', 'other_key') ? open(owed.length) : told(false, owed.length)
}

/** What each owes follows from its terms, and all of it is under the root of the result. */
export function owedCheck(material: ReplayMaterial): Told {
  if (!isCleared(material)) return open()
  const { shown, audit, replay: { interval } } = material
  const { owed } = contractsOf(material)
  const follow = owed.every(({ terms, contractedWh }) =>
    contractedEnergy(terms, interval) === BigInt(contractedWh) && contractedWh > 0)
  const energy = owed.reduce((sum, { contractedWh }) => sum + contractedWh, 0)
  const isSame = [shown, audit].every(
    ({ priceMicrosPerKwh, energyWh }) => priceMicrosPerKwh === null && energyWh === energy,
  )
  const result = clearingLeaf(placeOf(material), { price: null, energy: BigInt(energy) })
  const isUnder = rootOf([result]) === shown.clearingRoot && audit.fills.length === 0
  return told(follow && isSame && isUnder, owed.length)
}

/** What meters have read stands under the roots of the zones' last runs. */
export function meteredCheck(material: ReplayMaterial): Told {
  if (!isMetered(material)) return open()
  const { interval } = material.shown
  const settled = material.metered.filter(({ readingsRoot }) => readingsRoot !== null)
  const areRoots = settled.every(({ zone, readingsRoot, readings }) =>
    readingsRootOf({ zone, interval }, readings) === readingsRoot)
  return told(areRoots, settled.reduce((sum, { readings }) => sum + readings.length, 0))
}

/** Whether zones have settled what the meters of contracts have read. */
function isMetered(material: ReplayMaterial): boolean {
  const known = new Set(material.metered.flatMap(({ readings }) =>
    readings.map(({ meter }) => meter)))
  return contractsOf(material).owed.every(({ terms }) =>
    known.has(terms.sellerMeter) && known.has(terms.buyerMeter))
}

/** The energy that meters have read given to contracts by the rule, the slow way. */
export function allocationCheck(material: ReplayMaterial): Told {
  const { runs } = material.replay
  const last = runs.at(-1)
  if (last === undefined || !isByRules(material) || !isMetered(material)) return open()
  const { owed, delivered } = allocated(material)
  const sums = new Map<number, { soldWh: bigint; boughtWh: bigint }>()
  const ofMeter = (meter: number) => {
    const sum = sums.get(meter) ?? { soldWh: 0n, boughtWh: 0n }
    sums.set(meter, sum)
    return sum
  }
  for (const [index, { terms }] of owed.entries()) {
    const energy = delivered[index] ?? 0n
    ofMeter(terms.sellerMeter).soldWh += energy
    ofMeter(terms.buyerMeter).boughtWh += energy
  }
  const wanted = [...sums]
    .filter(([, { soldWh, boughtWh }]) => soldWh + boughtWh > 0n)
    .map(([meter, { soldWh, boughtWh }]) => `${meter}/${soldWh}/${boughtWh}`)
  const shown = last.traded.map(({ meter, soldWh, boughtWh }) => `${meter}/${soldWh}/${boughtWh}`)
  return told(wanted.sort().join() === shown.sort().join(), owed.length)
}

/** What each owes, by the utility's limit where that is less. */
const owedWh = ({ contractedWh, allowedWh }: Owed): number =>
  Math.min(contractedWh, allowedWh ?? contractedWh)

/** By what meters have read. */
export function allocated(material: ReplayMaterial): Allocated {
  const owed = contractsOf(material).owed.toSorted((a, b) => a.trade - b.trade)
  const { trades: rules } = material.market.rulebook
  if (rules === undefined) throw new Error('these rules know no contracts')
  const all = material.metered.flatMap(({ readings }) => readings)
  const readings = new Map(all.map((one) => [one.meter, one]))
  const energies = (side: 'seller' | 'buyer', register: 'exportedWh' | 'importedWh') =>
    [...new Set(owed.map(({ terms }) => terms[`${side}Meter`]))].map((meter) => {
      const reading = readings.get(meter)
      if (reading === undefined) throw new Error(`nothing was read of meter ${meter}`)
      return { meter, energy: WattHours.from(BigInt(reading[register])) }
    })
  const input: AllocationInput = {
    rule: rules.allocation,
    sellers: energies('seller', 'exportedWh'),
    buyers: energies('buyer', 'importedWh'),
    trades: owed.map((one) => ({
      ...{ trade: one.trade, seller: one.terms.sellerMeter, buyer: one.terms.buyerMeter },
      energy: WattHours.from(BigInt(owedWh(one))),
    })),
  }
  return { owed, delivered: allocateNaive(input).delivered, shortages: shortagesNaive(input) }
}

/** What contracts got of each meter makes the root of each run. */
export function tradedCheck(material: ReplayMaterial): Told {
  const { shown, replay } = material
  if (shown.runs.length === 0) return open()
  const place = placeOf(material)
  const areRoots = shown.runs.every(({ run, readingsRoot }) =>
    tradedRootOf(place, replay.runs[run]?.traded ?? []) === readingsRoot)
  const count = replay.runs.reduce((sum, { traded }) => sum + traded.length, 0)
  return told(areRoots && replay.runs.length === shown.runs.length, count)
}

/** All runs together posted and owe what contracts and charges come to, line by line. */
export function settledCheck(material: ReplayMaterial): Told {
  const { shown } = material
  if (shown.runs.length === 0 || !isByRules(material) || !isMetered(material)) return open()
  const dues = material.replay.runs.reduce((sum, one) => sum + one.dues.length, 0)
  const holds = moneyByTerms(material.replay, material.market.rulebook, allocated(material))
  return told(holds, linesOf(material).length + dues)
}
