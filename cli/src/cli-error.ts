/** Exit codes of `busbar`; `docs/reference/cli.md` lists them. */
export const exitCodes = {
  ok: 0,
  /** The command did its work and found that something is not as it should be. */
  difference: 1,
  /** The command line or a file given on it is wrong. */
  usage: 2,
  /** The command could not do its work. */
  failed: 3,
} as const

/** A command line that cannot be carried out: what is wrong with it, and what would be right. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
