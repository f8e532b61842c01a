import { clear, clearNaive } from '@busbar/core/clearing'
import {
  type CommitmentContext,
  type Engine,
  type Opening,
  openBooksOnly,
  withoutMatches,
} from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import { allocate, allocateNaive, shortages, shortagesNaive } from '@busbar/core/metering'
import {
  reconcile,
  reconcileNaive,
  settleActuals,
  settleActualsNaive,
} from '@busbar/core/settlement'
import type { Domain } from '@busbar/protocols/eip712'
import {
  blindOf,
  commitmentAndPad,
  commitmentOf,
  contextOf,
  fieldFromHex,
  fieldToHex,
  wordOf,
} from '@busbar/protocols/sealed-orders'
import { contractIdentity } from '@busbar/protocols/trades'
import { rulebookHash } from '@busbar/protocols/commitments'
import type { ChainDeployment } from './ports/chain.ts'

/** What a running market computes with where all books are open. */
export const fastEngine: Engine = {
  ...{ clear, reconcile, allocate, shortages, settleActuals },
  ...{ contract: withoutMatches, commitment: openBooksOnly },
}

/** The second opinion: `busbar verify` replays a journal with it. */
export const naiveEngine: Engine = {
  clear: clearNaive,
  reconcile: reconcileNaive,
  allocate: allocateNaive,
  shortages: shortagesNaive,
  settleActuals: settleActualsNaive,
  ...{ contract: withoutMatches, commitment: openBooksOnly },
}

/** Where a market's orders are meant for: commitments are bound to it. */
export type SealedPlace = { readonly chainId: number; readonly intervalLog: string }

export const placeOf = ({ chainId, intervalLog }: ChainDeployment): SealedPlace => ({
  chainId,
  intervalLog: intervalLog.toLowerCase(),
})

/** The engines of one deployment, which also know what an opening's commitment is. */
export function enginesFor(
  deployment: ChainDeployment,
  domain: Domain,
): {
  readonly fast: Engine
  readonly naive: Engine
} {
  const place = placeOf(deployment)
  const contract: Engine['contract'] = (terms) => contractIdentity(domain, terms)
  return {
    fast: {
      ...fastEngine,
      contract,
      commitment: (context, opening) => fieldToHex(committed(place, context, opening).commitment),
    },
    // From nothing every time, by the one function that anybody can call.
    naive: {
      ...naiveEngine,
      contract,
      commitment: ({ zone, interval, rulebook }, opening) => {
        const hash = rulebookHash(rulebook)
        return commitmentOf(contextOf({ ...place, zone, interval, rulebookHash: hash }), opening)
      },
    },
  }
}

const rulebookHashes = new WeakMap<Rulebook, string>()

/** What the commitments of one zone and interval are bound to: a field element. */
export function contextFor(
  place: SealedPlace,
  { zone, interval, rulebook }: CommitmentContext,
): string {
  let hash = rulebookHashes.get(rulebook)
  if (hash === undefined) rulebookHashes.set(rulebook, (hash = rulebookHash(rulebook)))
  return contextOf({ ...place, zone, interval, rulebookHash: hash })
}

type Committed = {
  readonly context: string
  readonly commitment: bigint
  readonly pad: bigint
}

/** The permutation that gives the commitment gives the pad too, which is wanted a moment later. */
const committedBefore = new WeakMap<Opening, Committed>()

/** Commitment and pad of an opening. */
export function committed(
  place: SealedPlace,
  where: CommitmentContext,
  opening: Opening,
): Committed {
  const context = contextFor(place, where)
  const before = committedBefore.get(opening)
  if (before?.context === context) return before
  const field = fieldFromHex(context)
  const made = { context, ...commitmentAndPad(wordOf(opening), blindOf(opening), field) }
  committedBefore.set(opening, made)
  return made
}
