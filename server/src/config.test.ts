/**
 * Goal: what a server is told is taken as it was meant, or refused by its name.
 * Method: a table of environments around the limits of what sealed orders need.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
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

const wrong: readonly (readonly [variable: string, value: string])[] = [
  ...['x', '[]', '7', 'null', '{"a":7}', '{"a":"x"}', '{"a":"ftp://x"}', '{"a":""}'].map(
    (value) => ['BUSBAR_COMMITTEE', value] as const,
  ),
  ...['0', '-1', '1.5', 'x', '86401'].map(
    (value) => ['BUSBAR_PROVING_LEASE_SECONDS', value] as const,
  ),
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

test('keys of the vault are passed on as they are, and not shown by anything here', () => {
  equal(configFrom({ BUSBAR_VAULT_KEY: 'a,b' }).vaultKeys, 'a,b')
})
