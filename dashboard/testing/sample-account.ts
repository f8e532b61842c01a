/** What an account has after a while: a phone that signs, programs that read, money taken out. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { BusbarClient, credentialOf, newApiKey, Signer, withPrivateKey } from '@busbar/client'
import { passkeyPublicKey } from '@busbar/protocols/passkeys'
import { seededKey } from '@busbar/simulator'

const dayMs = 86_400_000
const programs = ['heat pump', 'tax adviser'] as const
const takenMicros = 1_250_000

/**
 * @param name of somebody of a simulated market who has money that is free
 * @throws BusbarError where the market takes something of it not
 */
export async function furnish(url: string, name: string, seed = 1): Promise<void> {
  const client = new BusbarClient({ baseUrl: url })
  const [{ participants }, domain] = await Promise.all([
    client.participants({ limit: 500 }), client.domain(),
  ])
  const who = participants.find((one) => one.name === name)
  if (who === undefined) throw new Error(`no participant is called ${name}`)
  const { account, address } = who
  const sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey)
  const signer = new Signer({ domain, account, sign })
  const own = client.as(credentialOf(signer))
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
  await own.instruct(
    await signer.instruction('register_passkey', {
      participant: account,
      publicKey: `0x${Buffer.from(passkeyPublicKey(spki)).toString('hex')}`,
      credentialId: `0x${randomBytes(32).toString('hex')}`,
      ...{ host: 'localhost', label: 'phone' },
    }),
  )
  const nowMs = Date.now()
  for (const [index, label] of programs.entries()) {
    const { id, subject } = newApiKey()
    const until = nowMs + (index + 1) * 30 * dayMs
    const grant = await signer.accessGrant(
      { id, subject, kind: 'api_key', scopes: ['read'], networks: [], label, until },
      nowMs + index,
    )
    await own.access.grant(grant)
  }
  await own.withdraw(await signer.withdrawal({ amountMicros: takenMicros, to: address }))
}
