/**
 * A text as a field of a CSV file (RFC 4180) that no table program takes for a formula. Which sign
 * separates the fields such a program decides itself, by its language: of what stands behind any of
 * them a sign that begins a formula gets an apostrophe, as at the beginning.
 */
export function csvField(text: string): string {
  const plain = text.replace(/(^|[;\t\r\n])([\s"]*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g, "$1$2'$3")
  return /[",;\t\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
