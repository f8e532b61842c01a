import { Fault } from '../errors/index.ts'
import { emptyState, type State } from './state.ts'

/**
 * The state as text: what a snapshot holds and what the state hash is taken of. Maps and sets keep
 * their order, which is a function of the journal; a bigint is written `#123`, and a text that
 * begins with `#` has one more.
 */
export const encodeState = (state: State): string => JSON.stringify(state, encodeValue)

/**
 * Reads what `encodeState` wrote.
 *
 * @throws Fault STATE_MALFORMED if the text is not a state of this version.
 */
export function decodeState(text: string): State {
  let value: unknown
  try {
    value = JSON.parse(text, decodeValue)
  } catch (cause) {
    throw new Fault('STATE_MALFORMED', { position: 'not JSON' }, { cause })
  }
  const [expected, found] = [fieldsOf(emptyState()), fieldsOf(value)]
  if (expected !== found) throw new Fault('STATE_MALFORMED', { found, expected })
  return value as State
}

/** The fields of a state and of what they consist of, as far as every state has them. */
function fieldsOf(value: unknown, depth = 0): string {
  if (!isPlain(value)) return ''
  const names = Object.keys(value).sort()
  return names.map((name) => `${name}{${depth < 2 ? fieldsOf(value[name], depth + 1) : ''}}`).join()
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

function encodeValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `#${value}`
  if (typeof value === 'string' && value.startsWith('#')) return `#${value}`
  if (value instanceof Map) return { $map: [...value] }
  if (value instanceof Set) return { $set: [...value] }
  return value
}

function decodeValue(_key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('#')) return value
    return value.startsWith('##') ? value.slice(1) : BigInt(value.slice(1))
  }
  if (typeof value !== 'object' || value === null) return value
  if ('$map' in value) return new Map(value.$map as [unknown, unknown][])
  if ('$set' in value) return new Set(value.$set as unknown[])
  return value
}
