import type { Operations } from '@busbar/protocols/api'
import type { Tone } from '../parts/parts.tsx'

export const machineParts = [
  'outbox', 'chain', 'database', 'committee', 'prover', 'disk',
] as const
export type MachinePart = (typeof machineParts)[number]

const minuteMs = 60_000

/** The larger of what is a nuisance and what is a fault; good below both. */
const byLimits = (value: number, warn: number, bad: number): Tone =>
  value >= bad ? 'bad' : value >= warn ? 'warn' : 'good'

/** Of which part the server's own checks are, where they are of one. */
const partOfCheck: Readonly<Record<string, MachinePart>> = {
  ...{ outbox: 'outbox', committee: 'committee', proving: 'prover' },
}

/** What is to be looked at: parts that are not good, and what else the server finds wrong. */
export function troubledOf(
  operations: Pick<Operations, 'parts' | 'checks'>,
  proofDeadlineSeconds?: number,
): ReadonlySet<string> {
  const failing = operations.checks.filter(({ ok }) => !ok).map(({ name }) => name)
  const parts = machineParts.filter((part) =>
    toneOf(part, operations, proofDeadlineSeconds) !== 'good')
  return new Set([...parts, ...failing.map((name) => partOfCheck[name] ?? name)])
}

/**
 * How each part stands, by limits: where the server judges a part as well, by the server's.
 *
 * @param proofDeadlineSeconds by the rulebook; in the market's own time, which a demo lets run fast
 */
export function toneOf(
  part: MachinePart,
  { parts }: Pick<Operations, 'parts'>,
  proofDeadlineSeconds = 3_600,
): Tone {
  const { outbox, chain, database, committee, prover, disk } = parts
  switch (part) {
    case 'outbox':
      return byLimits(outbox.pending, 32, 128)
    case 'chain':
      return chain.answerMs === null ? 'bad' : byLimits(chain.answerMs, 500, 2_000)
    case 'database':
      return byLimits(database.commits.medianMs ?? 0, 100, 1_000)
    case 'committee':
      return byLimits(committee.lateMs, 10_000, minuteMs)
    case 'prover':
      return byLimits(
        (prover.oldestMs ?? 0) / (1_000 * Math.max(1, proofDeadlineSeconds)), 1 / 12, 1 / 4,
      )
    case 'disk':
      if (disk === null) return 'warn'
      return byLimits(1 - disk.freeBytes / Math.max(1, disk.sizeBytes), 0.85, 0.95)
  }
}
