/**
 * Keeps what must not be read at rest: opened orders, and the joint signature that opens them.
 *
 * The same text sealed for the same place gives the same bytes, so that a journal written twice is
 * the same journal.
 */
export interface Vault {
  /** `kind` and `sequence` are bound to the text: sealed for one entry it opens in no other. */
  seal(kind: string, sequence: number, text: string): string

  /**
   * The text that was sealed for this place.
   *
   * Faults: VAULT_KEY_MISSING where it was sealed with a key that is not there, VAULT_TEXT_INVALID
   * where it is not what was sealed.
   */
  open(kind: string, sequence: number, body: string): string
}
