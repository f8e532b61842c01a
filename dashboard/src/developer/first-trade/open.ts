import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'

/** Bids for half a kilowatt-hour in an open book. @returns the exchange’s word that it stands */
export async function firstTrade(url: string, key: string, account: number, meter: number) {
  const client = new BusbarClient({ baseUrl: url })
  const { interval } = await client.market()
  const signer = new Signer({ domain: await client.domain(), account, sign: withPrivateKey(key) })
  const wish = { side: 'buy', energyWh: 500, limitMicrosPerKwh: 210_000 } as const
  const order = await signer.order({ meter, interval: interval.openThrough, ...wish })
  return client.placeOrder(order)
}
