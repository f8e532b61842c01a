import type { AccountDetail, StatementLine } from '@busbar/protocols/api'
import { microsOf } from '../lib/amounts.ts'

/** What a person wrote as the money to take out, or what is wrong with it. */
export type Asked =
  | { readonly kind: 'right'; readonly amountMicros: number }
  | { readonly kind: 'empty' | 'malformed' | 'too-much' }

/** @param withdrawableMicros the most that may leave now */
export function askedOf(text: string, withdrawableMicros: number): Asked {
  if (text.trim() === '') return { kind: 'empty' }
  const amountMicros = microsOf(text)
  if (amountMicros === undefined || amountMicros < 1) return { kind: 'malformed' }
  return amountMicros > withdrawableMicros ? { kind: 'too-much' } : { kind: 'right', amountMicros }
}

/** Money as a person writes it, without the currency: what `askedOf` reads. */
export function written(micros: number): string {
  const part = String(micros % 1_000_000).padStart(6, '0').replace(/0+$/, '')
  const whole = Math.floor(micros / 1_000_000)
  return part === '' ? String(whole) : `${whole}.${part}`
}

/** Whether cents say it whole. */
export const isInCents = (micros: number): boolean => micros % 10_000 === 0

/**
 * Whether a passkey of this host may sign withdrawals: `other-word` where there are some, and none
 * of them is one that the account itself asked for.
 */
export function mayWithdraw(
  passkeys: AccountDetail['passkeys'],
  host: string,
  nowMs: number,
): 'yes' | 'other-word' | 'none' {
  const speaking = passkeys.filter((one) => one.host === host && one.signsFromMs <= nowMs)
  if (speaking.length === 0) return 'none'
  return speaking.some(({ withdraws }) => withdraws) ? 'yes' : 'other-word'
}

/** How far the chain is: `own` is what its owner took from the chain without the exchange. */
export type Paid = 'waits' | 'paid' | 'refused' | 'own'

export function paidOf({ transaction }: Pick<StatementLine, 'transaction'>): Paid {
  if (transaction === null) return 'own'
  if (transaction.status === 'failed') return 'refused'
  return transaction.status === 'final' ? 'paid' : 'waits'
}
