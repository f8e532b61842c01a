import type { WattHours } from '@busbar/core/units'
import type { Domain } from '@busbar/protocols/eip712'
import {
  readTradedEnergy,
  type SignedStatements,
  type TradedEnergyAnswer,
  type TradedEnergyQuestion,
} from '@busbar/protocols/traded-energy'
import { errorOfFailure } from './busbar-error.ts'

/** What was asked, and what is known without the server that answers. */
export type TradedEnergyTerms = TradedEnergyQuestion & {
  readonly domain: Domain
  /** The address that signs, from the chain (the operator of IntervalLog). */
  readonly operator: string
  /** The meter's, as it was given when the meter became one's customer's, or one's own. */
  readonly meterSecret: Uint8Array
}

/**
 * What is shown of one interval: energy sold and bought by contract, none, or that the chain has no
 * root yet, so that nothing is known. Only the first two are ground for a bill.
 */
export type ShownEnergy =
  | {
      readonly interval: number
      readonly kind: 'traded'
      readonly soldWh: WattHours
      readonly boughtWh: WattHours
    }
  | { readonly interval: number; readonly kind: 'none' | 'unsettled' }

export type VerifiedEnergy = {
  /** One for each interval that was asked, in their order. */
  readonly intervals: readonly ShownEnergy[]
  /** Keep it: with an answer that contradicts it, it is evidence (`equivocation`). */
  readonly signed: SignedStatements
}

/**
 * Whether an answer about a meter's traded energy can be relied on, interval by interval. It asks
 * nobody: the operator must have signed the answer, and each proof must lead to the chain's root.
 *
 * @param roots by interval, of the interval's latest run on the chain; none where it has no run
 * @throws BusbarError proof_invalid for an answer to something else, without the signature, with a
 * proof that shows nothing, or under another root: that of an earlier run, or of one that the chain
 * has not got yet, if it is not a lie; ask again then
 */
export function verifyTradedEnergy(
  answer: TradedEnergyAnswer,
  roots: ReadonlyMap<number, string>,
  terms: TradedEnergyTerms,
): VerifiedEnergy {
  const { domain, operator, meterSecret, meter, fromInterval } = terms
  const signed = readTradedEnergy(domain, operator, terms, meterSecret, answer)
  if (signed === undefined) {
    throw errorOfFailure('proof_invalid', `no proof of what meter ${meter} traded, signed as asked`)
  }
  const intervals = signed.statements.map(({ root, energy }, i): ShownEnergy => {
    const interval = fromInterval + i
    const known = roots.get(interval)
    if (known === undefined) return { interval, kind: 'unsettled' }
    if (root !== known) {
      throw errorOfFailure('proof_invalid', `interval ${interval} is not under the chain’s root`)
    }
    return energy === null ? { interval, kind: 'none' } : { interval, kind: 'traded', ...energy }
  })
  return { intervals, signed }
}
