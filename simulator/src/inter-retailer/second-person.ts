/** Who decides with the operator, where what moves money or rules takes two. */
export type SecondPerson = {
  /** When all stands that the operator may set up alone. */
  readonly join: () => Promise<void>
  /** Approves what the operator has proposed. @param digest of the proposed instruction */
  readonly approve: (proposal: number, digest: string) => Promise<void>
}
