import { deepEqual, rejects } from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredGrant } from '../../app/ports/grants.ts'
import type { StoredSession } from '../../app/ports/sign-in.ts'
import { MemoryGrants } from '../../testing/memory-grants.ts'
import { limits } from './limits.ts'
import { faults, type Harness } from './store-suite-harness.ts'

const idOf = (number: number): string => `0x${number.toString(16).padStart(32, '0')}`

const grant = (number: number, change: Partial<StoredGrant> = {}): StoredGrant => ({
  ...{ id: idOf(number), account: 7, kind: 'api_key', subject: `0x${'5b'.repeat(32)}` },
  ...{ scopes: ['read'], networks: [], label: "é ' \" ,", until: 9_000, issuedAt: number },
  ...{ digest: `0x${'d1'.repeat(32)}`, signedBy: `0x02${'ab'.repeat(32)}` },
  ...{ endedAt: null, endedBy: null, usedAt: null, ...change },
})

export function grantTests({ withStore, reopened }: Harness): void {
  test('are there again, as they were given, in the order of their issue', () =>
    withStore(async (store, market) => {
      const whole = grant(1, {
        ...{ scopes: ['read', 'prove'], networks: ['192.0.2.0/24', '2001:db8::/32'] },
        ...{ endedAt: 8, endedBy: 'suspended', usedAt: 5 },
      })
      await store.grants.addGrant(grant(3))
      await store.grants.addGrant(whole)
      await store.close()
      await reopened(market, async ({ grants }) => {
        deepEqual(await grants.grants(), [whole, grant(3)])
      })
    }))

  test('that are malformed, or there already, are refused', () =>
    withStore(async (store) => {
      const malformed: Readonly<Record<string, Partial<StoredGrant>>> = {
        'no account': { account: -1 },
        'no id': { id: '0x' },
        'no digest': { digest: '0x00' },
        'an empty label': { label: '' },
        'a control character': { label: 'a\u0001' },
        'half of a character': { label: '\ud800' },
        'a long subject': { subject: 'x'.repeat(limits.grantTextBytesMax + 1) },
        'a network with a comma': { networks: ['::1,::2'] },
        'an empty network': { networks: [''] },
        'no end': { until: Number.NaN },
      }
      for (const [what, change] of Object.entries(malformed)) {
        await faults('GRANT_INVALID', () => store.grants.addGrant(grant(1, change)), what)
      }
      deepEqual(await store.grants.grants(), [])
      await store.grants.addGrant(grant(1))
      await rejects(store.grants.addGrant(grant(1, { label: 'other' })), { code: 'STORE_FAILED' })
    }))

  test('have sessions, which are there again until they are removed', () =>
    withStore(async (store, market) => {
      const session = (number: number): StoredSession => ({
        hash: `0x${String(number).padStart(64, '0')}`,
        ...{ grant: idOf(7), createdAt: number, until: 9_000 },
        offered: number === 3 ? [idOf(7), idOf(8)] : [],
      })
      for (const number of [3, 1, 2]) await store.grants.addSession(session(number))
      await store.grants.removeSessions([session(2).hash, session(9).hash])
      await store.close()
      await reopened(market, async ({ grants }) => {
        deepEqual(await grants.sessions(), [session(1), session(3)])
        const wrong: readonly Partial<StoredSession>[] = [
          { hash: '0x' }, { grant: '0x' }, { until: -1 }, { createdAt: 0.5 },
          { offered: [idOf(7), 'x'] },
        ]
        for (const change of wrong) {
          const add = () => grants.addSession({ ...session(4), ...change })
          await faults('GRANT_INVALID', add, JSON.stringify(change))
        }
        deepEqual(await grants.sessions(), [session(1), session(3)])
      })
    }))

  test('have credentials that were signed out of, once each, until they are removed', () =>
    withStore(async (store, market) => {
      const [first, second] = [{ account: 7, untilMs: 9_000 }, { account: 4, untilMs: 9_001 }]
      for (const one of [second, first, first]) await store.grants.addSignedOut(one)
      await store.grants.addSignedOut({ account: 7, untilMs: 9_001 })
      await store.grants.removeSignedOut([{ account: 7, untilMs: 9_001 }, { ...first, account: 5 }])
      await store.close()
      await reopened(market, async ({ grants }) => {
        deepEqual(await grants.signedOut(), [first, second])
        for (const change of [{ account: -1 }, { untilMs: 0.5 }]) {
          const add = () => grants.addSignedOut({ ...first, ...change })
          await faults('GRANT_INVALID', add, JSON.stringify(change))
        }
        deepEqual(await grants.signedOut(), [first, second])
      })
    }))

  test('end, are used and removed as a plain list would say, whatever happened', () =>
    withStore(async (store) => {
      const plain = new MemoryGrants()
      let draw = 11
      const random = (below: number): number => {
        draw = (draw * 48_271) % 2_147_483_647
        return draw % below
      }
      const some = (): string[] => [1, 2, 3].map(() => idOf(1 + random(40)))
      for (let turn = 1; turn <= 40; turn += 1) {
        const [at, ids] = [random(1_000), some()]
        const endedBy = random(2) === 0 ? 'revoked' : 'suspended'
        const uses = [...new Set(some())].map((id) => ({ id, usedAt: random(1_000) }))
        const removed = random(4) === 0 ? some() : []
        for (const book of [store.grants, plain]) {
          await book.addGrant(grant(turn))
          await book.endGrants(ids, at, endedBy)
          await book.useGrants(uses)
          await book.removeGrants(removed)
        }
        deepEqual(await store.grants.grants(), await plain.grants(), `turn ${turn}`)
      }
    }))
}
