/**
 * Goal: a retailer finds any of its customers, by number with one read and by name among all.
 * Method: a thousand and two customers behind pages as the exchange answers them.
 */
import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import type { CustomerPage } from '@busbar/client'
import type { Customer } from '@busbar/protocols/api'
import { findCustomers } from './find-customers.ts'

const accounts = Array.from({ length: 1_002 }, (_, n) => 10 + 2 * n)
const nameOf = (account: number): string => (account === 2_012 ? 'Haus 12' : `home-${account}`)
let reads = 0

const read = async (asked: { readonly from?: number; readonly limit: number }) => {
  reads++
  const { from = 0, limit } = asked
  const rest = accounts.filter((account) => account >= from)
  const customers = rest.slice(0, limit).map((account): Customer => ({
    ...{ account, name: nameOf(account), status: 'active', hasConsented: true, meters: [] },
    ...{ devices: [], isDisputed: false, prepaidMicros: 0, duesMicros: 0, openDefaults: 0 },
  }))
  return { customers, tariffs: [], nextFrom: rest[limit] ?? null } as unknown as CustomerPage
}

const find = async (typed: string): Promise<readonly [readonly number[], number]> => {
  reads = 0
  const { rows } = await findCustomers(read, typed, new AbortController().signal)
  return [rows.map(({ account }) => account), reads]
}

test('by number, with one read', async () => deepEqual(await find(' 1510 '), [[1_510], 1]))

test('by name, wherever it stands', async () => {
  deepEqual(await find('haus'), [[2_012], 3])
  deepEqual(await find('HOME-2008'), [[2_008], 3])
  deepEqual(await find('nobody'), [[], 3])
})

test('by a number in a name, where no account has it', async () => {
  deepEqual(await find('2011'), [[], 4])
  deepEqual((await find('97'))[0].slice(0, 3), [970, 972, 974])
})
