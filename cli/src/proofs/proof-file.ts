import { Fault } from '@busbar/core/errors'
import {
  type ClearingProof,
  circuitsOf,
  developmentNotice,
  publicInputsOf,
} from '@busbar/proofs'
import { proofBytesMax } from '@busbar/protocols/api'
import { isField, unpackHeader } from '@busbar/protocols/sealed-orders'

/** What `busbar prove` writes, and `check-proof` and `open-fill` read. */
export type ProofFile = {
  /** Says that the proof shows nothing, where it does not. */
  readonly notice: string | null
  readonly size: number
  readonly context: string
  readonly ordersRoot: string
  readonly fillsRoot: string
  readonly header: string
  /** What the header packs, in words: whoever reads the file reads these. */
  readonly orderCount: number
  readonly voidCount: number
  readonly priceMicrosPerKwh: number | null
  readonly energyWh: number
  readonly proof: string
}

export function proofFile({ size, proof, statement, isDevelopment }: ClearingProof): ProofFile {
  const [context = '', ordersRoot = '', fillsRoot = '', header = ''] = publicInputsOf(statement)
  return {
    notice: isDevelopment ? developmentNotice : null,
    size,
    ...{ context, ordersRoot, fillsRoot, header, ...unpackHeader(header) },
    proof: `0x${Buffer.from(proof).toString('hex')}`,
  }
}

/** @throws Fault PROOF_FILE_INVALID naming the line that is not in its form */
export function parseProofFile(text: string): ProofFile {
  const file = objectOf(text, 'proof')
  for (const name of ['context', 'ordersRoot', 'fillsRoot', 'header'] as const) {
    const value = file[name]
    if (typeof value !== 'string' || !isField(value)) throw invalid(name, 'a field element')
  }
  if (typeof file.size !== 'number' || circuitsOf(file.size).length === 0) {
    throw invalid('size', '64, 256, 1024, 4096, or two to sixteen times 4096')
  }
  const isProof =
    typeof file.proof === 'string' &&
    /^0x(?:[0-9a-f]{2})+$/.test(file.proof) &&
    file.proof.length <= 2 + 2 * proofBytesMax
  if (!isProof) throw invalid('proof', '0x and hex')
  for (const name of ['orderCount', 'voidCount', 'energyWh'] as const) {
    if (!Number.isSafeInteger(file[name])) throw invalid(name, 'a whole number')
  }
  const price = file.priceMicrosPerKwh
  if (price !== null && !Number.isSafeInteger(price)) {
    throw invalid('priceMicrosPerKwh', 'a whole number or null')
  }
  if (file.notice !== null && typeof file.notice !== 'string') throw invalid('notice', 'a text')
  // Every field of the type has been looked at.
  return file as unknown as ProofFile
}

/** @throws Fault PROOF_FILE_INVALID */
export function objectOf(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault('PROOF_FILE_INVALID', { field: what, limit: 'JSON' }, { cause })
  }
  if (typeof value !== 'object' || value === null) throw invalid(what, 'an object')
  return value as Readonly<Record<string, unknown>>
}

export const invalid = (field: string, limit: string): Fault =>
  new Fault('PROOF_FILE_INVALID', { field, limit })
