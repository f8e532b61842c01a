/**
 * Goal: from the command line an account lets a machine read for it, sees who does, and ends it;
 * the key is shown or written once and is nowhere else.
 * Method: the command against a real server, as its owner and with the key that it made.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { BusbarClient, withApiKey } from '@busbar/client'
import { certificateOf } from '@busbar/server/testing/certificates'
import { run } from '../run.ts'
import { DoorMarket } from '../testing/door-market.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-api-keys-'))
let market: DoorMarket

before(async () => {
  market = await DoorMarket.start()
})

after(async () => {
  await market.remove()
  rmSync(folder, { recursive: true, force: true })
})

const busbar = (...args: readonly string[]) => key('api-key', ...args)

async function key(...args: readonly string[]) {
  const said: string[] = []
  const hear = (text: string): void => void said.push(text)
  const output = { print: hear, note: hear, progress: () => undefined }
  const at = ['--server', market.server.url, '--as', 'alice', '--seed', '7']
  const code = await run(['key', ...args, ...at], output)
  return { code, text: said.join('\n') }
}

const readAs = (key: string) => {
  const client = new BusbarClient({ baseUrl: market.server.url }).as(withApiKey(key))
  return client.account(market.account('alice'))
}

test('a key is made, reads, is listed without its secret, and ends', async () => {
  equal((await busbar('list')).text, 'Nobody reads for you.')
  const made = await busbar('create', '--label', 'controller', '--json')
  const { key, grant } = JSON.parse(made.text) as { readonly key: string; readonly grant: string }
  equal((await readAs(key)).account, market.account('alice'))
  const { text } = await busbar('list')
  ok(!text.includes(key.split('_')[2] ?? ''))
  match(text, new RegExp(`${grant}  controller  api_key  read  active`))
  match((await busbar('revoke', grant)).text, /has ended/)
  match((await busbar('revoke', grant)).text, /had ended/)
  await rejects(readAs(key), { code: 'credential_revoked', status: 401 })
})

test('a key goes into a file of its owner', async () => {
  const file = join(folder, 'api.key')
  const made = await busbar('create', '--label', 'meter room', '--days', '1', '--out', file)
  equal(made.code, 0)
  const key = readFileSync(file, 'utf8').trim()
  ok(!made.text.includes(key))
  equal(statSync(file).mode & 0o077, 0)
  equal((await readAs(key)).account, market.account('alice'))
  const again = await busbar('create', '--label', 'meter room', '--out', file)
  deepEqual([again.code, /is there already/.test(again.text)], [2, true])
})

test('a certificate and people of a company are granted, listed and ended', async () => {
  const { certificate, fingerprint } = certificateOf('controller')
  const file = join(folder, 'client.pem')
  writeFileSync(file, certificate)
  const first = await key('grant-certificate', file, '--label', 'controller', '--json')
  const { grant, subject } = JSON.parse(first.text) as Record<string, string>
  equal(subject, fingerprint)
  const issuer = 'https://login.acme.example'
  const options = ['--label', 'desk', '--days', '30', '--networks', '192.0.2.0/24']
  const second = await key('grant-sign-in', issuer, 'the clerks', ...options, '--json')
  const desk = JSON.parse(second.text) as Record<string, string>
  equal(desk.subject, `${issuer} the clerks`)
  const { text } = await busbar('list')
  match(text, new RegExp(`${grant}  controller  certificate  read  active`))
  match(text, new RegExp(`${desk.grant}  desk +sign_in +read  active`))
  for (const id of [grant, desk.grant]) match((await busbar('revoke', `${id}`)).text, /has ended/)
  const wrong: readonly (readonly [args: readonly string[], what: RegExp])[] = [
    [['grant-certificate', join(folder, 'none.pem'), '--label', 'a'], /holds no certificate/],
    [['grant-certificate', '--label', 'a'], /FILE/],
    [['grant-sign-in', issuer, '--label', 'a'], /VALUE/],
    [['grant-sign-in', 'acme', 'x', '--label', 'a'], /subject/],
  ]
  for (const [args, what] of wrong) match((await key(...args)).text, what)
})

test('a prover takes an API key from a file, and nothing else in its place', async () => {
  const file = join(folder, 'prover.api-key')
  writeFileSync(file, 'bb_secret\n')
  const prover = async (...args: readonly string[]): Promise<string> => {
    const said: string[] = []
    const hear = (text: string): void => void said.push(text)
    await run(['prover', ...args, '--server', market.server.url], {
      ...{ print: hear, note: hear, progress: () => undefined },
    })
    return said.join('\n')
  }
  match(await prover('--api-key', file), /holds no API key/)
  match(await prover('--api-key', join(folder, 'none')), /holds no API key/)
  match(await prover('--api-key', file, '--key', file), /takes --key or --api-key/)
})

const refused: readonly (readonly [args: readonly string[], what: RegExp])[] = [
  [[], /after api-key is/],
  [['create'], /--label is missing/],
  [['create', '--label', 'a', '--scopes', 'write'], /--scopes is write; it takes/],
  [['create', '--label', 'a', '--scopes', ','], /--scopes names none/],
  [['create', '--label', 'a', '--days', '401'], /--days is 401; it takes a whole number from 1/],
  [['create', '--label', 'a', '--networks', '192.0.2.0/99'], /networks/],
  [['revoke', 'controller'], /GRANT is 0x and 32 hex digits/],
  [['revoke', `0x${'00'.repeat(16)}`], /not_found/],
]
for (const [args, what] of refused) {
  test(`refuses ${args.join(' ') || 'nothing'}`, async () => {
    const { code, text } = await busbar(...args)
    ok(code !== 0)
    match(text, what)
  })
}

test('a credential is made where the key is, reads elsewhere, and ends', async () => {
  const made = await key('credential', '--hours', '1', '--json')
  const { credential, until } = JSON.parse(made.text) as {
    readonly credential: string
    readonly until: number
  }
  ok(until > Date.now() && until < Date.now() + 3_600_000)
  const client = new BusbarClient({ baseUrl: market.server.url }).as(async () => credential)
  equal((await client.sessions.open())?.name, 'alice')
  match((await key('credential', '--hours', '24')).text, /Busbar \d+\.\d+\.0x/)
  equal((await key('credential', '--hours', '25').catch(() => ({ code: 2 }))).code, 2)
})
