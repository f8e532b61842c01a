/**
 * Goal: a person of a company whom two accounts have named is asked for which it reads, by name and
 * roles, is who it chose, changes later, and gets at no account that was not offered.
 * Method: the product as `npm start` brings it up, a real identity provider as its own process,
 * grants with the real keys of two participants, and Chromium at both.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { BusbarClient, Signer, withPrivateKey } from '@busbar/client'
import { seededKey } from '@busbar/simulator'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { openAs } from '../testing/opened.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import { byName } from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const provider = resolve(
  import.meta.dirname, '..', '..', 'server', 'src', 'testing', 'identity-provider.ts',
)

let market: SampleMarket
let idp: ChildProcess
let folder = ''
let issuer = ''
/** Where the market will be, for the provider has to know it first. */
let port = 0

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()))
  const address = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return address.port
}

async function startProvider(redirectUri: string): Promise<string> {
  idp = spawn(process.execPath, [provider], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, REDIRECT_URI: redirectUri },
  })
  if (idp.stdout === null) throw new Error('the provider says nothing')
  for await (const line of createInterface({ input: idp.stdout })) {
    if (line.startsWith('{')) return (JSON.parse(line) as { readonly issuer: string }).issuer
  }
  throw new Error('the provider did not start')
}

/** The account lets everybody of the provider's group `staff` read for it. */
async function nameStaff(name: string, id: number): Promise<number> {
  const client = new BusbarClient({ baseUrl: market.url })
  const { participants } = await client.participants({ limit: 500 })
  const account = participants.find((one) => one.name === name)?.account ?? 0
  const sign = withPrivateKey(seededKey(1, name, 'secp256k1').privateKey)
  const signer = new Signer({ domain: await client.domain(), account, sign })
  const grant = await signer.accessGrant({
    ...{ id: `0x${String(id).padStart(32, '0')}`, kind: 'sign_in', subject: `${issuer} staff` },
    ...{ scopes: ['read'], networks: [], label: 'clerks', until: Date.now() + 3_600_000 },
  }, Date.now() + id)
  await client.access.grant(grant)
  return account
}

if (skip === false) {
  before(async () => {
    port = await freePort()
    const publicUrl = `http://localhost:${port}`
    issuer = await startProvider(`${publicUrl}/v1/sign-in/acme/callback`)
    folder = await mkdtemp(join(tmpdir(), 'busbar-companies-'))
    const file = join(folder, 'oidc.json')
    const about = { name: 'acme', label: 'Acme Energy', issuer, auth: 'basic', claim: 'groups' }
    const client = { clientId: 'busbar', clientSecret: 'a secret of the market' }
    const scopes = ['openid', 'email', 'groups']
    const providers = [{ ...about, ...client, scopes }]
    await writeFile(file, JSON.stringify({ publicUrl, providers }), { mode: 0o600 })
    process.env.BUSBAR_OIDC = file
    market = await startSampleMarket('01:00', 60, ['--no-prover', '--port', String(port)])
    await market.settled(1)
    for (const [index, name] of ['home-1', 'auditor'].entries()) await nameStaff(name, index + 1)
  })

  after(async () => {
    await browser.close()
    await market?.stop()
    idp?.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
}

async function signIn(page: Page, from: string): Promise<void> {
  await page.goto(`${byName(market.url)}${from}`)
  await page.getByRole('link', { name: 'Sign in with Acme Energy' }).click()
  const login = page.locator('[name="login"]')
  const choice = page.getByRole('heading', { name: 'For which account?' })
  await login.or(choice).first().waitFor()
  if (await login.count() > 0) {
    await login.fill('bob')
    await page.locator('[name="password"]').fill('any')
    await page.locator('[type="submit"]').first().click()
  }
  await choice.waitFor()
  await page.getByRole('button', { name: /^Read for / }).first().waitFor()
}

describe('somebody whom two accounts have named', { skip }, () => {
  test('chooses one, changes to the other, and is offered the last one first', async () => {
    const { page, context, complaints } = await openAs(browser, undefined)
    await signIn(page, '/signin?to=/account')
    const choices = page.getByRole('button', { name: /^Read for / })
    deepEqual(await choices.allInnerTexts(), ['Read for home-1', 'Read for auditor'])
    const offered = page.locator('.people').filter({ has: choices })
    ok((await offered.innerText()).includes('household'), 'with its roles')
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0, 'it is as wide as the screen')
    await page.getByRole('button', { name: 'Read for home-1' }).click()
    await page.getByRole('heading', { name: /^home-1, account \d+$/ }).waitFor()
    await page.getByRole('heading', { name: 'Other accounts that have named you' }).waitFor()
    await page.getByRole('button', { name: 'Read for auditor' }).click()
    await page.getByRole('heading', { name: /^auditor, account \d+$/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    await signIn(page, '/signin')
    deepEqual(await choices.allInnerTexts(), ['Read for auditor', 'Read for home-1'])
    await page.getByText('last time').waitFor()
    // The provider's own page asks for a font of somebody else's.
    deepEqual(complaints.filter((text) => !text.includes('ERR_NAME_NOT_RESOLVED')), [])
    await context.close()
  })

  test('gets at no other account by asking for it', async () => {
    const { page, context } = await openAs(browser, undefined)
    await signIn(page, '/signin')
    const ask = (account: number): Promise<number> =>
      page.evaluate(async (wanted) => {
        const response = await fetch('/v1/sign-in-choice', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ account: wanted }),
        })
        return response.status
      }, account)
    for (let account = 3; account < 9; account += 1) {
      const { participants } = await new BusbarClient({ baseUrl: market.url }).participants()
      const name = participants.find((one) => one.account === account)?.name ?? ''
      if (!['home-1', 'auditor'].includes(name)) equal(await ask(account), 403, name)
    }
    await page.reload()
    await page.getByRole('heading', { name: 'For which account?' }).waitFor()
    await context.close()
  })
})
