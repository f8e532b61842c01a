/**
 * Goal: a browser that forgets an account keeps nothing of it, and everything of all others.
 * Method: what two people and two markets left in one browser, as it is kept there.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import { ReadMark } from '../notices/read-mark.ts'
import { forgetDevice } from './forget-device.ts'
import { type KnownPasskey, knownPasskeys, remember } from './known-passkeys.ts'

const passkey = (market: string, account: number): KnownPasskey => ({
  ...{ market, account, name: `h${account}`, publicKey: `0x${market}${account}` },
  credentialId: '0x01',
})

function usedBrowser() {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  for (const market of ['one', 'two']) {
    for (const account of [7, 8]) {
      remember(storage, passkey(market, account))
      new ReadMark(storage, market, account).readTo(5)
    }
  }
  kept.set('busbar.language', 'de')
  const asked: unknown[] = []
  const orders = {
    forgetAll: async (market: string, account: number) => void asked.push([market, account]),
  }
  return { kept, storage, orders, asked }
}

test('nothing of the account stays, and nothing else goes', async () => {
  const { kept, storage, orders, asked } = usedBrowser()
  await forgetDevice({ orders, storage }, 'one', 7)
  deepEqual(asked, [['one', 7]])
  deepEqual(knownPasskeys(storage, 'one').map(({ account }) => account), [8])
  deepEqual(knownPasskeys(storage, 'two').map(({ account }) => account), [8, 7])
  const marks = [...kept.keys()].filter((key) => key.startsWith('busbar.read.')).sort()
  deepEqual(marks, ['busbar.read.one.8', 'busbar.read.two.7', 'busbar.read.two.8'])
  equal(kept.get('busbar.language'), 'de')
})

test('where the orders stay, all of it stays: nobody thinks that it is gone', async () => {
  const { kept, storage } = usedBrowser()
  const before = new Map(kept)
  const orders = { forgetAll: () => Promise.reject(new Error('the database is locked')) }
  await rejects(forgetDevice({ orders, storage }, 'one', 7))
  deepEqual(kept, before)
})
