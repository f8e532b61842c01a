/** The exchange has refused what somebody said. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly code: string

  constructor(what: string, by: { readonly code: string; field?: string; limit?: string }) {
    const { code, field = '', limit = '' } = by
    super(`${what} was refused: ${code} ${field} ${limit}`)
    this.code = code
  }
}

/**
 * What was answered; undefined where who spoke is suspended. Whoever runs a market that is looked
 * at may suspend anybody of it, and it goes on for all others.
 *
 * @throws what was thrown for any other reason
 */
export async function unlessSuspended<Answer>(
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    const isSuspended =
      error instanceof Error && 'code' in error && error.code === 'account_suspended'
    if (isSuspended) return undefined
    throw error
  }
}
