/**
 * Goal: a retailer is shown its own customers, each with what it answers for, and nobody else's.
 * Method: a state of two retailers' customers made by hand; every field that is shown is there once
 * for a customer and once for somebody else.
 */
import { deepEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { State } from '@busbar/core/exchange'
import { customerViews } from './customers.ts'

const [north, south] = [3, 4]

const person = (account: number, retailer: number, status = 'active') => ({
  ...{ account, name: `home-${account}`, retailer, status },
})

const meter = (number: number, account: number, kind = 'physical') => ({
  ...{ meter: number, name: `m${number}`, account, kind, zone: 1, gateway: 0 },
})

const inDefault = (account: number, status: string) => ({ account, status })

const state = {
  participants: [person(12, north), person(10, north, 'suspended'), person(11, south)],
  meters: [meter(0, 10), meter(1, 11), meter(2, 10, 'virtual'), meter(3, 10)],
  passkeysOf: new Map([[10, ['0x03aa']]]),
  passkeys: new Map([['0x03aa', {
    ...{ publicKey: '0x03aa', credentialId: '0x0b', account: 10, host: 'busbar.example' },
    ...{ label: 'phone', signsFrom: 9, ownWord: true, registeredBy: 3, askedBy: null },
    ...{ sequence: 5, at: 8 },
  }]]),
  lostPasskeys: new Map([[10, [{ objectedAt: 7 }]], [12, [{ objectedAt: null }]]]),
  trading: {
    consents: new Map([[10, {}], [11, {}]]),
    prepaid: new Map([[10, 7n], [11, 8n]]),
    dues: new Map([[10, -5n], [11, 5n]]),
    defaults: new Map([
      [1, inDefault(10, 'open')],
      [2, inDefault(10, 'cured')],
      [3, inDefault(10, 'exhausted')],
      [4, inDefault(11, 'open')],
    ]),
  },
} as unknown as State

describe('the customers of a retailer', () => {
  test('are its own, ascending, with their meters, money and defaults', () => {
    const none = { devices: [], isDisputed: false }
    const nothing = { ...none, prepaidMicros: 0n, duesMicros: 0n, openDefaults: 0 }
    const at = { zone: 1, gateway: 0 }
    deepEqual(customerViews(state, north, { from: undefined, limit: 9 }), [
      {
        ...{ account: 10, name: 'home-10', status: 'suspended', hasConsented: true },
        meters: [{ meter: 0, name: 'm0', ...at }, { meter: 3, name: 'm3', ...at }],
        devices: [{
          ...{ publicKey: '0x03aa', host: 'busbar.example', label: 'phone' },
          ...{ signsFromMs: 9, registeredBy: 3, registeredAtMs: 8 },
          askedBy: null,
        }],
        ...{ isDisputed: true, prepaidMicros: 7n, duesMicros: -5n, openDefaults: 2 },
      },
      {
        ...{ account: 12, name: 'home-12', status: 'active', hasConsented: false, meters: [] },
        ...nothing,
      },
    ])
  })

  test('come in pages', () => {
    const numbers = (from: number | undefined, limit: number): readonly number[] =>
      customerViews(state, north, { from, limit }).map(({ account }) => account)
    deepEqual([numbers(undefined, 1), numbers(11, 5), numbers(13, 5)], [[10], [12], []])
  })
})
