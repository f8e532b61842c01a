/**
 * Goal: a key is made once, is nowhere in the clear when it is sealed, and every command reads it.
 * Method: the command with its passphrase in the environment, with another one, and with none.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { addressOf, publicKeyOf, publicKeyOfP256 } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { keyIn } from './keys.ts'
import { run } from '../run.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-keys-'))
const at = (name: string): string => join(folder, name)

after(() => {
  rmSync(folder, { recursive: true, force: true })
  delete process.env.BUSBAR_PASSPHRASE
  delete process.env.BUSBAR_PASSPHRASE_FILE
})

async function busbar(...args: readonly string[]) {
  const said: string[] = []
  const hear = (text: string): void => void said.push(text)
  const code = await run(args, { print: hear, note: hear, progress: () => undefined })
  return { code, text: said.join('\n') }
}

test('a key that nothing seals is written only where that is wanted', async () => {
  const refused = await busbar('key', 'new', at('none.key'))
  deepEqual([refused.code, /--plain writes it unsealed/.test(refused.text)], [2, true])
  const made = await busbar('key', 'new', at('plain.key'), '--plain', '--json')
  const { public_key: publicKey, address } = JSON.parse(made.text) as Record<string, string>
  const secret = hexToBytes(readFileSync(at('plain.key'), 'utf8').trim(), 32, 'key')
  equal(publicKey, bytesToHex(publicKeyOf(secret)))
  equal(address, addressOf(publicKeyOf(secret)))
  equal(statSync(at('plain.key')).mode & 0o077, 0, 'nobody else reads it')
  const again = await busbar('key', 'new', at('plain.key'), '--plain')
  deepEqual([again.code, /is there already/.test(again.text)], [2, true])
})

test('a sealed one opens with its passphrase alone, and is the same', async () => {
  const plain = readFileSync(at('plain.key'), 'utf8').trim()
  writeFileSync(at('passphrase'), 'correct horse battery\nsecond line\n')
  process.env.BUSBAR_PASSPHRASE_FILE = at('passphrase')
  equal((await busbar('key', 'seal', at('plain.key'))).code, 0)
  const sealed = readFileSync(at('plain.key'), 'utf8')
  ok(!sealed.includes(plain.slice(2)) && sealed.startsWith('{'))
  equal(await keyIn(at('plain.key')), plain)
  match((await busbar('key', 'seal', at('plain.key'))).text, /is sealed already/)
  process.env.BUSBAR_PASSPHRASE = 'another passphrase'
  const shut = await busbar('key', 'show', at('plain.key'), '--json')
  deepEqual([shut.code, JSON.parse(shut.text).error.code], [2, 'KEY_FILE_LOCKED'])
  process.env.BUSBAR_PASSPHRASE = 'short'
  match((await busbar('key', 'show', at('plain.key'))).text, /has 12 characters or more/)
  delete process.env.BUSBAR_PASSPHRASE
  delete process.env.BUSBAR_PASSPHRASE_FILE
  match((await busbar('key', 'show', at('plain.key'))).text, /the key is sealed: BUSBAR_PASSPHR/)
})

test('a gateway has a key of its curve', async () => {
  process.env.BUSBAR_PASSPHRASE = 'correct horse battery'
  const made = await busbar('key', 'new', at('gateway.key'), '--curve', 'p256', '--json')
  const { public_key: publicKey, address } = JSON.parse(made.text) as Record<string, unknown>
  const secret = hexToBytes(await keyIn(at('gateway.key')), 32, 'key')
  deepEqual([publicKey, address], [bytesToHex(publicKeyOfP256(secret)), null])
})

for (const [what, content] of [
  ['nothing', ''], ['no hex', 'alice'], ['half a key', '0x1234'], ['other JSON', '{"a":1}'],
  ['half of a sealed key', '{"version":1,'],
] as const) {
  test(`a file with ${what} is no key`, async () => {
    process.env.BUSBAR_PASSPHRASE = 'correct horse battery'
    writeFileSync(at('wrong.key'), content)
    const { code, text } = await busbar('key', 'show', at('wrong.key'))
    deepEqual([code, /holds no private key: 32 bytes in hex/.test(text)], [2, true])
  })
}
