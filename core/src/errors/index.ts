/**
 * Every fault this product can throw, by code. `docs/reference/errors.md` has one heading per code;
 * `scripts/tidy.test.ts` fails when the two lists differ.
 */
export const faultCodes = {
  UNIT_OUT_OF_RANGE: 'A quantity is outside the range its unit allows.',
  UNIT_MALFORMED: 'A quantity is not written as an integer of its unit.',
  RULEBOOK_INVALID: 'A rulebook breaks its schema.',
  STATE_MALFORMED: 'A snapshot is not a state of this version.',
} as const

export type FaultCode = keyof typeof faultCodes

/**
 * A fault: the caller or the environment broke a rule, and the operation had no effect.
 *
 * Faults are for what should not happen. An outcome the caller must expect (an order above its
 * funds, a meter that is late) is a return value, never a Fault.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  /** Values that explain this occurrence. Must be safe to log: ids and quantities, no secrets. */
  readonly details: Readonly<Record<string, string | number | bigint>>

  constructor(
    code: FaultCode,
    details: Readonly<Record<string, string | number | bigint>>,
    options: { cause?: unknown } = {},
  ) {
    const shown = Object.entries(details).map(([key, value]) => `${key}=${value}`)
    super([`${code}: ${faultCodes[code]}`, ...shown].join(' '), options)
    this.code = code
    this.details = details
  }
}

/** Stops the lane on a broken invariant: our own bug, so no caller may catch and continue. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`)
}
