/**
 * Goal: what a server is told is taken as it was meant, or refused by its name.
 * Method: a table of environments around the limits of what sealed orders need.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { configFrom } from './config.ts'

test('without a setting a market is der-to-cash, with nobody to open its orders yet', () => {
  const { rulebook, committee, vaultKeys, provingLeaseMs, chainVerifier } = configFrom({})
  const book = rulebook as { readonly orderBook: string; readonly proof: string }
  deepEqual([book.orderBook, book.proof], ['sealed-committee', 'required'])
  deepEqual(committee, {})
  deepEqual([vaultKeys, provingLeaseMs, chainVerifier], [undefined, 120_000, undefined])
})

test('members are addresses by name', () => {
  const urls = { exchange: 'http://127.0.0.1:8431', regulator: 'https://sign.example/busbar' }
  deepEqual(configFrom({ BUSBAR_COMMITTEE: JSON.stringify(urls) }).committee, urls)
})

test('a file of rails is read where only its owner may', () => {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-config-'))
  try {
    const file = join(folder, 'rails.json')
    const good = { url: 'https://pay.example', apiKey: 'k', webhookSecrets: ['s'.repeat(32)] }
    const bank = {
      ...{ folder: '/bank', prefix: 'M1', currency: 'EUR', initiator: 'Market' },
      accounts: { 5: { name: 'North', account: 'DE1' } },
    }
    const written = (value: unknown, mode = 0o600) => {
      rmSync(file, { force: true })
      writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value), { mode })
      return configFrom({ BUSBAR_RAILS: file }).rails
    }
    deepEqual(written({}), {})
    const { moneyBlock, bank: readBank } = written({ moneyBlock: good, bank })
    deepEqual(moneyBlock, { ...good, deadlineMs: 10_000 })
    deepEqual(readBank?.link, { folder: '/bank' })
    const wrongFiles: readonly (readonly [value: unknown, field: string])[] = [
      ['{', ''],
      [[], ''],
      [{ other: 1 }, 'other'],
      [{ moneyBlock: { ...good, url: 'ftp://x' } }, 'moneyBlock.url'],
      [{ moneyBlock: { ...good, apiKey: '' } }, 'moneyBlock.apiKey'],
      [{ moneyBlock: { ...good, webhookSecrets: [] } }, 'moneyBlock.webhookSecrets'],
      [{ moneyBlock: { ...good, webhookSecrets: ['short'] } }, 'moneyBlock.webhookSecrets'],
      [{ moneyBlock: { ...good, deadlineSeconds: 0 } }, 'moneyBlock.deadlineSeconds'],
      [{ moneyBlock: { ...good, more: 1 } }, 'moneyBlock.more'],
      [{ bank: { ...bank, prefix: 'too-long-a-prefix' } }, 'bank.prefix'],
      [{ bank: { ...bank, currency: 'eur' } }, 'bank.currency'],
      [{ bank: { ...bank, accounts: { x: {} } } }, 'bank.accounts'],
      [{ bank: { ...bank, accounts: { 5: { name: 'N' } } } }, 'bank.accounts.5.account'],
      [{ bills: { url: 'https://bills.example' } }, 'bills.institution'],
    ]
    for (const [value, field] of wrongFiles) {
      throws(
        () => written(value),
        (error) => {
          ok(error instanceof Fault)
          deepEqual([error.code, error.details['variable']], ['CONFIG_INVALID', 'BUSBAR_RAILS'])
          equal(error.details['field'] ?? '', field)
          return true
        },
      )
    }
    throws(() => written({}, 0o640), /only its owner/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

const wrong: readonly (readonly [variable: string, value: string])[] = [
  ...['x', '[]', '7', 'null', '{"a":7}', '{"a":"x"}', '{"a":"ftp://x"}', '{"a":""}'].map(
    (value) => ['BUSBAR_COMMITTEE', value] as const,
  ),
  ...['0', '-1', '1.5', 'x', '86401'].map(
    (value) => ['BUSBAR_PROVING_LEASE_SECONDS', value] as const,
  ),
  // On needs a manual clock as well, which nobody has by chance.
  ...['x', 'on'].map((value) => ['BUSBAR_DEMO_FAULTS', value] as const),
]
for (const [variable, value] of wrong) {
  test(`${variable}=${value} is refused by its name`, () => {
    throws(
      () => configFrom({ [variable]: value }),
      (error) => {
        ok(error instanceof Fault)
        deepEqual([error.code, error.details['variable']], ['CONFIG_INVALID', variable])
        return true
      },
    )
  })
}

test('something may be broken on purpose with a manual clock alone', () => {
  equal(configFrom({}).demoFaults, false)
  const manual = { BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: '0' }
  equal(configFrom({ BUSBAR_DEMO_FAULTS: 'on', ...manual }).demoFaults, true)
})

test('keys of the vault are passed on as they are, and not shown by anything here', () => {
  equal(configFrom({ BUSBAR_VAULT_KEY: 'a,b' }).vaultKeys, 'a,b')
})
