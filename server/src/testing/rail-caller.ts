/**
 * Whoever drives a rail, as small as it can be: for each step it asks with the step's own key until
 * there is an answer, and writes the answer down. A test's program, which dies where it is told:
 *
 *     rail-caller.ts OPTIONS JOURNAL LOG KILL_AT
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { MoneyBlock } from '../adapters/rails/money-block.ts'
import type { PaymentRail, RailAnswer, RailRequest } from '../app/ports/rails.ts'
import { countedPassages, withPassages } from './passages.ts'

type Step = Exclude<keyof PaymentRail, 'look'>

type Plan = {
  readonly url: string
  readonly apiKey: string
  readonly payment: number
  readonly payer: number
  readonly steps: readonly {
    readonly step: Step
    readonly amountMicros: number
    readonly expiresAt: number
  }[]
}

const [options = '', journal = '', log = '', killAt = ''] = process.argv.slice(2)
const plan = JSON.parse(options) as Plan
const pass = countedPassages(log, killAt)
const rail: PaymentRail = withPassages(
  new MoneyBlock({ ...plan, market: 'district', deadlineMs: 2_000 }),
  pass,
  (method) => method,
)

const lines = existsSync(journal) ? readFileSync(journal, 'utf8').trimEnd().split('\n') : []
let reference = ''
for (const [place, { step, amountMicros, expiresAt }] of plan.steps.entries()) {
  const known = lines[place]
  const request: RailRequest = {
    key: `payment/${plan.payment}/${step}/${place}`,
    payment: plan.payment,
    payer: plan.payer,
    payee: 8,
    amountMicros: BigInt(amountMicros),
    dueAt: 0,
    reference,
    expiresAt,
  }
  if (known === undefined || known === '') {
    const answer = await asked(() => rail[step](request))
    pass(`${step}/journal/before`)
    reference = answer.reference
    const text = JSON.stringify({ ...answer, amountMicros: Number(answer.amountMicros) })
    appendFileSync(journal, `${text}\n`, { flush: true })
    pass(`${step}/journal/after`)
  } else {
    reference = (JSON.parse(known) as { reference: string }).reference
  }
}

async function asked(ask: () => Promise<RailAnswer>): Promise<RailAnswer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RAIL_UNAVAILABLE') throw error
      await wait(50)
    }
  }
}
