/**
 * Whoever drives the rail of bills, as small as it can be: for each step it asks with the step's
 * own key until there is an answer, and writes the answer down. A test's program, which dies where
 * it is told:
 *
 *     bill-caller.ts OPTIONS JOURNAL LOG KILL_AT
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { BillPresentment } from '../adapters/rails/bill-presentment.ts'
import type { PaymentRail, RailAnswer, RailRequest } from '../app/ports/rails.ts'
import { countedPassages, withPassages } from './passages.ts'

type Step = 'collect' | 'release' | 'refund'

type Plan = {
  readonly url: string
  readonly privateKey: string
  readonly networkKey: string
  readonly payment: number
  readonly dueAt: number
  readonly steps: readonly { readonly step: Step; readonly amountMicros: number }[]
}

const [options = '', journal = '', log = '', killAt = ''] = process.argv.slice(2)
const plan = JSON.parse(options) as Plan
const pass = countedPassages(log, killAt)
const rail: PaymentRail = withPassages(
  new BillPresentment({
    url: plan.url,
    institution: 'district',
    network: 'bill-network',
    privateKey: createPrivateKey(plan.privateKey),
    networkKey: createPublicKey(plan.networkKey),
    deadlineMs: 2_000,
    now: () => Date.now(),
    market: 'district',
    currency: 'EUR',
    biller: 'seller',
    platformOf: () => null,
  }),
  pass,
  (method) => method,
)

const lines = existsSync(journal) ? readFileSync(journal, 'utf8').trimEnd().split('\n') : []
let reference = ''
for (const [place, { step, amountMicros }] of plan.steps.entries()) {
  const known = lines[place]
  const request: RailRequest = {
    key: `payment/${plan.payment}/${step}/${place}`,
    payment: plan.payment,
    payer: 7,
    payee: 8,
    amountMicros: BigInt(amountMicros),
    dueAt: plan.dueAt,
    reference,
    expiresAt: plan.dueAt,
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
