/**
 * Keys of the chain's curve beside the registered one, by what they are for. A signature by one
 * names it, because an account may have several: `mark ‖ key (33) ‖ r ‖ s ‖ v`.
 */
export const namedKeyMarks = {
  /** Of an agent: trades within its mandate. */
  agent: '51',
  /** Of a join code: registers one passkey. */
  join: '52',
} as const

export type NamedKeyKind = keyof typeof namedKeyMarks

/** The length of such a signature, in bytes. */
export const namedSignatureLength = 1 + 33 + 65

/**
 * The key that a signature says it is by, `0x` and 66 hex; undefined for a signature by another
 * kind of key. Whether it is by it was checked before a command gets here.
 */
export function namedKeyIn(kind: NamedKeyKind, signature: string): string | undefined {
  const isOne =
    signature.length === 2 + 2 * namedSignatureLength &&
    signature.startsWith(`0x${namedKeyMarks[kind]}`)
  return isOne ? `0x${signature.slice(4, 4 + 66)}` : undefined
}
