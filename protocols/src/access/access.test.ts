/**
 * Goal: an API key is of one grant, in one form, and what is signed of it is its hash; what is
 * signed of a grant tells every two grants apart.
 * Method: known values by the platform's own SHA-256, tables of what is no key, and properties.
 */
import { deepEqual, equal, match, notDeepEqual, throws } from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import {
  apiKeyOf,
  apiKeySubject,
  grantMessage,
  grantOfApiKey,
  grantScopes,
  type GrantTerms,
} from './index.ts'

const seed = Number(process.env.SEED ?? 20_261_130)
const id = `0x${'0a'.repeat(16)}`

test('a key has the id of its grant and its secret, and is signed by its hash', () => {
  const key = apiKeyOf(id, new Uint8Array(32).fill(7))
  equal(key, `bb_${'0a'.repeat(16)}_${'07'.repeat(32)}`)
  equal(grantOfApiKey(key), id)
  match(apiKeySubject(key), /^0x[0-9a-f]{64}$/)
  equal(apiKeySubject(key), `0x${createHash('sha256').update(key).digest('hex')}`)
})

test('nothing else is a key', () => {
  const key = apiKeyOf(id, new Uint8Array(32))
  const others = ['', 'bb_', key.toUpperCase(), `${key}0`, key.slice(0, -1), ` ${key}`, `${key}\n`]
  for (const other of others) equal(grantOfApiKey(other), undefined, other)
  throws(() => apiKeyOf('0x', new Uint8Array(32)), new Fault('HEX_MALFORMED', { field: 'id' }))
  throws(() => apiKeyOf(id, new Uint8Array(31)), { code: 'KEY_MALFORMED' })
})

const terms: fc.Arbitrary<GrantTerms> = fc.record({
  ...{ id: fc.constant(id), account: fc.integer({ min: 3, max: 5 }) },
  ...{ kind: fc.constant('api_key' as const), subject: fc.constantFrom('0x01', '0x02') },
  scopes: fc.subarray([...grantScopes], { minLength: 1 }),
  networks: fc.array(fc.constantFrom('192.0.2.1', '192.0.2.0/24', '::/0'), { maxLength: 3 }),
  ...{ label: fc.constantFrom('a', 'b'), until: fc.nat(2), issuedAt: fc.nat(2) },
})

test('two grants that differ are not signed alike', () => {
  fc.assert(
    fc.property(terms, terms, (one, other) => {
      const [signed, otherSigned] = [grantMessage(one), grantMessage(other)]
      if (JSON.stringify(one) === JSON.stringify(other)) deepEqual(signed, otherSigned)
      else notDeepEqual(signed, otherSigned)
    }),
    { seed },
  )
})
