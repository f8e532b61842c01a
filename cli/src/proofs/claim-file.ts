import { Fault } from '@busbar/core/errors'
import {
  type CircuitName,
  type Claim,
  packRank,
  type Rank,
  rankPublicInputs,
  rankSizeFor,
  thresholdPublicInputs,
  thresholdStatement,
} from '@busbar/proofs'
import { isField } from '@busbar/protocols/sealed-orders'
import { invalid, objectOf, type ProofFile } from './proof-file.ts'

type Side = 'buy' | 'sell'

type Common = {
  /** Says that the proof shows nothing, where it does not. */
  readonly notice: string | null
  readonly context: string
  readonly side: Side
  readonly position: number
  readonly proof: string
}

/** What `busbar prove-threshold` writes: an order would trade at a price, with so much energy. */
export type ThresholdFile = Common & {
  readonly statement: 'threshold'
  readonly thresholdMicrosPerKwh: number
  readonly energyWh: number
  /** Of the parts of 4,096 orders; they hash to the root of the set. */
  readonly partRoots: readonly string[]
}

/** What `busbar prove-rank` writes: at most so many orders stand before one. */
export type RankFile = Common & {
  readonly statement: 'rank'
  readonly atMost: number
  readonly ordersRoot: string
}

export type ClaimFile = ThresholdFile | RankFile

/** @throws Fault PROOF_FILE_INVALID naming the line that is not in its form */
export function parseClaimFile(text: string): ClaimFile {
  const file = objectOf(text, 'claim')
  if (file.notice !== null && typeof file.notice !== 'string') throw invalid('notice', 'a text')
  if (typeof file.context !== 'string' || !isField(file.context)) {
    throw invalid('context', 'a field element')
  }
  if (file.side !== 'buy' && file.side !== 'sell') throw invalid('side', 'buy or sell')
  if (typeof file.proof !== 'string' || !/^0x(?:[0-9a-f]{2}){1,65536}$/.test(file.proof)) {
    throw invalid('proof', '0x and hex')
  }
  const number = (name: string): void => {
    if (!Number.isSafeInteger(file[name])) throw invalid(name, 'a whole number')
  }
  number('position')
  if (file.statement === 'threshold') {
    number('thresholdMicrosPerKwh')
    number('energyWh')
    const roots = file.partRoots
    if (!Array.isArray(roots) || roots.length > 16 || !roots.every(isFieldText)) {
      throw invalid('partRoots', 'field elements')
    }
  } else if (file.statement === 'rank') {
    number('atMost')
    if (!isFieldText(file.ordersRoot)) throw invalid('ordersRoot', 'a field element')
  } else throw invalid('statement', 'threshold or rank')
  // Every field of the type has been looked at.
  return file as unknown as ClaimFile
}

const isFieldText = (value: unknown): value is string =>
  typeof value === 'string' && isField(value)

/** What has to be verified so that a claim holds of the set of a clearing. */
export type ClaimCheck = { readonly circuit: CircuitName; readonly publicInputs: readonly string[] }

/** Undefined where the claim is not about the clearing's set. */
export function claimCheck(claim: ClaimFile, clearing: ProofFile): ClaimCheck | undefined {
  if (claim.context !== clearing.context) return undefined
  return claim.statement === 'threshold'
    ? thresholdCheck(claim, clearing)
    : rankCheck(claim, clearing)
}

function thresholdCheck(file: ThresholdFile, clearing: ProofFile): ClaimCheck | undefined {
  const { side, thresholdMicrosPerKwh, energyWh, position } = file
  const claim: Claim = { side, thresholdMicrosPerKwh, energyWh, position }
  const set = { root: clearing.ordersRoot, count: clearing.orderCount }
  const statement = inForm(() => thresholdStatement(file.context, set, file.partRoots, claim))
  if (statement === undefined) return undefined
  return { circuit: 'threshold', publicInputs: thresholdPublicInputs(statement) }
}

function rankCheck(file: RankFile, clearing: ProofFile): ClaimCheck | undefined {
  const size = rankSizeFor(clearing.orderCount)
  const { side, position, atMost, context, ordersRoot } = file
  const isInSet = position >= 0 && position < clearing.orderCount
  if (size === undefined || ordersRoot !== clearing.ordersRoot || !isInSet) return undefined
  const rank: Rank = { side, position, atMost }
  const claimed = inForm(() => packRank(rank))
  if (claimed === undefined) return undefined
  const publicInputs = rankPublicInputs({ context, ordersRoot, claimed })
  return { circuit: `rank-${size}`, publicInputs }
}

/** Undefined for figures that no order can have. */
function inForm<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    // A figure beyond its range is no claim; everything else is told.
    if (error instanceof Fault || error instanceof RangeError) return undefined
    throw error
  }
}
