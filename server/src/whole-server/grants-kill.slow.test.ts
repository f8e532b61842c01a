/**
 * Goal: a `kill -9` between any two steps of granting and revoking loses nothing that was answered
 * and leaves nothing half done; and an API key is nowhere in what the server keeps and says.
 * Method: a server as a process of its own that kills itself at named points around each write;
 * then every file of its data directory, and all that it wrote to its log, is searched for the keys
 * in each form in which bytes are written.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { newApiKey, withApiKey } from '@busbar/client'
import { apiKeyGrant } from '../testing/access-rows.ts'
import { KillableMarket } from '../testing/killable-market.ts'

const owner = 'north'
const killable = new KillableMarket({ name: 'grants' })
const { market, server } = killable
const made: ReturnType<typeof newApiKey>[] = []

const tried = async (key: string): Promise<string> => {
  const answer = market.client.as(withApiKey(key)).account(market.accountOf(owner))
  return answer.then(() => 'read', (error: { readonly code: string }) => error.code)
}

const statuses = async (): Promise<string[]> => {
  const client = await market.as(owner)
  const { grants } = await client.access.grants(market.accountOf(owner))
  return grants.map(({ status }) => status).sort()
}

before(async () => {
  await killable.start()
  await market.prepare()
})

after(() => killable.remove())

for (const step of ['before', 'during', 'after']) {
  test(`killed ${step} a grant is written, it counts once it was answered`, async () => {
    const key = newApiKey()
    made.push(key)
    const signer = await market.signerOf(owner)
    const grant = await signer.accessGrant(apiKeyGrant(key, ['read']), Date.now())
    const point = `grants.addGrant/${step}`
    const { repeated } = await killable.dyingAt(point, () => market.client.access.grant(grant))
    if (step === 'after') equal(repeated, true)
    equal(await tried(key.key), 'read')
    equal((await statuses()).filter((status) => status === 'active').length, 1)
    const revocation = await signer.accessRevocation(key.id)
    const end = `grants.endGrants/${step}`
    await killable.dyingAt(end, () => market.client.access.revoke(revocation))
    equal(await tried(key.key), 'credential_revoked')
    await server.stop()
    await killable.start()
    equal(await tried(key.key), 'credential_revoked')
    deepEqual(new Set(await statuses()), new Set(['revoked']))
  })
}

test('a suspension that was written when the server died has ended them', async () => {
  const key = newApiKey()
  made.push(key)
  const signer = await market.signerOf(owner)
  await market.client.access.grant(
    await signer.accessGrant(apiKeyGrant(key, ['read']), Date.now()),
  )
  const participant = market.accountOf(owner)
  const byOperator = await market.signerOf('operator')
  const suspend = await byOperator.instruction('suspend_participant', { participant })
  const written = 'store.commit(suspend_participant)/after'
  await killable.dyingAt(written, () => market.client.instruct(suspend))
  equal(await tried(key.key), 'credential_revoked')
  await market.instruct('operator', 'reinstate_participant', { participant })
  equal(await tried(key.key), 'credential_revoked')
  ok((await statuses()).includes('suspended'))
})

/** The bytes of a key as they would stand in a file. */
const formsOf = (key: string): Buffer[] => {
  const secret = key.split('_')[2] ?? ''
  const bytes = Buffer.from(secret, 'hex')
  const texts = [secret, secret.toUpperCase(), bytes.toString('base64url').slice(0, 42)]
  return [...texts.map((text) => Buffer.from(text)), bytes]
}

test('no key is in what the server keeps and says, in any form', async () => {
  await rejects(market.client.as(withApiKey(`${made[0]?.key}0`)).account(5))
  await server.stop()
  const files = readdirSync(killable.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  ok(files.length > 20)
  const texts = files.map((file) => readFileSync(file))
  const all = [...texts, Buffer.from(server.said)]
  for (const { key, subject } of made) {
    for (const form of formsOf(key)) {
      deepEqual(all.filter((text) => text.includes(form)).length, 0)
    }
    ok(texts.some((text) => text.includes(Buffer.from(subject))), 'its hash is found like this')
  }
})
