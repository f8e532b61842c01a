import { equal, ok } from 'node:assert/strict'
import type { Numbers } from '../solve.ts'

/**
 * Changes each number of a circuit's input by one, up and down, and expects that it is refused.
 *
 * @param unread the paths of what the circuit may take either way, like `slots.3.near`
 */
export async function refusesChanges<T extends Numbers>(
  input: T,
  accepts: (input: Numbers) => Promise<boolean>,
  unread: RegExp,
): Promise<void> {
  equal(await accepts(input), true)
  for (const path of pathsOf(input)) {
    for (const by of [1n, -1n]) {
      const taken = await accepts(changed(input, path, by))
      if (taken) ok(unread.test(path.join('.')), `${path.join('.')} by ${by} is taken`)
    }
  }
}

function pathsOf(value: Numbers, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'bigint') return [path]
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))
}

function changed(value: Numbers, [name = '', ...rest]: readonly string[], by: bigint): Numbers {
  if (typeof value === 'bigint') return value + by
  if (value instanceof Array) {
    return value.map((inner, i) => (String(i) === name ? changed(inner, rest, by) : inner))
  }
  const record = value as { readonly [name: string]: Numbers }
  return { ...record, [name]: changed(record[name] ?? 0n, rest, by) }
}
