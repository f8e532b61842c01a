/**
 * The life of a prover: take a batch, prove it, hand the proof in, again and again.
 *
 * It keeps nothing on disk and needs nothing after a crash: who has which batch, and until when, is
 * the exchange's to know. So any number of provers may run, and a proof handed in twice, or after
 * its lease, does no harm: the exchange takes the first.
 */
import { Fault } from '@busbar/core/errors'
import type { ClearingProof } from './prover.ts'
import type { Batch, Field } from './statement.ts'

/** A batch that this prover may prove until its lease ends. */
export type ProvingWork = {
  readonly zone: number
  readonly interval: number
  readonly batch: Batch
  /** What the exchange published of it: the four public inputs in their order. */
  readonly publicInputs: readonly Field[]
  readonly leaseUntilMs: number
}

export type HandInAnswer =
  | { readonly kind: 'taken'; readonly repeated: boolean }
  | { readonly kind: 'refused'; readonly reason: string }

/** Where batches come from. What it throws is taken for an exchange that does not answer now. */
export interface ProvingSource {
  /** The next batch by zone and age, or null where none is due. */
  claim(): Promise<ProvingWork | null>
  handIn(work: ProvingWork, proof: ClearingProof): Promise<HandInAnswer>
}

export type ProverEvent =
  | { readonly kind: 'claimed'; readonly work: ProvingWork }
  | {
      readonly kind: 'taken'
      readonly work: ProvingWork
      readonly proof: ClearingProof
      readonly repeated: boolean
    }
  | { readonly kind: 'refused'; readonly work: ProvingWork; readonly reason: string }
  /** The batch is left to its lease, and to whoever takes it next. */
  | { readonly kind: 'failed'; readonly work: ProvingWork; readonly error: unknown }
  | { readonly kind: 'unreachable'; readonly error: unknown; readonly waitMs: number }

export type LoopOptions = {
  readonly source: ProvingSource
  readonly prove: (batch: Batch) => Promise<ClearingProof>
  readonly signal: AbortSignal
  readonly onEvent?: (event: ProverEvent) => void
  /** Milliseconds of the same clock as leases. */
  readonly nowMs: () => number
  /** Resolves after so long, or at once when the signal aborts. */
  readonly wait: (ms: number) => Promise<void>
  /** From 0 to 1: spreads provers that failed together. */
  readonly random: () => number
  readonly pollMs?: number
}

/** What a run did, until its signal aborted. */
export type LoopReport = { taken: number; refused: number; failed: number; unreachable: number }

const pollMsStandard = 1_000
const backOffMs = { first: 500, max: 30_000 }

/** Faults of this machine, not of a batch: no other batch would fare better. */
const endsTheLoop: ReadonlySet<string> = new Set([
  'SRS_MISSING',
  'SRS_TOO_SHORT',
  'SRS_DIFFERS',
  'PROVER_MISSING',
  'PROOF_KEY_DIFFERS',
])

/**
 * Works until the signal aborts; what is being proven then is still handed in.
 *
 * @throws Fault SRS_MISSING, SRS_TOO_SHORT, SRS_DIFFERS, PROVER_MISSING, PROOF_KEY_DIFFERS: this
 * machine cannot prove. Everything else is told as an event and tried again.
 */
export async function runProver(options: LoopOptions): Promise<LoopReport> {
  const { source, signal, wait, pollMs = pollMsStandard, onEvent = () => {} } = options
  const report: LoopReport = { taken: 0, refused: 0, failed: 0, unreachable: 0 }
  const backOff = new BackOff(options.random)
  while (!signal.aborted) {
    let work: ProvingWork | null
    try {
      work = await source.claim()
    } catch (error) {
      const waitMs = backOff.next()
      report.unreachable += 1
      onEvent({ kind: 'unreachable', error, waitMs })
      await wait(waitMs)
      continue
    }
    if (work === null) {
      backOff.reset()
      await wait(pollMs)
      continue
    }
    onEvent({ kind: 'claimed', work })
    const outcome = await proveAndHandIn(work, options, report)
    onEvent(outcome)
    if (outcome.kind === 'taken') {
      report.taken += 1
      backOff.reset()
      continue
    }
    report[outcome.kind] += 1
    // A batch that fails comes back when its lease ends: others first, and not in a busy loop.
    await wait(backOff.next())
  }
  return report
}

type Outcome = Extract<ProverEvent, { kind: 'taken' | 'refused' | 'failed' }>

async function proveAndHandIn(
  work: ProvingWork,
  options: LoopOptions,
  report: LoopReport,
): Promise<Outcome> {
  let proof: ClearingProof
  try {
    proof = await options.prove(work.batch)
  } catch (error) {
    if (error instanceof Fault && endsTheLoop.has(error.code)) throw error
    return { kind: 'failed', work, error }
  }
  if (proof.publicInputs.join() !== work.publicInputs.join()) {
    // The exchange published another clearing than the rule's: no proof of that exists.
    return { kind: 'refused', work, reason: 'statement_differs' }
  }
  return await handIn(work, proof, options, report)
}

/** Tries for as long as the lease lasts: a proof takes longer to make again than to send again. */
async function handIn(
  work: ProvingWork,
  proof: ClearingProof,
  { source, nowMs, wait, random, onEvent = () => {} }: LoopOptions,
  report: LoopReport,
): Promise<Outcome> {
  const backOff = new BackOff(random)
  for (;;) {
    try {
      const answer = await source.handIn(work, proof)
      return answer.kind === 'taken'
        ? { kind: 'taken', work, proof, repeated: answer.repeated }
        : { kind: 'refused', work, reason: answer.reason }
    } catch (error) {
      const waitMs = backOff.next()
      if (nowMs() + waitMs >= work.leaseUntilMs) return { kind: 'failed', work, error }
      report.unreachable += 1
      onEvent({ kind: 'unreachable', error, waitMs })
      await wait(waitMs)
    }
  }
}

/** Doubles from failure to failure; half of each wait is by chance. */
class BackOff {
  readonly #random: () => number
  #failures = 0

  constructor(random: () => number) {
    this.#random = random
  }

  next(): number {
    const whole = Math.min(backOffMs.max, backOffMs.first * 2 ** this.#failures)
    this.#failures += 1
    return Math.ceil(whole / 2 + (whole / 2) * this.#random())
  }

  reset(): void {
    this.#failures = 0
  }
}
