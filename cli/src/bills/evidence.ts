import { createHash } from 'node:crypto'
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

const format = 'busbar-bills-evidence-1'

/** The text of a file: the digest at its head shows whether it was changed or cut off. */
export function evidenceText(evidence: Evidence): string {
  const content = JSON.stringify(evidence)
  return `{"format":"${format}","sha256":"${digestOf(content)}","content":${content}}\n`
}

/** @throws Fault BILLS_INPUT_INVALID for text that `evidenceText` has not written like this */
export function parseEvidence(text: string, file: string): Evidence {
  const match = /^\{"format":"([^"]*)","sha256":"([0-9a-f]{64})","content":(.*)\}\n$/su.exec(text)
  const [, found, digest, content = ''] = match ?? []
  if (found !== format) throw inputInvalid(file, 'format', format, found ?? text.slice(0, 40))
  if (digestOf(content) !== digest) throw inputInvalid(file, 'sha256', 'the digest of the content')
  return JSON.parse(content) as Evidence
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The last interval of a file. */
export const lastOf = ({ fromInterval, count }: Evidence): number => fromInterval + count - 1

/** Sorts by name as by interval, so that a later collection of the same interval comes later. */
export const evidenceName = ({ fromInterval, count }: Evidence, number: number): string =>
  `${String(number).padStart(6, '0')}-${fromInterval}-${count}.json`

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
