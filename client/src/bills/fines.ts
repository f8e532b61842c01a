import { Micros } from '@busbar/core/units'
import type { DefaultView } from '@busbar/protocols/api'
import type { FineOnBill } from './bill.ts'

/** Fines on earlier bills that stand there still, by default, micros. */
export type FinesBilled = Readonly<Record<string, number>>

export type FinesDue = {
  readonly fines: readonly (FineOnBill & { readonly account: number })[]
  readonly lifted: readonly (FineOnBill & { readonly account: number })[]
  /** What stands on bills after this one. */
  readonly billed: FinesBilled
}

/**
 * Which fines go on the bills of a period: those of its ladders' steps, each once, and not while an
 * appeal is pending; and back, those that were billed before and are overturned since.
 *
 * @param defaults of the customers as they stood last, one for each number
 * @param sinceMs when the first of all bill runs began: what was fined before it is not billed
 */
export function finesDue(
  defaults: readonly DefaultView[],
  before: FinesBilled,
  sinceMs: number,
  untilMs: number,
): FinesDue {
  const billed = new Map(Object.entries(before))
  const fines: FinesDue['fines'][number][] = []
  const lifted: FinesDue['lifted'][number][] = []
  for (const { default: number, account, status, steps } of defaults) {
    // Of a creditor's own retailer: who is in default is another's customer.
    if (account === null) continue
    const key = String(number)
    const standing = billed.get(key)
    if (status === 'overturned') {
      if (standing === undefined) continue
      billed.delete(key)
      const amount = Micros.from(BigInt(standing))
      lifted.push({ default: number, account, amount, at: '' })
      continue
    }
    const step = steps.find((one) => one.step === 'fine' && one.fineMicros > 0)
    if (step === undefined || standing !== undefined || status === 'appealed') continue
    if (step.atMs < sinceMs || step.atMs >= untilMs) continue
    billed.set(key, step.fineMicros)
    const at = new Date(step.atMs).toISOString().slice(0, 10)
    fines.push({ default: number, account, amount: Micros.from(BigInt(step.fineMicros)), at })
  }
  return { fines, lifted, billed: Object.fromEntries(billed) }
}
