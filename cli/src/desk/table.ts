/**
 * Rows under their heads, each column as wide as it needs to be; columns of figures stand to the
 * right.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) =>
    Math.max(...all.map((row) => [...(row[column] ?? '')].length)),
  )
  const isFigure = head.map((_, column) =>
    rows.every((row) => /^(?:[-+]?\d[\d.,]*(?: .{1,8})?|-)?$/.test(row[column] ?? '')),
  )
  return all
    .map((row) => {
      const cells = widths.map((width, column) => {
        const cell = row[column] ?? ''
        const gap = ' '.repeat(width - [...cell].length)
        return isFigure[column] === true && rows.length > 0 ? `${gap}${cell}` : `${cell}${gap}`
      })
      return `  ${cells.join('  ')}`.trimEnd()
    })
    .join('\n')
}
