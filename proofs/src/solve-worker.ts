/** One witness in a thread of its own, whose memory has a bound and is given back. */
import { parentPort, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { Noir, type InputMap } from '@noir-lang/noir_js'
import type { CompiledCircuit } from './circuit.ts'
import type { Solution } from './solve.ts'

const { circuit, inputs } = workerData as {
  readonly circuit: CompiledCircuit
  readonly inputs: InputMap
}
let result: Solution
try {
  const { witness } = await new Noir(circuit as never).execute(inputs)
  const isGzip = witness[0] === 0x1f && witness[1] === 0x8b
  result = { witness: isGzip ? witness : gzipSync(witness) }
} catch (error) {
  result = { said: String(error) }
}
parentPort?.postMessage(result)
