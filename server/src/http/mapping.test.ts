/**
 * Goal: no figure is rounded on its way out, and no field leaves the house that is not meant to.
 * Method: properties on the one door for integers; views with surprises in them.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MicrosPerKwh } from '@busbar/core/units'
import fc from 'fast-check'
import { accountJson } from './account-mapping.ts'
import { jsonInteger } from './json-numbers.ts'
import { conservationJson, intervalJson, proofJson } from './mapping.ts'
import { ExchangeDouble } from './testing/exchange-double.ts'
import * as views from './testing/views.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const safe = BigInt(Number.MAX_SAFE_INTEGER)

describe('an integer', () => {
  test('is exact, or is refused', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), (value) => {
        if (value > safe || value < -safe) {
          throws(() => jsonInteger(value, 'x'), { code: 'UNIT_OUT_OF_RANGE' })
        } else equal(BigInt(JSON.parse(JSON.stringify(jsonInteger(value, 'x')))), value)
      }),
      replay,
    )
    equal(jsonInteger(safe, 'x'), Number.MAX_SAFE_INTEGER)
    throws(() => jsonInteger(safe + 1n, 'x'), { code: 'UNIT_OUT_OF_RANGE' })
  })

  test('keeps its sign and is refused in a view as well', () => {
    equal(intervalJson(views.interval(1)).priceMicrosPerKwh, -120_000)
    const view = { ...views.interval(1), price: 2n ** 60n as MicrosPerKwh }
    throws(() => intervalJson(view), { code: 'UNIT_OUT_OF_RANGE' })
    const { money } = views.conservation
    const large = { ...views.conservation, money: { ...money, deposited: safe + 1n } }
    throws(() => conservationJson(large), { code: 'UNIT_OUT_OF_RANGE' })
  })
})

describe('a view', () => {
  test('that gains a field does not show it', async () => {
    const secret = { secret: 'orders of others' }
    const shown = JSON.stringify([
      intervalJson({ ...views.interval(1), ...secret }),
      proofJson({ ...views.proof(4), ...secret }),
      accountJson({ ...(await accountOf(4)), ...secret }),
    ])
    equal(shown.includes('orders of others'), false)
  })

  test('of a chain that differs is not equal', () => {
    const { chain } = views.conservation
    const differing = { ...views.conservation, chain: chain && { ...chain, differingAccounts: 1 } }
    equal(conservationJson(differing).chain?.equal, false)
    const unexplained = { ...views.conservation, chain: chain && { ...chain, unexplained: -1n } }
    equal(conservationJson(unexplained).chain?.equal, false)
    equal(conservationJson({ ...views.conservation, chain: null }).chain, null)
  })
})

async function accountOf(account: number) {
  const view = await new ExchangeDouble().account(account)
  if (view === undefined) throw new Error('no such account')
  return view
}
