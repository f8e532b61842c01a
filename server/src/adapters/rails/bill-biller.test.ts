/**
 * Goal: whoever is the biller, the seller (D1) or the platform (D2), everybody pays and gets the
 * same, to the cent.
 * Method: any payment with any fee and a refund, by both billers, with the money of each party
 * counted at the network's simulator. Replay with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { BillingMarket } from '../../testing/billing-market.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const market = new BillingMarket()
const { seller, buyer, platform, billing, payment, next, movesSince, countOfMoves, pass } = market

before(() => market.start())
after(() => market.network.remove())

test('the money is the same whoever is the biller', async () => {
  const party = fc.constantFrom(seller, buyer, platform)
  const cents = fc.bigInt({ min: 1n, max: 10n ** 5n })
  const micros = fc.bigInt({ min: 0n, max: 10n ** 9n })
  await fc.assert(
    fc.asyncProperty(party, party, cents, micros, async (payer, payee, amountCents, fee) => {
      const amountMicros = amountCents * 10_000n
      if (payer === payee) return
      const change = async (biller: 'seller' | 'platform'): Promise<object> => {
        const platformOf = () => ({ account: platform, feeMicros: fee })
        const own = billing({ biller, platformOf })
        const count = await countOfMoves()
        const request = payment({ payer, payee, amountMicros })
        const presented = await own.collect(request)
        await pass(1)
        if (amountMicros >= 20_000n) {
          const part = { amountMicros: 10_000n }
          const none = billing({ biller, platformOf: () => null })
          const left = amountMicros / 10_000n - fee / 10_000n
          if (left > 0n) await none.refund(next(request, presented, 'refund', part))
        }
        const sums: Record<string, number> = {}
        for (const move of await movesSince(count)) {
          const [account = '', cents] = move.split(' ')
          sums[account] = (sums[account] ?? 0) + Number(cents)
        }
        equal(
          Object.values(sums).reduce((sum, cents) => sum + cents, 0),
          0,
        )
        return { ...sums, moved: presented.amountMicros }
      }
      deepEqual(await change('seller'), await change('platform'))
    }),
    { ...replay, numRuns: 15 },
  )
})
