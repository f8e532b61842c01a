/**
 * Compares as the UTF-8 bytes of both would compare, for well-formed text.
 *
 * UTF-8 sorts by code point. JavaScript's `<` sorts by UTF-16 unit, where what lies beyond U+FFFF
 * (written with the units D800 to DFFF) comes before U+E000 to U+FFFF. Those two blocks change
 * places here; everything else compares alike.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rankOfUnit(x) - rankOfUnit(y)
  }
  return a.length - b.length
}

function rankOfUnit(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** Fewer than this many are compared: four counting passes cost more. */
const comparedCountMax = 200

const keyLength = 4

/**
 * Sorts `indices` in place so that `ids` of them ascend by UTF-8 bytes. The ids are distinct.
 *
 * Ids are digests, mostly: random after a common beginning. So the four characters after it are
 * sorted by counting, and groups that are alike in those are sorted by what follows.
 */
export function sortByUtf8(indices: Uint32Array, ids: readonly string[]): void {
  const keys = indices.length < comparedCountMax ? null : asciiKeys(indices, ids)
  if (keys === null) {
    indices.sort((a, b) => compareUtf8(ids[a]!, ids[b]!))
    return
  }
  const sorted = sortByKeys(indices, keys)
  let from = 0
  for (let to = 1; to <= sorted.length; to += 1) {
    if (to < sorted.length && sorted[to] === sorted[from]) continue
    if (to - from > 1) sortByUtf8(indices.subarray(from, to), ids)
    from = to
  }
}

/**
 * The four characters of each id that follow what all begin with, as one number, where an id that
 * ends comes before one that goes on. Null if they are not all ASCII.
 */
function asciiKeys(indices: Uint32Array, ids: readonly string[]): Uint32Array | null {
  const start = commonLength(indices, ids)
  const keys = new Uint32Array(indices.length)
  for (let i = 0; i < indices.length; i += 1) {
    const id = ids[indices[i]!]!
    let key = 0
    for (let at = start; at < start + keyLength; at += 1) {
      const unit = at < id.length ? id.charCodeAt(at) + 1 : 0
      if (unit > 0x80) return null
      key = (key << 8) | unit
    }
    keys[i] = key
  }
  return keys
}

function commonLength(indices: Uint32Array, ids: readonly string[]): number {
  const first = ids[indices[0]!]!
  let length = first.length
  for (const index of indices) {
    const id = ids[index]!
    let at = 0
    while (at < length && id.charCodeAt(at) === first.charCodeAt(at)) at += 1
    length = at
  }
  return length
}

/** Sorts `indices` by their `keys`, byte by byte from the last, and returns the keys sorted. */
function sortByKeys(indices: Uint32Array, keys: Uint32Array): Uint32Array {
  let fromIndices = indices
  let fromKeys = keys
  let toIndices: Uint32Array = new Uint32Array(indices.length)
  let toKeys: Uint32Array = new Uint32Array(indices.length)
  for (let shift = 0; shift < 32; shift += 8) {
    const next = startsByByte(fromKeys, shift)
    for (let i = 0; i < fromKeys.length; i += 1) {
      const key = fromKeys[i]!
      const byte = (key >>> shift) & 0xff
      const place = next[byte]!
      next[byte] = place + 1
      toKeys[place] = key
      toIndices[place] = fromIndices[i]!
    }
    ;[fromIndices, toIndices] = [toIndices, fromIndices]
    ;[fromKeys, toKeys] = [toKeys, fromKeys]
  }
  // Four passes: what was sorted last is where it began.
  return fromKeys
}

/** Where the keys with each value of one byte begin when they are sorted by it. */
function startsByByte(keys: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(257)
  for (let i = 0; i < keys.length; i += 1) {
    const after = ((keys[i]! >>> shift) & 0xff) + 1
    starts[after] = starts[after]! + 1
  }
  for (let byte = 1; byte <= 256; byte += 1) starts[byte] = starts[byte]! + starts[byte - 1]!
  return starts
}
