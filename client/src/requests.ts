import { isRejectionCode, type RejectedItem, type RevealResult } from '@busbar/protocols/api'
import { BusbarError, errorOfFailure } from './busbar-error.ts'

/** What a result is known by: the id of a command, the commitment of a reveal. */
export type Known = { readonly id: string } | { readonly commitment: string }

type Rejected = RejectedItem | Extract<RevealResult, { kind: 'rejected' }>

/** One result for each command, or nothing that can be used. */
export function resultsOf<Result>(answer: unknown, count: number, path: string): readonly Result[] {
  const { results } = (answer ?? {}) as { readonly results?: readonly Result[] }
  if (Array.isArray(results) && results.length === count) return results
  throw errorOfFailure('answer_malformed', `${path}: not one result for each command`)
}

/** A single command is refused as a whole request; its caller still gets a result in its place. */
export function rejectionOf(error: unknown, item: Known): Rejected | undefined {
  if (!(error instanceof BusbarError) || error.status === null) return undefined
  const { code, field, limit, transient } = error
  if (!isRejectionCode(code) && code !== 'signature_invalid') return undefined
  // A field of the request and not of the command: the request itself was wrong.
  if (field?.includes('[') === true) return undefined
  const why = {
    code,
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
    transient,
  }
  if ('id' in item) return { kind: 'rejected', id: item.id, ...why }
  return { kind: 'rejected', commitment: item.commitment, ...why }
}

/** A path with its parameters in it. */
export function fill(path: string, params: Readonly<Record<string, string | number>>): string {
  return path.replace(/:([a-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])))
}

export function withQuery(
  path: string,
  query: Readonly<Record<string, number | string | undefined>>,
): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return path
  return `${path}?${given.map(([name, value]) => `${name}=${value}`).join('&')}`
}
