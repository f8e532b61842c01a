import { BusbarClient, credentialOf, draftOf, Signer, withPrivateKey } from '@busbar/client'
import type { PartyCard } from '@busbar/client'

const deal = { intervals: 4, energyWhEach: 100, priceMicrosPerKwh: 180_000 }

/** Proposes to sell to somebody by contract. @returns the exchange’s answer: it has the trade */
export async function propose(url: string, key: string, own: PartyCard, other: PartyCard) {
  const client = new BusbarClient({ baseUrl: url })
  const { rulebook, interval: { openThrough } } = await client.market()
  const signer = new Signer({ domain: await client.domain(), ...own, sign: withPrivateKey(key) })
  const terms = draftOf({ rulebook }, 'sell', own, other, { ...deal, fromInterval: openThrough })
  return client.trades.propose(await signer.proposal(terms))
}

/** The other side signs the same terms. @returns the exchange’s answer: it is a contract */
export async function agree(url: string, key: string, account: number, trade: number) {
  const client = new BusbarClient({ baseUrl: url })
  const signer = new Signer({ domain: await client.domain(), account, sign: withPrivateKey(key) })
  const shown = await client.as(credentialOf(signer)).trades.get(trade)
  if (!('proposal' in shown) || shown.proposal === null) throw new Error('nothing to agree to')
  return client.trades.accept(await signer.acceptance(shown.proposal.terms))
}
