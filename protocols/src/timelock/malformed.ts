import { Fault } from '@busbar/core/errors'

/** What is no key, point, label or ciphertext, and why. */
export const malformed = (field: string, why: string, cause?: unknown): Fault =>
  new Fault('TIMELOCK_MALFORMED', { field, why }, { cause })
