/** Lines of a bill on their way from the page that made it to the one that holds it to proofs. */
let handed = ''

export function handLines(text: string): void {
  handed = text
}

/** What was handed over, once. */
export function takeLines(): string {
  const text = handed
  handed = ''
  return text
}
