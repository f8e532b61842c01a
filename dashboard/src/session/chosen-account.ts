/** Which account a person of a company chose last in this browser: a suggestion and no more. */

type Keeper = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

const placeOf = (market: string): string => `busbar.chosen.${market}`

/** Undefined where nothing was chosen, or what is kept is no account. */
export function lastChosen(keeper: Keeper, market: string): number | undefined {
  const kept = keeper.getItem(placeOf(market))
  return kept !== null && /^\d{1,10}$/.test(kept) ? Number(kept) : undefined
}

export const noteChosen = (keeper: Keeper, market: string, account: number): void =>
  keeper.setItem(placeOf(market), String(account))

/** Nothing where another account was chosen last. */
export function forgetChosen(keeper: Keeper, market: string, account: number): void {
  if (lastChosen(keeper, market) === account) keeper.removeItem(placeOf(market))
}

/** The suggestion first, all others as they came. */
export const suggestedFirst = <One extends { readonly account: number }>(
  accounts: readonly One[],
  suggested: number | undefined,
): readonly One[] => [
  ...accounts.filter(({ account }) => account === suggested),
  ...accounts.filter(({ account }) => account !== suggested),
]
