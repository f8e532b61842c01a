/**
 * Goal: who signs out is signed out, for as long as its credential would have counted.
 * Method: a book by hand and a clock; a restart; more sign-outs than are kept.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryGrants } from '../../testing/memory-grants.ts'
import { SignedOut, signedOutMax } from './signed-out.ts'

test('it stays so over a restart, until the credential is over', async () => {
  const book = new MemoryGrants()
  let now = 1_000
  const started = async (): Promise<SignedOut> => {
    const signedOut = new SignedOut({ book, wallClock: () => now })
    await signedOut.start()
    return signedOut
  }
  const first = await started()
  for (const untilMs of [2_000, 3_000, 3_000, 999]) await first.add({ account: 4, untilMs })
  await first.add({ account: 5, untilMs: 2_000 })
  deepEqual((await book.signedOut()).map(({ untilMs }) => untilMs), [2_000, 2_000, 3_000])
  now = 2_500
  const second = await started()
  const known = [[4, 3_000], [4, 2_000], [5, 3_000], [6, 3_000]] as const
  deepEqual(
    known.map(([account, untilMs]) => second.has({ account, untilMs })),
    [true, false, false, false],
  )
  deepEqual(await book.signedOut(), [{ account: 4, untilMs: 3_000 }])
})

test('it counts before it is on disk', async () => {
  const book = new MemoryGrants()
  const signedOut = new SignedOut({ book, wallClock: () => 0 })
  book.addSignedOut = () => new Promise(() => undefined)
  void signedOut.add({ account: 4, untilMs: 10 })
  equal(signedOut.has({ account: 4, untilMs: 10 }), true)
})

test('of one account so many are kept, those that are over last', async () => {
  const book = new MemoryGrants()
  const signedOut = new SignedOut({ book, wallClock: () => 0 })
  await signedOut.add({ account: 5, untilMs: 1 })
  for (let until = 1; until <= signedOutMax + 2; until += 1) {
    await signedOut.add({ account: 4, untilMs: until })
  }
  const has = (untilMs: number): boolean => signedOut.has({ account: 4, untilMs })
  deepEqual([1, 2, 3, signedOutMax + 2].map(has), [false, false, true, true])
  equal(signedOut.has({ account: 5, untilMs: 1 }), true)
  equal((await book.signedOut()).length, signedOutMax + 1)
})
