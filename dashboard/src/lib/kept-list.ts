/** What a browser keeps for its pages: `localStorage`, or what a test has in its place. */
export type Keeper = Pick<Storage, 'getItem' | 'setItem'>

/** The entries of a list that was kept; nothing where it is no such list. */
export function keptList<One>(
  keeper: Keeper,
  place: string,
  isOne: (value: unknown) => value is One,
): readonly One[] {
  let value: unknown
  try {
    value = JSON.parse(keeper.getItem(place) ?? '[]')
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
  return Array.isArray(value) ? value.filter(isOne) : []
}
