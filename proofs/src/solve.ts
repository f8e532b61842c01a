import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault } from '@busbar/core/errors'
import type { InputMap } from '@noir-lang/noir_js'
import { type CircuitName, compileCircuit } from './circuit.ts'

/** What a thread answers: the witness, or what the solver said against the inputs. */
export type Solution = { readonly witness: Uint8Array } | { readonly said: string }

/** Three times what the largest circuit takes. */
const heapBytesMax = 3 * 2 ** 30

/**
 * Solves a circuit: works out every wire from the inputs. In a thread of its own, whose heap is
 * bounded: a witness of the largest circuit has a million numbers.
 *
 * @returns the witness as `bb prove -w` takes it (gzip)
 * @throws Error if the inputs break a constraint; Fault PROVER_FAILED if it takes too much memory
 */
export async function solve(
  name: CircuitName,
  inputs: InputMap,
  heapBytes: number = heapBytesMax,
): Promise<Uint8Array> {
  const circuit = await compileCircuit(name)
  const worker = new Worker(new URL('./solve-worker.ts', import.meta.url), {
    workerData: { circuit, inputs },
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 2 ** 20) },
  })
  try {
    const [solution] = (await once(worker, 'message')) as [Solution]
    if ('witness' in solution) return solution.witness
    throw new Error(solution.said)
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ERR_WORKER_OUT_OF_MEMORY') throw cause
    const reason = `it needs more than ${heapBytes} bytes of memory`
    throw new Fault('PROVER_FAILED', { step: 'solve', reason }, { cause })
  } finally {
    await worker.terminate()
  }
}

/** A number as `noir_js` takes it. */
export const inputNumber = (value: bigint): string => `0x${value.toString(16)}`

/** Numbers within arrays and records; names become those of Noir, `like_this`. */
export type Numbers = bigint | readonly Numbers[] | { readonly [name: string]: Numbers }

/** Inputs as `noir_js` takes them. */
export const inputsOf = (inputs: { readonly [name: string]: Numbers }): InputMap =>
  inputOf(inputs) as InputMap

function inputOf(value: Numbers): InputValue {
  if (typeof value === 'bigint') return inputNumber(value)
  if (isList(value)) return value.map(inputOf)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [snakeCase(name), inputOf(inner)]),
  )
}

type InputValue = InputMap[string]

const isList = (value: Numbers): value is readonly Numbers[] => Array.isArray(value)

const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
