import { bilateralZone } from '@busbar/core/exchange'
import { rulebookHash } from '@busbar/protocols/commitments'
import { signedCheck } from './chain-check.ts'
import {
  contractChecks,
  open,
  type ReplayCheck,
  type ReplayCheckName,
  type Told,
  told,
  zoneChecks,
} from './check.ts'
import {
  allocationCheck,
  contractsCheck,
  meteredCheck,
  owedCheck,
  settledCheck,
  signaturesCheck,
  tradedCheck,
} from './contract-checks.ts'
import type { ReplayMaterial } from './material.ts'
import { netsCheck, postingsCheck } from './run-checks.ts'
import {
  byContractCheck,
  clearingCheck,
  fillsCheck,
  moneyCheck,
  ordersCheck,
  readingsCheck,
} from './zone-checks.ts'

/** Which checks an interval of a zone takes, or one of the contracts of all zones. */
export function replayChecksOf(
  zone: number,
  { rulebook }: Pick<ReplayMaterial['market'], 'rulebook'>,
): readonly ReplayCheckName[] {
  if (zone === bilateralZone) return contractChecks
  const hasContracts = rulebook.trades !== undefined
  return zoneChecks.filter((name) => hasContracts || name !== 'byContract')
}

const checks: Readonly<Record<ReplayCheckName, (material: ReplayMaterial) => Told>> = {
  rules: rulesCheck,
  orders: ordersCheck,
  clearing: clearingCheck,
  fills: fillsCheck,
  readings: (material) =>
    material.shown.zone === bilateralZone ? meteredCheck(material) : readingsCheck(material),
  byContract: byContractCheck,
  money: moneyCheck,
  contracts: contractsCheck,
  signatures: signaturesCheck,
  owed: owedCheck,
  allocation: allocationCheck,
  traded: tradedCheck,
  settled: settledCheck,
  postings: postingsCheck,
  nets: netsCheck,
  signed: signedCheck,
}

/** One check after the other, as they are done: the first ones may take a while. */
export function* replayed(material: ReplayMaterial): Generator<ReplayCheck, void, undefined> {
  for (const name of replayChecksOf(material.shown.zone, material.market)) {
    let found: Told
    try {
      found = checks[name](material)
    } catch {
      // What cannot be computed with is not what the exchange computed with.
      found = { state: 'fails', count: 0 }
    }
    yield { name, ...found }
  }
}

/** The worst of them: one that fails, else one that cannot be shown yet. */
export function verdictOf(found: readonly Pick<ReplayCheck, 'state'>[]): ReplayCheck['state'] {
  const states = new Set(found.map(({ state }) => state))
  return states.has('fails') ? 'fails' : states.has('open') ? 'open' : 'holds'
}

/** The rules that are shown are those that the interval names. */
function rulesCheck({ shown, market }: ReplayMaterial): Told {
  const hash = rulebookHash(market.rulebook)
  if (hash !== market.rulebookHash) return told(false, 1)
  return hash === shown.rulebookHash ? told(true, 1) : open(1)
}
