/**
 * Makes proofs: the circuit (of clearing, the smallest that holds the batch, or one after the other
 * those of its parts), its witness, its pinned key.
 */
import { assert, Fault } from '@busbar/core/errors'
import { partSize } from '@busbar/protocols/sealed-orders'
import { type Limits, proveWitness, type Proven } from './barretenberg.ts'
import {
  type CircuitName,
  clearingCircuit,
  type ClearingSize,
  clearingSizes,
  type CompiledCircuit,
  compileCircuit,
  sizeFor,
} from './circuit.ts'
import { pinnedKey, pinOf } from './keys.ts'
import { encodeParts, ordersMax } from './part-encoding.ts'
import { proofsOf, solveParts } from './part-proofs.ts'
import {
  type Rank,
  rankPublicInputs,
  type RankSize,
  rankSizeFor,
  rankSizes,
  type RankStatement,
  solveRank,
} from './rank.ts'
import type { MakeOptions } from './srs-development.ts'
import { developmentName, openSrs, type Srs } from './srs.ts'
import { type Batch, type Field, publicInputsOf, type Statement } from './statement.ts'
import {
  type Claim,
  type OwnOrder,
  solveThreshold,
  thresholdPublicInputs,
  type ThresholdStatement,
} from './threshold.ts'
import { solveClearing } from './witness.ts'

export type ProverOptions = Limits &
  MakeOptions & {
    /** `development`, or a folder with the public ceremony's files. */
    readonly srs: string
    /**
   * The largest circuit that may be used: what bounds memory. Default 4,096, with which larger
   * batches are proven in parts.
   */
    readonly sizeMax?: ClearingSize
  }

type Made = {
  readonly proof: Uint8Array
  /** In the order of the circuit. */
  readonly publicInputs: readonly Field[]
  /** Of solving the witness and of proving. */
  readonly seconds: number
  /** Most memory of the native prover. */
  readonly peakBytes: number
  /** Whether it is made with the development string: then it shows nothing. */
  readonly isDevelopment: boolean
}

/** Its public inputs are context, orders root, fills root and header. */
export type ClearingProof = Made & {
  /** For how many orders the circuit is made; 4,096 k of a proof in k parts (`encodeParts`). */
  readonly size: number
  readonly statement: Statement
}

export type RankProof = Made & { readonly size: RankSize; readonly statement: RankStatement }

export type ThresholdProof = Made & { readonly statement: ThresholdStatement }

/** Makes one proof at a time; what it prepares for a circuit it keeps for the next. */
export class Prover {
  readonly #options: ProverOptions
  readonly #prepared = new Map<CircuitName, Promise<Prepared>>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ProverOptions) {
    this.#options = options
  }

  /** Whether its proofs are made with the development string. */
  get isDevelopment(): boolean {
    return this.#options.srs === developmentName
  }

  /**
   * Proves the clearing of a batch.
   *
   * @throws Fault PROOF_BATCH_TOO_LARGE, PROOF_KEY_DIFFERS, PROVER_FAILED, PROVER_MISSING,
   * SRS_MISSING, SRS_TOO_SHORT, SRS_DIFFERS; and as `solveClearing`.
   */
  async prove(batch: Batch): Promise<ClearingProof> {
    const orders = batch.orders.length
    const sizeMax = this.#options.sizeMax ?? Math.max(...clearingSizes)
    const limit = sizeMax < partSize ? sizeMax : ordersMax
    if (orders > limit) throw new Fault('PROOF_BATCH_TOO_LARGE', { orders, limit })
    const size = sizeFor(orders)
    if (size === null) return await this.#inTurn(() => this.#makeParts(batch))
    const solved = () => solveClearing(batch, size)
    const name = clearingCircuit(size)
    const made = await this.#inTurn(() => this.#make(name, solved, publicInputsOf))
    return { size, ...made }
  }

  /**
   * Proves that an order would trade at a price, and tells no more than that. Its owner can: it
   * takes the order and its path, and nothing of any other.
   *
   * @throws Fault THRESHOLD_NOT_MET; as `prove`
   */
  async proveThreshold(order: OwnOrder, claim: Claim): Promise<ThresholdProof> {
    const solved = () => solveThreshold(order, claim)
    return await this.#inTurn(() => this.#make('threshold', solved, thresholdPublicInputs))
  }

  /**
   * Proves that at most so many orders of the batch stand before one of it, and no more than that.
   *
   * @throws Fault PROOF_BATCH_TOO_LARGE, RANK_NOT_MET; as `prove`
   */
  async proveRank(batch: Batch, rank: Rank): Promise<RankProof> {
    const orders = batch.orders.length
    const size = rankSizeFor(orders)
    if (size === undefined) {
      throw new Fault('PROOF_BATCH_TOO_LARGE', { orders, limit: Math.max(...rankSizes) })
    }
    const solved = () => solveRank(batch, rank, size)
    const made = await this.#inTurn(() => this.#make(`rank-${size}`, solved, rankPublicInputs))
    return { size, ...made }
  }

  async #inTurn<T>(make: () => Promise<T>): Promise<T> {
    const before = this.#last
    const own = before.then(make)
    // One after the other: memory is bounded for one. What failed before is told to its own caller.
    this.#last = own.catch(() => undefined)
    return await own
  }

  async #make<S>(
    name: CircuitName,
    solve: () => Promise<Solved<S>>,
    inputsOf: (statement: S) => readonly Field[],
  ): Promise<Made & { readonly statement: S }> {
    const prepared = await this.#prepare(name)
    const started = performance.now()
    const { witness, statement } = await solve()
    const publicInputs = inputsOf(statement)
    const { proof, peakBytes } = await this.#proveWitness(prepared, witness, publicInputs)
    const seconds = secondsSince(started)
    const { isDevelopment } = prepared.srs
    return { proof, publicInputs, statement, seconds, peakBytes, isDevelopment }
  }

  /** One proof after the other: a large set takes longer than a part, but no more memory. */
  async #makeParts(batch: Batch): Promise<ClearingProof> {
    const circuits = {
      'clearing-part': await this.#prepare('clearing-part'),
      'clearing-join': await this.#prepare('clearing-join'),
    }
    const started = performance.now()
    const solved = solveParts(batch)
    const needed = proofsOf(solved)
    assert(needed !== undefined, 'the parts are those of their set')
    const proven: Proven[] = []
    for await (const witness of solved.witnesses) {
      const next = needed[proven.length]
      assert(next !== undefined, 'there is a witness for each proof')
      const { circuit, publicInputs } = next
      proven.push(await this.#proveWitness(circuits[circuit], witness, publicInputs))
    }
    const { parts, statement } = solved
    return {
      size: parts.length * partSize,
      proof: encodeParts({ parts, proofs: proven.map(({ proof }) => proof) }),
      publicInputs: publicInputsOf(statement),
      statement,
      seconds: secondsSince(started),
      peakBytes: Math.max(...proven.map(({ peakBytes }) => peakBytes)),
      isDevelopment: circuits['clearing-join'].srs.isDevelopment,
    }
  }

  async #proveWitness(
    { circuit, key, srs }: Prepared,
    witness: Uint8Array,
    publicInputs: readonly Field[],
  ): Promise<Proven> {
    const { bytecode } = circuit
    const proven = await proveWitness({ bytecode, witness, key, srs }, this.#options)
    if (proven.publicInputs.join() !== publicInputs.join()) {
      throw new Fault('PROVER_FAILED', { step: 'prove', reason: 'it proved another statement' })
    }
    return proven
  }

  /** Compiles the circuit, opens the string, makes or finds the key; again after a failure. */
  async #prepare(name: CircuitName): Promise<Prepared> {
    const known = this.#prepared.get(name)
    if (known !== undefined) return await known
    const prepared = prepare(name, this.#options)
    this.#prepared.set(name, prepared)
    prepared.catch(() => this.#prepared.delete(name))
    return await prepared
  }
}

const secondsSince = (started: number): number => (performance.now() - started) / 1_000

type Solved<S> = { readonly witness: Uint8Array; readonly statement: S }

type Prepared = {
  readonly circuit: CompiledCircuit
  readonly key: Uint8Array
  readonly srs: Srs
}

async function prepare(name: CircuitName, options: ProverOptions): Promise<Prepared> {
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
