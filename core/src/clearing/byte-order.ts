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
