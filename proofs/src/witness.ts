import { type ClearingSize } from './circuit.ts'
import { type Batch, type Statement } from './statement.ts'

export type SolvedClearing = {
  /** The solved witness as `bb prove -w` takes it (gzip). */
  readonly witness: Uint8Array
  readonly statement: Statement
}

/** Solves the circuit of `size` for a batch. */
export async function solveClearing(batch: Batch, size: ClearingSize): Promise<SolvedClearing> {
  throw new Error(`not yet: ${batch.context} ${size}`)
}
