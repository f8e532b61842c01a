/** A retailer's desk, which somebody calls on behalf of a customer. */
import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import type { Participant } from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator'

type Words = Pick<Signer, 'instruction'>

export type Desk = {
  /** As everybody sees them now. */
  readonly customer: Participant
  readonly instruct: (...words: Parameters<Words['instruction']>) => Promise<unknown>
  /** Registers the public half of a join code for the customer. */
  readonly invite: (publicKey: string) => Promise<unknown>
}

/** The desk of the one retailer of a simulated market, with its registered key. */
export async function deskOf(url: string, name: string, seed = 1): Promise<Desk> {
  const client = new BusbarClient({ baseUrl: url })
  const [{ participants }, domain, { clock }] = await Promise.all([
    client.participants({ limit: 500 }), client.domain(), client.market(),
  ])
  const customer = participants.find((one) => one.name === name)
  const retailer = participants.find(({ roles }) => roles.includes('retailer'))
  if (customer === undefined || retailer === undefined) throw new Error(`nobody is called ${name}`)
  const sign = withPrivateKey(seededKey(seed, retailer.name, 'secp256k1').privateKey)
  const signer = new Signer({ domain, account: retailer.account, sign })
  const instruct: Desk['instruct'] = async (...words) =>
    client.instruct(await signer.instruction(...words))
  const content = { participant: customer.account, host: 'localhost' }
  const untilMs = Math.floor(clock.nowMs) + 3_600_000
  return {
    customer,
    instruct,
    invite: (publicKey) => instruct('issue_join_code', { ...content, publicKey, untilMs }),
  }
}
