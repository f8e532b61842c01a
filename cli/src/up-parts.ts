import { builtPages } from '@busbar/dashboard/build'
import { UsageError } from './cli-error.ts'
import type { Output } from './command.ts'

/** Market time per real time. */
export const defaultSpeed = 60

/** Pages that cannot be built keep nobody from trading. */
export async function pagesOrNone(output: Output): Promise<string | undefined> {
  try {
    return await builtPages(output.note)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    output.note(`${why}\nThe exchange starts without its pages; the interface is complete.`)
    return undefined
  }
}

/** @throws UsageError for what is no time of day */
export function minutesOf(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match === null) {
    throw new UsageError(`--from is ${text}; it takes a time of day such as 09:00`)
  }
  return Number(match[1]) * 60 + Number(match[2])
}
