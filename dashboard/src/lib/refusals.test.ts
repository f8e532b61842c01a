/**
 * Goal: whoever is refused reads why in words, in each language, for every code that a page can be
 * refused with; and is told that nothing was changed only where the exchange has said so.
 * Method: all codes of the exchange, of which those that no page meets are listed; errors by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BusbarError } from '@busbar/client'
import { rejections } from '@busbar/core/exchange'
import { deRefusals } from '../texts/de-refusals.ts'
import { enRefusals } from '../texts/en-refusals.ts'
import type { Texts } from '../texts/texts.ts'
import { isRefused, refusalSaid } from './refusals.ts'

/** Of commands that machines and the exchange itself give. */
const unmet: ReadonlySet<string> = new Set([
  ...['market_exists', 'gateway_unknown', 'balancing_authority_missing', 'gate_open'],
  ...['gate_already_closed', 'order_book_mismatch', 'interval_not_fixed', 'orders_opened'],
  ...['reveal_open', 'reveal_closed', 'opening_mismatch', 'netting_unknown'],
  ...['netting_not_awaited', 'nothing_to_tend', 'readings_empty', 'deposit_exists'],
  ...['interval_not_cleared', 'readings_awaited', 'proof_awaited', 'proof_not_awaited'],
  ...['nothing_to_settle', 'guarantee_exhausted'],
])

const texts = {
  say: (key: keyof typeof enRefusals, values?: Record<string, string>) =>
    enRefusals[key].replace('{detail}', values?.detail ?? ''),
  has: (key: string) => Object.hasOwn(enRefusals, key),
} as unknown as Texts

const refused = (about: Partial<ConstructorParameters<typeof BusbarError>[0]>): BusbarError =>
  new BusbarError({ code: 'x', status: 200, detail: 'rejected', transient: false, ...about })

describe('a refusal', () => {
  test('has words for every code that a page can meet, and no others', () => {
    const said = Object.keys(enRefusals).map((key) => key.replace('refusal.', ''))
    const met = Object.keys(rejections).filter((code) => !unmet.has(code))
    deepEqual(met.filter((code) => !said.includes(code)), [])
    deepEqual([...unmet].filter((code) => said.includes(code) || !(code in rejections)), [])
    for (const text of [...Object.values(enRefusals), ...Object.values(deRefusals)]) {
      equal(/[.!]$/.test(text), true, `${text} ends as a sentence`)
    }
  })

  test('is said with its field and limit, or as the exchange says it', () => {
    const short = refused({ code: 'funds_insufficient', field: 'collateral', limit: '12' })
    equal(refusalSaid(short, texts), `${enRefusals['refusal.funds_insufficient']} (collateral: 12)`)
    const unknown = refusalSaid(refused({ code: 'nobody_knows' }), texts)
    equal(unknown, 'The exchange refused: rejected.')
    equal(refusalSaid(new Error('a fault'), texts), 'a fault')
    const first = { ...texts, has: () => false } as unknown as Texts
    equal(refusalSaid(short, first), 'rejected', 'once, without the code before it')
  })

  test('is certain where the exchange has said it, also of what may be taken later', () => {
    equal(isRefused(refused({ code: 'funds_insufficient', transient: true })), true)
    equal(isRefused(refused({ status: 429, transient: true })), true)
    equal(isRefused(refused({ status: null, transient: true })), false)
    equal(isRefused(refused({ status: 503, transient: true })), false)
    equal(isRefused(new Error('a fault')), false)
  })
})
