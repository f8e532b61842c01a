import { BusbarClient, sealingTerms, Signer, withPrivateKey } from '@busbar/client'

/** Bids for half a kilowatt-hour, sealed. @returns the exchange’s receipt for it */
export async function firstTrade(url: string, key: string, account: number, meter: number) {
  const client = new BusbarClient({ baseUrl: url })
  const market = await client.market()
  const terms = sealingTerms(market, { zone: 0, interval: market.interval.openThrough })
  const signer = new Signer({ domain: await client.domain(), account, sign: withPrivateKey(key) })
  const wish = { side: 'buy', energyWh: 500, limitMicrosPerKwh: 250_000 } as const
  const { order } = await signer.sealedOrder(terms, { meter, ...wish, collateralMicros: 200_000 })
  return client.placeSealedOrder(order)
}
