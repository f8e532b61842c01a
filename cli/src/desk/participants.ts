import type { BusbarClient } from '@busbar/client'

/** The account of a participant by its name; undefined where nobody has it. */
export async function findAccount(client: BusbarClient, who: string): Promise<number | undefined> {
  let from: number | null = 0
  while (from !== null) {
    const page = await client.participants({ from, limit: 500 })
    const found = page.participants.find(({ name }) => name === who)
    if (found !== undefined) return found.account
    from = page.nextFrom
  }
  return undefined
}
