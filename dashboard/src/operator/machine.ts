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

/** How each part stands: as the server judges where it does, by these limits elsewhere. */
export function toneOf(part: MachinePart, { parts }: Pick<Operations, 'parts'>): Tone {
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
      return byLimits(prover.oldestMs ?? 0, 5 * minuteMs, 15 * minuteMs)
    case 'disk':
      if (disk === null) return 'warn'
      return byLimits(1 - disk.freeBytes / Math.max(1, disk.sizeBytes), 0.85, 0.95)
  }
}
