/** Changes an answer in one place, as somebody would who wants another one believed. */
import type { Check } from '../src/why/checks.ts'

export const failing = (checks: readonly Check[]): readonly string[] =>
  checks.filter(({ state }) => state === 'fails').map(({ name }) => name)

/** Every value in a tree of objects, arrays and maps, by its path. */
export function valuesIn(tree: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (tree instanceof Map) {
    return [...tree].flatMap(([key, value]) => valuesIn(value, `${path}{${String(key)}}`))
  }
  if (typeof tree !== 'object' || tree === null) return [[path, tree]]
  return Object.entries(tree).flatMap(([key, value]) => valuesIn(value, `${path}.${key}`))
}

export const numbersIn = (tree: unknown): readonly (readonly [string, number])[] =>
  valuesIn(tree).flatMap(([path, value]) => (typeof value === 'number' ? [[path, value]] : []))

/** The tree with the value at one path replaced. */
export function changed(tree: unknown, at: string, by: unknown, path = ''): unknown {
  if (tree instanceof Map) {
    return new Map(
      [...tree].map(([key, value]) => [key, changed(value, at, by, `${path}{${String(key)}}`)]),
    )
  }
  if (typeof tree !== 'object' || tree === null) return path === at ? by : tree
  if (Array.isArray(tree)) return tree.map((one, i) => changed(one, at, by, `${path}.${i}`))
  return Object.fromEntries(
    Object.entries(tree).map(([key, one]) => [key, changed(one, at, by, `${path}.${key}`)]),
  )
}

/** A figure with a point in the place of one of its digits: a byte changed, and no whole number. */
export const pointed = (value: number): number =>
  Number(String(value).replace(/^(-?\d+)\d([1-9]\d*)$/, '$1.$2'))

/** Another value of the same kind: one digit or letter off. */
export function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string') return value
  const last = value.at(-1) ?? ''
  return `${value.slice(0, -1)}${last === '0' ? '1' : '0'}`
}
