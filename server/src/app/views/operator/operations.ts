import type { Operations } from '@busbar/protocols/api'
import type { Lane } from '../../lane.ts'
import type { OperationsMeter } from '../../operations/operations-meter.ts'
import type { Openings } from '../../opening/openings.ts'
import type { OutboxSender, SettlementChain } from '../../ports/chain.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Disk } from '../../ports/disk.ts'
import type { ClockView } from '../../ports/exchange-service.ts'
import type { HealthView } from '../../ports/exchange-views.ts'
import type { ProofWatch } from '../../proving/proof-watch.ts'
import type { ProvingQueue } from '../../proving/proving-queue.ts'
import { pipelineOf } from './pipeline.ts'

export type OperationsParts = {
  readonly lane: Lane
  readonly clock: Clock
  readonly clockMode: ClockView['mode']
  readonly speed: number
  readonly sender: OutboxSender
  readonly chain: SettlementChain
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly meter: OperationsMeter
  readonly disk: Disk
  readonly checks: () => HealthView['checks']
}

/** However many look, the server looks once in this time. */
const sameForMs = 500

/** A node that takes longer is shown as one that does not answer. */
const chainAnswerMs = 2_000

/** Looks at everything an operator watches, at most twice a second. */
export function operationsView(parts: OperationsParts): () => Promise<Operations> {
  let last: { readonly at: number; readonly view: Promise<Operations> } | undefined
  return () => {
    const now = performance.now()
    if (last === undefined || now - last.at >= sameForMs) last = { at: now, view: look(parts) }
    return last.view
  }
}

async function look(parts: OperationsParts): Promise<Operations> {
  const { lane, clock, clockMode: mode, speed, meter } = parts
  const nowMs = clock.now()
  const [disk, chain] = await Promise.all([parts.disk.space(), chainOf(parts.chain)])
  const { stages, exceptionCount, intervals } = lane.state.market === null
    ? { stages: [], exceptionCount: 0, intervals: [] }
    : pipelineOf(lane.state, nowMs, (record) => meter.workOf(record))
  const { sinceFinalMs, ordersPerSecond, readingsPerSecond, ...measures } = meter.measures()
  return {
    clock: { mode, nowMs, speed },
    stages: [...stages],
    exceptionCount,
    intervals: [...intervals],
    ordersPerSecond: [...ordersPerSecond],
    readingsPerSecond: [...readingsPerSecond],
    ...measures,
    parts: {
      outbox: { pending: parts.sender.pending, sinceFinalMs },
      chain: { chainId: parts.chain.deployment.chainId, ...chain },
      database: {
        sequence: lane.end.sequence, waiting: lane.waiting, commits: lane.commits.view(),
      },
      committee: {
        waiting: parts.openings.waiting, lateMs: Math.round(parts.openings.lateMs),
      },
      prover: proverOf(parts, nowMs),
      disk: disk ?? null,
    },
    checks: parts.checks().map(({ name, ok, detail }) => ({ name, ok, detail })),
  }
}

function proverOf(
  { proofs, proving }: OperationsParts,
  nowMs: number,
): Operations['parts']['prover'] {
  const { count: waiting, oldest } = proving.waiting
  const age = oldest === undefined ? null : Math.max(0, nowMs - oldest.sinceMs)
  return { unproven: proofs.unproven, waiting, oldestMs: age }
}

async function chainOf(
  chain: SettlementChain,
): Promise<{ readonly block: number | null; readonly answerMs: number | null }> {
  const begun = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), chainAnswerMs)
  })
  try {
    const health = await Promise.race([chain.health(), late])
    if (health === undefined) return { block: null, answerMs: null }
    return { block: health.block, answerMs: Math.round(performance.now() - begun) }
  } catch {
    // Shown as a node that does not answer; what waits for it says the rest.
    return { block: null, answerMs: null }
  } finally {
    clearTimeout(timer)
  }
}
