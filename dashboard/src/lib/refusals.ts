import { BusbarError } from '@busbar/client'
import type { Texts } from '../texts/texts.ts'

type Saying = Pick<Texts, 'say' | 'has'>

/**
 * Why something was not taken or is not shown, in the reader's words, with what to do next: by the
 * code, and with the field and its limit where one is to blame. On the first page, which has no
 * such words, in those of the exchange.
 */
export function refusalSaid(error: unknown, { say, has }: Saying): string {
  if (!(error instanceof BusbarError)) return error instanceof Error ? error.message : String(error)
  const { code, field, limit, message } = error
  const key = `refusal.${code}`
  const detail = message.replace(`${code}: `, '')
  if (!has('refusal.any')) return detail
  if (!has(key)) return say('refusal.any', { detail: detail.replace(/\.$/, '') })
  const about = [field, limit].filter((part) => part !== undefined).join(': ')
  return about === '' ? say(key) : `${say(key)} (${about})`
}

/**
 * Whether a command has surely not been taken: the exchange has said so. What got no answer, or one
 * of a fault, may have been taken all the same.
 */
export const isRefused = (error: unknown): boolean =>
  error instanceof BusbarError && error.status !== null && error.status < 500
