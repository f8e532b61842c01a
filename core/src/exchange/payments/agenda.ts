import type { State } from '../state.ts'

/**
 * What is done for payments and defaults when its time has come, by `tend_payments`. The number is
 * that of a trade (`collect`, `reserve`, `review`), of a payment, of a default (`step`), or 0.
 */
export type Duty =
  /** A cycle of a trade has ended: what it owes is asked for. */
  | 'collect'
  /** The next part of a window comes within reach: money is set aside for it. */
  | 'reserve'
  /** A trade was cut short: what is set aside beyond its end is let go. */
  | 'review'
  | 'renew'
  | 'lapse'
  | 'overdue'
  | 'resume'
  | 'step'
  | 'netting'

const keyOf = (duty: Duty, number: number): string => `${duty}:${number}`

/** Plans a duty, in the place of the same one at another time. */
export function plan(state: State, duty: Duty, number: number, at: number): void {
  state.trading.agenda.set(keyOf(duty, number), at)
}

export function unplan(state: State, number: number, ...duties: readonly Duty[]): void {
  for (const duty of duties) state.trading.agenda.delete(keyOf(duty, number))
}

/** As `plan`, unless it is planned for an earlier time. */
export function planBy(state: State, duty: Duty, number: number, at: number): void {
  const planned = state.trading.agenda.get(keyOf(duty, number)) ?? at
  plan(state, duty, number, Math.min(planned, at))
}

export const isPlanned = (state: State, duty: Duty, number: number): boolean =>
  state.trading.agenda.has(keyOf(duty, number))

/** Whether `tend_payments` has something to do. */
export function paymentsDue(state: State, at: number): boolean {
  for (const time of state.trading.agenda.values()) if (time <= at) return true
  return false
}

/** Takes what is due off the agenda one by one, the longest due first, and performs it. */
export function performDue(
  state: State,
  at: number,
  perform: (duty: Duty, number: number) => void,
): void {
  const { agenda } = state.trading
  const due = [...agenda].filter(([, time]) => time <= at)
  due.sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  for (const [key, time] of due) {
    // What came before may have done with it, or have put it off.
    if (agenda.get(key) !== time) continue
    agenda.delete(key)
    const [duty = '', number = ''] = key.split(':')
    perform(duty as Duty, Number(number))
  }
}
