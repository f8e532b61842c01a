import { type BusbarClient, LadderError, parseLadder, type WrittenStep } from '@busbar/client'
import type { Market } from '@busbar/protocols/api'

/** A ladder in plain terms, read; or what is wrong with it, in the words of who reads it. */
export function readLadder(text: string): readonly WrittenStep[] | string {
  try {
    return parseLadder(text)
  } catch (error) {
    if (error instanceof LadderError) return error.message
    throw error
  }
}

/** Looks up whom and where a ladder names. @throws LadderError where nobody is called so */
export const lookIn = (client: BusbarClient, { zones }: Pick<Market, 'zones'>) => ({
  account: async (name: string): Promise<number> => {
    const { participants: [found] } = await client.participants({ name, limit: 1 })
    if (found !== undefined) return found.account
    throw new LadderError(`nobody is called ${name}`, 0)
  },
  zone: (zone: string): number => {
    const found = zones.find((one) => one.name === zone || String(one.zone) === zone)
    if (found === undefined) throw new LadderError(`no zone is called ${zone}`, 0)
    return found.zone
  },
})
