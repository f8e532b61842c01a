/**
 * Goal: a grant counts from its networks and from nowhere else.
 * Method: tables of networks and addresses, and a second way to decide it for IPv4, bit by bit.
 */
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isNetwork, isWithin } from './networks.ts'

const seed = Number(process.env.SEED ?? 20_261_130)

test('what is a network, and what is none', () => {
  const networks = ['192.0.2.1', '192.0.2.0/24', '0.0.0.0/0', '2001:db8::/32', '::1', '::1/128']
  for (const text of networks) equal(isNetwork(text), true, text)
  const others = [
    '', '192.0.2.0/33', '192.0.2/24', '192.0.2.0/', '192.0.2.0/08', '192.0.2.0/-1', '::/129',
    '192.0.2.0/24/1', 'example.org', '192.0.2.1 ', '192.0.2.0/1e1',
  ]
  for (const text of others) equal(isNetwork(text), false, text)
})

const cases: readonly (readonly [networks: readonly string[], address: string, is: boolean])[] = [
  [[], '192.0.2.1', true],
  [[], 'anything', true],
  [['192.0.2.0/24'], '192.0.2.255', true],
  [['192.0.2.0/24'], '192.0.3.0', false],
  [['192.0.2.0/24'], '::ffff:192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.7', true],
  [['192.0.2.7'], '192.0.2.8', false],
  [['2001:db8::/32', '192.0.2.7'], '2001:db8:ffff::1', true],
  [['2001:db8::/32', '192.0.2.7'], '2001:db9::1', false],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['192.0.2.0/24'], '', false],
  [['192.0.2.0/24'], 'unknown', false],
]
for (const [networks, address, is] of cases) {
  test(`${address || 'nothing'} is ${is ? 'in' : 'not in'} [${networks.join(' ')}]`, () => {
    equal(isWithin(networks, address), is)
  })
}

const number = (address: string): bigint =>
  address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)

const near = fc.tuple(fc.constant(10), fc.nat(3), fc.nat(3), fc.nat(255)).map((p) => p.join('.'))

test('agrees with a comparison of bits', () => {
  fc.assert(
    fc.property(near, near, fc.integer({ min: 0, max: 32 }), (address, base, bits) => {
      const shift = 32n - BigInt(bits)
      const same = number(address) >> shift === number(base) >> shift
      equal(isWithin([`${base}/${bits}`], address), same)
    }),
    { seed },
  )
})
