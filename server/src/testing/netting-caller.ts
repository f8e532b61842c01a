/**
 * Whoever drives the rail of prepaid meters, as small as it can be: pays, nets, hands in and reads
 * the bank, each until it is done. A test's program, which dies where it is told:
 *
 *     netting-caller.ts OPTIONS LOG KILL_AT
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { BankHttp, type BankLink } from '../adapters/rails/bank-link.ts'
import { RetailerNetting } from '../adapters/rails/retailer-netting.ts'
import type { PaymentRail, RailRequest } from '../app/ports/rails.ts'
import { countedPassages, withPassages } from './passages.ts'

type Plan = {
  readonly url: string
  readonly bankKey: string
  readonly path: string
  readonly prefix: string
  readonly now: number
}

const [options = '', log = '', killAt = ''] = process.argv.slice(2)
const plan = JSON.parse(options) as Plan
const pass = countedPassages(log, killAt)
const bank: BankLink = withPassages(
  new BankHttp({ ...plan, deadlineMs: 2_000 }),
  pass,
  (method) => `bank.${method}`,
)
const netting = new RetailerNetting({
  path: plan.path,
  prefix: plan.prefix,
  currency: 'EUR',
  initiator: 'Market',
  bankOf: (retailer) => ({ name: `Retailer ${retailer}`, account: `R-${retailer}` }),
  retailerOf: (account) => Math.floor(account / 10),
  bank,
  now: () => plan.now,
})
const rail: PaymentRail = withPassages<PaymentRail>(netting, pass, (method) => method)

const request: RailRequest = {
  key: 'payment/1/reserve',
  payment: 1,
  payer: 41,
  payee: 51,
  amountMicros: 25_005_000n,
  dueAt: plan.now,
  reference: '',
  expiresAt: plan.now + 1_000,
}
netting.topUp('t1', 41, 100_000_000n)
pass('topped-up')
await rail.reserve(request)
await rail.capture({ ...request, key: 'payment/1/capture', amountMicros: 20_005_000n })
await rail.refund({ ...request, key: 'payment/1/refund', amountMicros: 1_000_000n })
netting.net(plan.now)
pass('netted')
await untilDone(() => netting.handIn())
pass('handed-in')
await untilDone(() => netting.readBank())
pass('read')
netting.close()

async function untilDone(act: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await act()
      return
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RAIL_UNAVAILABLE') throw error
      await wait(50)
    }
  }
}
