import type { BusbarClient } from '@busbar/client'

/** Accounts that are close to each other are asked for together, so many at a time. */
export const namesAtOnce = 100

/**
 * The names of accounts, `wanted` ascending; who is not in the registry is left out. Asks as often
 * as there are groups of close numbers, never more often than there are accounts.
 *
 * @throws BusbarError as `participants` does
 */
export async function namesOf(
  client: Pick<BusbarClient, 'participants'>,
  wanted: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  for (let left = wanted; left[0] !== undefined; ) {
    const from = left[0]
    const near = left.filter((one) => one < from + namesAtOnce)
    const limit = (near.at(-1) ?? from) - from + 1
    const { participants } = await client.participants({ from, limit }, { signal })
    for (const { account, name } of participants) {
      if (near.includes(account)) names.set(account, name)
    }
    left = left.slice(near.length)
  }
  return names
}
