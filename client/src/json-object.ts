/** The object that a text is, all its fields still to be looked at; undefined where it is none. */
export function objectIn<Shape extends object>(text: string): Partial<Shape> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  return typeof value === 'object' && value !== null ? (value as Partial<Shape>) : undefined
}
