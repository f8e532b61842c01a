import { errorOfFailure } from '../busbar-error.ts'
import type { ReplayMaterial } from './material.ts'

/** What an interval is judged from without asking anybody, as it is kept in a file. */
export type Evidence = {
  readonly material: ReplayMaterial
  /** What whoever saved it read from the chain, in a form of its own; null where it did not. */
  readonly chain: unknown
}

const kind = 'busbar-evidence'
const version = 1

export const evidenceText = (material: ReplayMaterial, chain: unknown = null): string =>
  JSON.stringify({ kind, version, material, chain })

/** How the file is called that it is saved as. */
export const evidenceFile = ({ shown: { zone, interval } }: ReplayMaterial): string =>
  `evidence-${zone}-${interval}.json`

const parts = ['shown', 'audit', 'replay', 'market'] as const
const lists = ['metered', 'parties'] as const

/**
 * Reads what `evidenceText` wrote. What is in it is judged by `replayed`, which takes nothing for
 * granted; here only its form is looked at.
 *
 * @throws BusbarError proof_invalid for any other text
 */
export function parseEvidence(text: string): Evidence {
  const source = recordOf(parsed(text))
  if (source.kind !== kind || source.version !== version) throw refused('it is no evidence')
  const material = recordOf(source.material)
  for (const name of parts) recordOf(material[name])
  for (const name of lists) {
    if (!Array.isArray(material[name])) throw refused(`${name} is missing`)
  }
  const { zone, interval } = recordOf(material.shown)
  if (![zone, interval].every(Number.isSafeInteger)) throw refused('it is of no interval')
  return { material: material as unknown as ReplayMaterial, chain: source.chain ?? null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('it is no JSON')
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused('a part of it is missing')
  }
  return value as Readonly<Record<string, unknown>>
}

const refused = (why: string) =>
  errorOfFailure('proof_invalid', `the evidence cannot be read: ${why}`)
