import { BusbarError } from '@busbar/client'
import type { TextKey } from '../texts/en.ts'
import { enRefusals } from '../texts/en-refusals.ts'
import type { Texts } from '../texts/texts.ts'

type RefusalKey = Extract<keyof typeof enRefusals, TextKey>

/** Codes that nobody meets on a page, or that are their own words, are said by themselves. */
const isSaid = (key: string): key is RefusalKey => Object.hasOwn(enRefusals, key)

/**
 * Why something was not taken, in the reader's words, with what to do next: by the code, and with
 * the field and its limit where one is to blame.
 */
export function refusalSaid(error: unknown, say: Texts['say']): string {
  if (!(error instanceof BusbarError)) return error instanceof Error ? error.message : String(error)
  const { code, field, limit } = error
  const key = `refusal.${code}`
  const words = isSaid(key) ? say(key) : say('refusal.any', { code })
  const about = [field, limit].filter((part) => part !== undefined).join(': ')
  return about === '' ? words : `${words} (${about})`
}

/**
 * Whether a command has surely not been taken: the exchange has said so. What got no answer, or one
 * of a fault, may have been taken all the same.
 */
export const isRefused = (error: unknown): boolean =>
  error instanceof BusbarError && error.status !== null && error.status < 500
