/**
 * Goal: whatever happens to a prover, every batch is proven in the end, once for the exchange.
 * Method: an exchange with leases in memory and a clock that waiting moves; provers that crash, are
 * slow, lose answers, are refused, or meet an exchange that is not there; several at once.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import type { ClearingProof } from './prover.ts'
import {
  type HandInAnswer,
  type LoopReport,
  type ProverEvent,
  type ProvingSource,
  type ProvingWork,
  runProver,
} from './prover-loop.ts'
import type { Batch, Statement } from './statement.ts'

const leaseMs = 60_000

const field = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`

const inputsOf = (interval: number): readonly string[] => [interval, 1, 2, 3].map(field)

/** The context names the interval: enough for a proof to say whose it is. */
const batchOf = (interval: number): Batch => ({ context: field(interval), orders: [] })

const proofOf = ({ context }: Batch): ClearingProof => ({
  size: 64,
  proof: new Uint8Array(2),
  publicInputs: [context, ...inputsOf(0).slice(1)],
  statement: {} as Statement,
  seconds: 1,
  peakBytes: 1,
  isDevelopment: true,
})

class Exchange implements ProvingSource {
  nowMs = 0
  readonly taken: number[] = []
  readonly #leases = new Map<number, number>()
  readonly #open: Set<number>
  /** Asked before each call; what it throws, the caller gets. */
  trouble: (call: 'claim' | 'handIn' | 'answer') => void = () => {}
  published: (interval: number) => readonly string[] = inputsOf

  constructor(intervals: readonly number[]) {
    this.#open = new Set(intervals)
  }

  get isDone(): boolean {
    return this.#open.size === 0
  }

  async claim(): Promise<ProvingWork | null> {
    this.trouble('claim')
    const due = [...this.#open].find((one) => (this.#leases.get(one) ?? 0) <= this.nowMs)
    if (due === undefined) return null
    this.#leases.set(due, this.nowMs + leaseMs)
    return {
      ...{ zone: 0, interval: due, batch: batchOf(due) },
      ...{ publicInputs: this.published(due), leaseUntilMs: this.nowMs + leaseMs },
    }
  }

  async handIn({ interval }: ProvingWork, proof: ClearingProof): Promise<HandInAnswer> {
    this.trouble('handIn')
    equal(proof.publicInputs[0], field(interval), 'the proof is of the batch it is handed in for')
    const repeated = !this.#open.delete(interval)
    if (!repeated) this.taken.push(interval)
    this.trouble('answer')
    return { kind: 'taken', repeated }
  }
}

type Run = { readonly report: LoopReport; readonly events: readonly ProverEvent[] }

/** Runs one prover until all batches are proven, or it has waited for so long. */
async function run(
  exchange: Exchange,
  prove: (batch: Batch) => Promise<ClearingProof> = async (batch) => proofOf(batch),
  untilMs = 10 * leaseMs,
): Promise<Run> {
  const stop = new AbortController()
  const events: ProverEvent[] = []
  const report = await runProver({
    source: exchange,
    prove,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    nowMs: () => exchange.nowMs,
    async wait(ms) {
      ok(ms > 0, 'no busy loop')
      exchange.nowMs += ms
      if (exchange.isDone || exchange.nowMs > untilMs) stop.abort()
    },
    random: () => 0.5,
  })
  return { report, events }
}

describe('a prover', () => {
  test('proves what is due, and then waits for more', async () => {
    const exchange = new Exchange([3, 1, 2])
    const { report, events } = await run(exchange)
    deepEqual(exchange.taken, [3, 1, 2])
    deepEqual(report, { taken: 3, refused: 0, failed: 0, unreachable: 0 })
    deepEqual(
      events.map(({ kind }) => kind),
      Array(3).fill(['claimed', 'taken']).flat(),
    )
  })

  test('that crashes leaves its batch to the lease, and the next one proves it', async () => {
    const exchange = new Exchange([1, 2])
    // It dies while it proves: it hands nothing in, and says nothing.
    ok((await exchange.claim()) !== null)
    const { report } = await run(exchange)
    deepEqual(exchange.taken.toSorted(), [1, 2])
    equal(report.taken, 2)
    ok(exchange.nowMs >= leaseMs, 'the batch of the dead one came back with its lease')
  })

  test('tries a batch again that failed, after others', async () => {
    const exchange = new Exchange([1, 2])
    let attempts = 0
    const { report } = await run(exchange, async (batch) => {
      if (batch.context === field(1) && (attempts += 1) < 3) {
        throw new Fault('PROVER_FAILED', { step: 'prove', reason: 'SIGKILL' })
      }
      return proofOf(batch)
    })
    deepEqual(exchange.taken, [2, 1])
    deepEqual(report, { taken: 2, refused: 0, failed: 2, unreachable: 0 })
  })

  test('backs off from an exchange that is not there, ever longer, and no further', async () => {
    const exchange = new Exchange([1])
    let refusals = 0
    exchange.trouble = () => {
      if ((refusals += 1) <= 9) throw new Error('connection refused')
    }
    const { report, events } = await run(exchange)
    const waits = events.flatMap((event) => (event.kind === 'unreachable' ? [event.waitMs] : []))
    deepEqual(waits, [375, 750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500, 22_500])
    deepEqual(report, { taken: 1, refused: 0, failed: 0, unreachable: 9 })
  })

  test('hands the same proof in again when the answer was lost', async () => {
    const exchange = new Exchange([1])
    let proofs = 0
    let isLost = true
    exchange.trouble = (call) => {
      if (call !== 'answer' || !isLost) return
      isLost = false
      throw new Error('socket hang up')
    }
    const stop = new AbortController()
    const events: ProverEvent[] = []
    await runProver({
      source: exchange,
      prove: async (batch) => {
        proofs += 1
        return proofOf(batch)
      },
      signal: stop.signal,
      onEvent: (event) => {
        events.push(event)
        if (event.kind === 'taken') stop.abort()
      },
      nowMs: () => 0,
      wait: async () => {},
      random: () => 0,
    })
    equal(proofs, 1)
    deepEqual(exchange.taken, [1])
    const last = events.at(-1)
    ok(last?.kind === 'taken' && last.repeated)
  })

  test('gives a proof up that nobody takes before its lease ends', async () => {
    const exchange = new Exchange([1])
    exchange.trouble = (call) => {
      if (call === 'handIn' && exchange.nowMs < leaseMs) throw new Error('connection refused')
    }
    const { report } = await run(exchange)
    equal(report.failed, 1)
    equal(report.taken, 1)
    deepEqual(exchange.taken, [1])
  })

  test('too slow for its lease does no harm', async () => {
    const exchange = new Exchange([1])
    let isFirst = true
    const { report } = await run(exchange, async (batch) => {
      if (isFirst) {
        isFirst = false
        exchange.nowMs += 2 * leaseMs
        // Another prover was given it meanwhile, and was faster.
        await run(exchange)
      }
      return proofOf(batch)
    })
    deepEqual(exchange.taken, [1])
    equal(report.taken, 1)
  })

  test('hands nothing in where another clearing than the rule’s was published', async () => {
    const exchange = new Exchange([1])
    exchange.published = () => [1, 1, 2, 4].map(field)
    const { report, events } = await run(exchange, undefined, leaseMs)
    equal(exchange.taken.length, 0)
    ok(report.refused >= 1)
    const refused = events.find((event) => event.kind === 'refused')
    equal(refused?.reason, 'statement_differs')
  })

  test('tells a refusal, and goes on', async () => {
    const exchange = new Exchange([1, 2])
    const handIn = exchange.handIn.bind(exchange)
    exchange.handIn = async (work, proof) =>
      work.interval === 1 && exchange.nowMs < leaseMs
        ? { kind: 'refused', reason: 'proof_malformed' }
        : await handIn(work, proof)
    const { report } = await run(exchange)
    deepEqual(exchange.taken, [2, 1])
    equal(report.refused, 1)
  })

  for (const code of ['SRS_MISSING', 'PROVER_MISSING', 'PROOF_KEY_DIFFERS'] as const) {
    test(`ends on a machine that cannot prove: ${code}`, async () => {
      const exchange = new Exchange([1])
      const prove = async (): Promise<ClearingProof> => {
        throw new Fault(code, {})
      }
      await rejects(run(exchange, prove), { code })
      deepEqual(exchange.taken, [])
    })
  }
})

test('several provers share the work', async () => {
  const intervals = Array.from({ length: 20 }, (_, i) => i + 1)
  const exchange = new Exchange(intervals)
  const reports = await Promise.all([run(exchange), run(exchange), run(exchange)])
  deepEqual(
    exchange.taken.toSorted((a, b) => a - b),
    intervals,
  )
  equal(
    reports.reduce((sum, { report }) => sum + report.taken, 0),
    20,
  )
  ok(reports.every(({ report }) => report.taken > 3))
})
