/** A prover that is told what to prove, whether it is so or not. */
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type Batch,
  clearingCircuit,
  type ClearingProof,
  type ClearingSize,
  compileCircuit,
  openSrs,
  pinnedKey,
  pinOf,
  proveWitness,
  solveClearing,
} from '@busbar/proofs'
import { hexToBytes } from '@busbar/protocols/hash'

/**
 * The proof that Barretenberg makes of `batch` where every wire that holds the fills root has
 * another number. The circuit's own solver would refuse; who proves is not bound to use it.
 */
export async function proofWithFillsRoot(
  batch: Batch,
  size: ClearingSize,
  fillsRoot: string,
): Promise<ClearingProof> {
  const name = clearingCircuit(size)
  const circuit = await compileCircuit(name)
  const srs = await openSrs('development', pinOf(name, true).logSize)
  const key = await pinnedKey(name, circuit, srs)
  const { witness: solved, statement } = await solveClearing(batch, size)
  const witness = gunzipSync(solved)
  const [was, will] = [statement.fillsRoot, fillsRoot].map((root) => hexToBytes(root, 32, 'root'))
  let wires = 0
  for (let at = witness.indexOf(was ?? ''); at >= 0; at = witness.indexOf(was ?? '', at + 1)) {
    witness.set(will ?? [], at)
    wires += 1
  }
  if (wires === 0) throw new Error('no wire holds the fills root')
  const { bytecode } = circuit
  const made = await proveWitness({ bytecode, witness: gzipSync(witness), key, srs })
  return { ...made, size, isDevelopment: true, statement: { ...statement, fillsRoot } }
}
