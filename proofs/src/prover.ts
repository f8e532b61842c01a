/**
 * Makes proofs of clearing: the smallest circuit that holds the batch, its witness, its pinned key.
 */
import { Fault } from '@busbar/core/errors'
import { type Limits, proveWitness } from './barretenberg.ts'
import {
  clearingCircuit,
  type ClearingSize,
  clearingSizes,
  type CompiledCircuit,
  compileCircuit,
  sizeFor,
} from './circuit.ts'
import { pinnedKey, pinOf } from './keys.ts'
import type { MakeOptions } from './srs-development.ts'
import { developmentName, openSrs, type Srs } from './srs.ts'
import { type Batch, type Field, publicInputsOf, type Statement } from './statement.ts'
import { solveClearing } from './witness.ts'

export type ProverOptions = Limits &
  MakeOptions & {
    /** `development`, or a folder with the public ceremony's files. */
    readonly srs: string
    /** The largest circuit that may be used: what bounds memory. Default 4,096. */
    readonly sizeMax?: ClearingSize
  }

export type ClearingProof = {
  readonly size: ClearingSize
  readonly proof: Uint8Array
  /** Context, orders root, fills root, header. */
  readonly publicInputs: readonly Field[]
  readonly statement: Statement
  /** Of solving the witness and of proving. */
  readonly seconds: number
  /** Most memory of the native prover. */
  readonly peakBytes: number
  /** Whether it is made with the development string: then it shows nothing. */
  readonly isDevelopment: boolean
}

/** Proves one batch at a time; what it prepares for a size it keeps for the next batch. */
export class Prover {
  readonly #options: ProverOptions
  readonly #prepared = new Map<ClearingSize, Promise<Prepared>>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ProverOptions) {
    this.#options = options
  }

  /** Whether its proofs are made with the development string. */
  get isDevelopment(): boolean {
    return this.#options.srs === developmentName
  }

  /**
   * @throws Fault PROOF_BATCH_TOO_LARGE, PROOF_KEY_DIFFERS, PROVER_FAILED, PROVER_MISSING,
   * SRS_MISSING, SRS_TOO_SHORT, SRS_DIFFERS; and as `solveClearing`.
   */
  async prove(batch: Batch): Promise<ClearingProof> {
    const before = this.#last
    const own = before.then(() => this.#proveNow(batch))
    // One after the other: memory is bounded for one. What failed before is told to its own caller.
    this.#last = own.catch(() => undefined)
    return await own
  }

  async #proveNow(batch: Batch): Promise<ClearingProof> {
    const orders = batch.orders.length
    const limit = this.#options.sizeMax ?? Math.max(...clearingSizes)
    const size = sizeFor(orders)
    if (size === null || size > limit) throw new Fault('PROOF_BATCH_TOO_LARGE', { orders, limit })
    const { circuit, key, srs } = await this.#prepare(size)
    const started = performance.now()
    const { witness, statement } = await solveClearing(batch, size)
    const solvedSeconds = (performance.now() - started) / 1_000
    const { bytecode } = circuit
    const proven = await proveWitness({ bytecode, witness, key, srs }, this.#options)
    const publicInputs = publicInputsOf(statement)
    if (proven.publicInputs.join() !== publicInputs.join()) {
      throw new Fault('PROVER_FAILED', { step: 'prove', reason: 'it proved another statement' })
    }
    const { proof, peakBytes } = proven
    const seconds = solvedSeconds + proven.seconds
    const { isDevelopment } = srs
    return { size, proof, publicInputs, statement, seconds, peakBytes, isDevelopment }
  }

  /** Compiles the circuit, opens the string, makes or finds the key; again after a failure. */
  async #prepare(size: ClearingSize): Promise<Prepared> {
    const known = this.#prepared.get(size)
    if (known !== undefined) return await known
    const prepared = prepare(size, this.#options)
    this.#prepared.set(size, prepared)
    prepared.catch(() => this.#prepared.delete(size))
    return await prepared
  }
}

type Prepared = {
  readonly circuit: CompiledCircuit
  readonly key: Uint8Array
  readonly srs: Srs
}

async function prepare(size: ClearingSize, options: ProverOptions): Promise<Prepared> {
  const name = clearingCircuit(size)
  const pin = pinOf(name, options.srs === developmentName)
  const { cacheFolder, threads, onProgress } = options
  const srs = await openSrs(options.srs, pin.logSize, {
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
    ...(threads === undefined ? {} : { threads }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  const circuit = await compileCircuit(name)
  return { circuit, srs, key: await pinnedKey(name, circuit, srs, limitsOf(options)) }
}

const limitsOf = ({ threads, memoryBytesMax, timeoutMs }: Limits): Limits => ({
  ...(threads === undefined ? {} : { threads }),
  ...(memoryBytesMax === undefined ? {} : { memoryBytesMax }),
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
})
