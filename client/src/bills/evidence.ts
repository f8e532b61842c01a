import type { Declaration, DefaultView, MeteredEnergyLine } from '@busbar/protocols/api'
import type { TradedEnergyAnswer } from '@busbar/protocols/traded-energy'
import { inputInvalid } from './bills-fault.ts'

/** One meter of a customer, with the exchange's signed answer for all intervals of the file. */
export type MeterEvidence = {
  readonly meter: number
  readonly account: number
  /** As it was first told; an answer by another secret is no proof. */
  readonly secret: string
  readonly answer: TradedEnergyAnswer
}

/**
 * All that a retailer needs of some final intervals to bill them later, when the exchange has
 * forgotten them: it can be checked without it.
 */
export type Evidence = {
  readonly market: string
  readonly chainId: number
  readonly verifyingContract: string
  /** The IntervalLog, and whose signature commits the exchange. */
  readonly intervalLog: string
  readonly operator: string
  readonly intervalSeconds: number
  readonly overDeviationBasisPoints: number
  readonly retailer: number
  readonly retailerName: string
  readonly fromInterval: number
  readonly count: number
  /** The chain's, one for each interval. */
  readonly roots: readonly string[]
  readonly customers: readonly { readonly account: number; readonly name: string }[]
  /** Whose wires the customers' meters hang on. */
  readonly utilities: readonly { readonly account: number; readonly name: string }[]
  readonly meters: readonly MeterEvidence[]
  readonly energies: readonly MeteredEnergyLine[]
  readonly declarations: readonly Declaration[]
  /** Of the customers, as they stood then. */
  readonly defaults: readonly DefaultView[]
}

/** The last interval of a file. */
export const lastOf = ({ fromInterval, count }: Evidence): number => fromInterval + count - 1

/** What all files of a bill run have in common. */
const sameInAll = [
  'market', 'chainId', 'verifyingContract', 'intervalLog', 'operator', 'intervalSeconds',
  'retailer',
] as const

/** @throws Fault BILLS_INPUT_INVALID for files of different markets or retailers */
export function requireSame(files: readonly { name: string; evidence: Evidence }[]): void {
  const [first] = files
  for (const { name, evidence } of files) {
    for (const field of sameInAll) {
      const wanted = first?.evidence[field]
      if (evidence[field] !== wanted) {
        throw inputInvalid(name, field, `${wanted}, as in ${first?.name}`, evidence[field])
      }
    }
  }
}
