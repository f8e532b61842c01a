/** What was read from a node of one's own, kept in a file to judge from without a network. */
import type { WitnessedInterval, WitnessedParticipant } from '@busbar/server/own-node/challenger'
import { UsageError } from '../cli-error.ts'

export type ChainFacts = {
  readonly interval: WitnessedInterval
  /** By account: as the registry had those whose signatures count. */
  readonly participants: ReadonlyMap<number, WitnessedParticipant>
}

/** As JSON: every quantity a string. */
export const factsJson = ({ interval, participants }: ChainFacts): unknown => ({
  interval: {
    ...interval,
    clearing: interval.clearing && {
      ...interval.clearing,
      price: interval.clearing.price?.toString() ?? null,
      energy: interval.clearing.energy.toString(),
    },
  },
  participants: [...participants].map(([account, one]) => ({ account, ...one })),
})

type Kept = {
  readonly interval: Omit<WitnessedInterval, 'clearing'> & {
    readonly clearing:
      | (Omit<NonNullable<WitnessedInterval['clearing']>, 'price' | 'energy'> & {
          readonly price: string | null
          readonly energy: string
        })
      | null
  }
  readonly participants: readonly (WitnessedParticipant & { readonly account: number })[]
}

/**
 * Reads what `factsJson` made; null where nothing was read from a chain.
 *
 * @throws UsageError for anything else
 */
export function parseFacts(value: unknown): ChainFacts | null {
  if (value === null) return null
  try {
    const { interval, participants } = value as Kept
    const { clearing } = interval
    return {
      interval: {
        ...interval,
        clearing: clearing && {
          ...clearing,
          price: clearing.price === null ? null : BigInt(clearing.price),
          energy: BigInt(clearing.energy),
        },
      },
      participants: new Map(participants.map(({ account, ...one }) => [account, one])),
    }
  } catch {
    throw new UsageError('what the file has of the chain cannot be read')
  }
}
