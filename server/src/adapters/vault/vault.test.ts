/**
 * Goal: what is sealed opens to exactly itself, with its key, in its place, and to nobody else; and
 * the same text sealed twice is the same bytes.
 * Method: texts of all lengths by seed; then each byte, the kind, the sequence and the key changed.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { createVault } from './vault.ts'
import { vaultKeys } from './vault-keys.ts'

const key = (name: string): Uint8Array => createHash('sha256').update(name).digest()
const vault = createVault([key('one')])
const fault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('what is sealed opens to itself, and the same text to the same bytes', () => {
  const seed = randomInt(2 ** 31)
  const texts = ['', '{}', 'ä€😀', ...[1, 15, 16, 17, 1_000, 70_001].map((n) => `${seed}`.repeat(n))]
  for (const [sequence, text] of texts.entries()) {
    const body = vault.seal('open_orders', sequence, text)
    equal(vault.open('open_orders', sequence, body), text, `seed ${seed}`)
    equal(vault.seal('open_orders', sequence, text), body)
    ok(text.length < 4 || !body.includes(text), 'the text is not in it')
    ok(!/[\0-\x1f]/.test(body), 'the journal takes it')
  }
})

test('another place gives other bytes, and opens nothing', () => {
  const body = vault.seal('open_orders', 7, 'text')
  notEqual(body.slice(24), vault.seal('open_orders', 8, 'text').slice(24))
  throws(() => vault.open('open_orders', 8, body), fault('VAULT_TEXT_INVALID'))
  throws(() => vault.open('reveal_order', 7, body), fault('VAULT_TEXT_INVALID'))
})

test('a changed character is told, wherever it is', () => {
  const body = vault.seal('open_orders', 7, 'twelve bytes')
  for (let place = 0; place < body.length; place += 1) {
    const other = body[place] === 'A' ? 'B' : 'A'
    const changed = body.slice(0, place) + other + body.slice(place + 1)
    throws(() => vault.open('open_orders', 7, changed), Fault, `character ${place}`)
  }
  for (const text of ['', '{}', 'vault1.', body.slice(0, -1), `${body}=`, `${body}.`]) {
    throws(() => vault.open('open_orders', 7, text), Fault, text)
  }
})

test('an older key in the list opens, only the first seals, a strange one is named', () => {
  const body = vault.seal('open_orders', 7, 'text')
  const rotated = createVault([key('two'), key('one')])
  equal(rotated.open('open_orders', 7, body), 'text')
  notEqual(rotated.seal('open_orders', 7, 'text'), body)
  const foreign = createVault([key('two')])
  throws(() => foreign.open('open_orders', 7, body), fault('VAULT_KEY_MISSING'))
  throws(() => createVault([]), fault('VAULT_KEY_INVALID'))
  throws(() => createVault([Buffer.alloc(31)]), fault('VAULT_KEY_INVALID'))
})

describe('the keys of a market', () => {
  let directory = ''
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'busbar-vault-'))))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  test('are made once, for the owner alone', async () => {
    deepEqual(await vaultKeys(directory, undefined, false), [])
    const made = await vaultKeys(directory, undefined)
    deepEqual(await vaultKeys(directory, undefined), made)
    equal(statSync(join(directory, 'vault.key')).mode & 0o777, 0o600)
    ok(readFileSync(join(directory, 'vault.key'), 'utf8').startsWith('0x'))
  })

  test('that are given come first, and then none is made', async () => {
    const hex = (name: string): string => Buffer.from(key(name)).toString('hex')
    const given = `0x${hex('two')}, ${hex('one')}`
    deepEqual(await vaultKeys(directory, given), [key('two'), key('one')].map(Buffer.from))
    deepEqual(await vaultKeys(directory, undefined, false), [])
    const kept = await vaultKeys(directory, undefined)
    deepEqual(await vaultKeys(directory, hex('two')), [Buffer.from(key('two')), ...kept])
  })

  test('that are none are refused without being shown', async () => {
    writeFileSync(join(directory, 'vault.key'), 'secret')
    for (const given of [undefined, 'secret', `0x${'g'.repeat(64)}`, 'ab'.repeat(31)]) {
      const error = await vaultKeys(directory, given).catch((reason: unknown) => reason)
      ok(fault('VAULT_KEY_INVALID')(error))
      ok(!String(error).includes('secret'))
    }
  })
})
