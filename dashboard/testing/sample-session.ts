/** Signs in as a participant of a simulated market: its keys follow from the seed. */
import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import { seededKey } from '@busbar/simulator'

const lifetimeMs = 3_600_000

/** Somebody who is signed in, and the cookie that says so. */
export type SampleSession = {
  readonly account: number
  readonly name: string
  readonly cookie: { readonly name: string; readonly value: string; readonly url: string }
}

/** @throws Error where nobody in the market has this name */
export async function sessionOf(url: string, name: string, seed = 1): Promise<SampleSession> {
  const client = new BusbarClient({ baseUrl: url })
  const { participants } = await client.participants({ limit: 500 })
  const found = participants.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no participant is called ${name}`)
  const { account } = found
  const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey)
  const signer = new Signer({ domain: await client.domain(), account, sign })
  const credential = await signer.credential(Date.now() + lifetimeMs)
  return { account, name, cookie: await cookieOf(url, credential) }
}

/** As the exchange gives it to a browser. */
async function cookieOf(url: string, credential: string): Promise<SampleSession['cookie']> {
  const headers = { authorization: credential }
  const response = await fetch(`${url}/v1/session`, { method: 'POST', headers })
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(response.headers.get('set-cookie') ?? '') ?? []
  if (name === undefined || value === undefined) throw new Error('the exchange gave no cookie')
  return { name, value, url }
}
