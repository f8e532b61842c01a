/**
 * Goal: a share on disk is of use to nobody without its passphrase, and survives what disks do.
 * Method: files that were changed byte by byte, wrong passphrases, half-written neighbours.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { KeyFile, keyFileName } from './key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-keys-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const passphrase = 'a passphrase of some length'
const identity = { signingSecret: `0x${'11'.repeat(32)}`, sealingSecret: `0x${'22'.repeat(32)}` }
const held = {
  plan: `0x${'33'.repeat(32)}`,
  index: 1,
  share: `0x${'44'.repeat(32)}`,
  committee: {
    publicKey: '0x01',
    threshold: 1,
    members: [{ index: 1, name: 'one', verificationKey: '0x55' }],
  },
  isConfirmed: false,
}
const isLocked = /COMMITTEE_SHARE_LOCKED/

describe('a file of keys under a passphrase that was drawn', () => {
  const drawn = join(folder, 'drawn')
  const secret = '5a'.repeat(24)
  KeyFile.create(drawn, secret, identity, 'drawn')

  test('opens with it, and with no other', () => {
    deepEqual(KeyFile.open(drawn, secret).secrets, { identity, shares: [] })
    throws(() => KeyFile.open(drawn, `${secret.slice(0, -1)}b`), isLocked)
  })

  test('is not opened in the form of one that was chosen, nor the other way round', () => {
    const text = readFileSync(join(drawn, keyFileName), 'utf8')
    equal((JSON.parse(text) as { version: number }).version, 2)
    for (const version of [1, 3]) {
      writeFileSync(join(drawn, keyFileName), text.replace('"version": 2', `"version": ${version}`))
      throws(() => KeyFile.open(drawn, secret), isLocked)
    }
    writeFileSync(join(drawn, keyFileName), text)
    const open = KeyFile.open(drawn, secret)
    open.save(open.secrets)
    deepEqual(KeyFile.open(drawn, secret).secrets, { identity, shares: [] })
  })
})

describe('a file of keys', () => {
  const path = join(folder, keyFileName)
  const created = KeyFile.create(folder, passphrase, identity)

  test('gives back what was put in, with the passphrase only', () => {
    created.addShare(held)
    created.addShare({ ...held, isConfirmed: true })
    deepEqual(KeyFile.open(folder, passphrase).secrets, {
      identity,
      shares: [{ ...held, isConfirmed: true }],
    })
    throws(() => KeyFile.open(folder, `${passphrase} `), isLocked)
    throws(() => KeyFile.open(join(folder, 'elsewhere'), passphrase), isLocked)
  })

  test('shows nothing of the secrets, and never twice the same bytes', () => {
    const text = readFileSync(path, 'utf8')
    for (const secret of [identity.signingSecret, identity.sealingSecret, held.share]) {
      const bytes = Buffer.from(secret.slice(2), 'hex')
      for (const form of ['hex', 'base64'] as const) ok(!text.includes(bytes.toString(form)))
    }
    created.save(created.secrets)
    notEqual(readFileSync(path, 'utf8'), text)
  })

  test('that was changed does not open', () => {
    const text = readFileSync(path, 'utf8')
    const stored = JSON.parse(text) as Record<string, unknown>
    for (const name of ['salt', 'nonce', 'sealed']) {
      const bytes = Buffer.from(String(stored[name]), 'base64')
      bytes[3] = (bytes[3] ?? 0) ^ 1
      writeFileSync(path, JSON.stringify({ ...stored, [name]: bytes.toString('base64') }))
      throws(() => KeyFile.open(folder, passphrase), isLocked)
      writeFileSync(path, JSON.stringify({ ...stored, [name]: 7 }))
      throws(() => KeyFile.open(folder, passphrase), isLocked)
    }
    for (const other of ['', '{}', 'null', text.slice(0, 50)]) {
      writeFileSync(path, other)
      throws(() => KeyFile.open(folder, passphrase), isLocked)
    }
    writeFileSync(path, text)
    writeFileSync(`${path}.new`, text.slice(0, 50))
    deepEqual(KeyFile.open(folder, passphrase).secrets.identity, identity)
  })

  test('is not written over', () => {
    throws(() => KeyFile.create(folder, passphrase, identity), /COMMITTEE_CONFIG_INVALID/)
  })

  test('forgets the shares that are no longer wanted', () => {
    equal(created.retire(['0x55']), 0)
    equal(created.retire(['0x66']), 1)
    deepEqual(KeyFile.open(folder, passphrase).secrets.shares, [])
  })
})
