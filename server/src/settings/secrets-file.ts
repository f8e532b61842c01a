import { readFileSync, statSync } from 'node:fs'
import { Fault } from '@busbar/core/errors'

/** An object in a file, of which it is known that it has no other fields than it may have. */
export type Part = Readonly<Record<string, unknown>>

/** Reads one file of secrets, and says in the words of its variable what is wrong with it. */
export type SecretsFile = {
  /** Of JSON; nobody but its owner may read it. */
  readonly json: (path: string) => unknown
  /** An object at a place such as `providers.0`, with no fields but these. */
  readonly part: (value: unknown, place: string, fields: readonly string[]) => Part
  readonly text: (source: Part, place: string, field: string) => string
  /** The fault that names a field and what it would have to be. */
  readonly invalid: (field: string, limit: string) => Fault
}

/**
 * How the file that a variable names is read; its texts have at most `textMax` characters.
 *
 * Faults, of all that it returns: CONFIG_INVALID, naming the variable, the field and the limit.
 */
export function secretsFile(variable: string, textMax: number): SecretsFile {
  const invalid = (field: string, limit: string): Fault =>
    new Fault('CONFIG_INVALID', { variable, field, limit })
  return {
    invalid,
    json: (path) => {
      try {
        // What Windows says of modes is nothing that could be checked.
        if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
          throw invalid('mode', 'a file that only its owner may read')
        }
        return JSON.parse(readFileSync(path, 'utf8'))
      } catch (cause) {
        if (cause instanceof Fault) throw cause
        throw new Fault('CONFIG_INVALID', { variable, limit: 'a readable JSON file' }, { cause })
      }
    },
    part: (value, place, fields) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalid(place, 'an object')
      }
      const unknown = Object.keys(value).find((field) => !fields.includes(field))
      if (unknown !== undefined) {
        throw invalid(dotted(place, unknown), `one of ${fields.join(', ')}`)
      }
      return value as Part
    },
    text: (source, place, field) => {
      const value = source[field]
      if (typeof value === 'string' && value !== '' && value.length <= textMax) return value
      throw invalid(dotted(place, field), 'a text')
    },
  }
}

/** A field within a place; the outermost place has no name. */
export const dotted = (place: string, field: string): string =>
  place === '' ? field : `${place}.${field}`
