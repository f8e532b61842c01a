import { limits } from './limits.ts'

/** Cuts `items` into runs that one statement can carry, in order; none is empty. */
export function splitBySize<Item>(
  items: readonly Item[],
  size: (item: Item) => number,
): readonly (readonly Item[])[] {
  const parts: Item[][] = []
  let part: Item[] = []
  let bytes = 0
  for (const item of items) {
    const full = part.length === limits.statementRowsMax
    if (full || (part.length > 0 && bytes + size(item) > limits.statementBytesMax)) {
      parts.push(part)
      part = []
      bytes = 0
    }
    part.push(item)
    bytes += size(item)
  }
  if (part.length > 0) parts.push(part)
  return parts
}

/** Cuts text into pieces of at most `lengthMax` UTF-16 units, never inside a character. */
export function splitText(whole: string, lengthMax: number): readonly string[] {
  const parts: string[] = []
  for (let start = 0; start < whole.length; ) {
    let end = Math.min(start + lengthMax, whole.length)
    if (end < whole.length && isHighSurrogate(whole.charCodeAt(end - 1))) end -= 1
    parts.push(whole.slice(start, end))
    start = end
  }
  return parts
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
