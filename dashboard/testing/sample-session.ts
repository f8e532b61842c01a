/** Signs in as a participant of a simulated market: its keys follow from the seed. */
import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import { seededKey } from '@busbar/simulator'
import type { Session } from '../src/session/session.ts'

const lifetimeMs = 3_600_000

/** @throws Error where nobody in the market has this name */
export async function sessionOf(url: string, name: string, seed = 1): Promise<Session> {
  const client = new BusbarClient({ baseUrl: url })
  const { participants } = await client.participants({ limit: 500 })
  const found = participants.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no participant is called ${name}`)
  const { account, roles } = found
  const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey)
  const untilMs = Date.now() + lifetimeMs
  const signer = new Signer({ domain: await client.domain(), account, sign })
  return { account, name, roles, authorization: await signer.credential(untilMs), untilMs }
}

/** Where a page looks for it. */
export const sessionPlace = 'busbar.session'
