/**
 * Goal: a session is what the server says of it, lasts as long as its credential, is told to who
 * listens, and leaves nothing.
 * Method: a server and a clock by hand; every way in which a session begins and ends.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mayRead, type Session, SessionStore } from './session.ts'

const session: Session = {
  ...{ account: 7, name: 's001', roles: ['prosumer'], retailer: 4, untilMs: 1_000 },
}

function world(answer: () => Promise<Session | null>) {
  const asked: string[] = []
  let isBroken = false
  const timers: { delayMs: number; run: () => void }[] = []
  const calls = {
    current: () => {
      asked.push('current')
      return answer()
    },
    close: async () => {
      asked.push('close')
      if (isBroken) throw new Error('no connection')
    },
  }
  const clock = {
    now: () => 0,
    after: (delayMs: number, run: () => void) => {
      const timer = { delayMs, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  }
  const store = new SessionStore(calls, clock)
  const heard: (Session | null | undefined)[] = []
  store.subscribe(() => heard.push(store.current()))
  const breaks = (): void => {
    isBroken = true
  }
  return { store, asked, timers, heard, breaks }
}

describe('a session', () => {
  test('is unknown until the server has said who it is', async () => {
    const { store, heard } = world(async () => session)
    equal(store.current(), undefined)
    await store.look()
    deepEqual([store.current(), heard], [session, [session]])
  })

  test('is none where the server knows nobody, or cannot be reached', async () => {
    const none = world(async () => null)
    await none.store.look()
    equal(none.store.current(), null)
    const away = world(() => Promise.reject(new Error('no connection')))
    await away.store.look()
    equal(away.store.current(), null)
  })

  test('stays while the server cannot be reached for a while', async () => {
    let isThere = true
    const { store } = world(async () => {
      if (isThere) return session
      throw new Error('no connection')
    })
    await store.look()
    isThere = false
    await store.look()
    deepEqual(store.current(), session)
  })

  test('that could not be asked for is asked for when the server is there, and once', async () => {
    let isThere = false
    const { store, asked } = world(async () => {
      if (isThere) return session
      throw new Error('no connection')
    })
    await store.look()
    await store.reached()
    equal(store.current(), null)
    isThere = true
    await store.reached()
    await store.reached()
    deepEqual([store.current(), asked.length], [session, 3])
  })

  test('ends by its time, and then once', async () => {
    const { store, timers, heard } = world(async () => session)
    await store.look()
    equal(timers[0]?.delayMs, 1_000)
    timers[0]?.run()
    deepEqual([store.current(), timers.length], [null, 0])
    store.forget()
    equal(heard.length, 2)
  })

  test('that is over already is none', () => {
    const { store } = world(async () => null)
    store.begin({ ...session, untilMs: 0 })
    equal(store.current(), null)
  })

  test('ends when somebody signs out, and not before the cookie is gone', async () => {
    const { store, asked, timers } = world(async () => session)
    await store.look()
    await store.close()
    deepEqual([store.current(), asked, timers.length], [null, ['current', 'close'], 0])
    const away = world(async () => session)
    away.breaks()
    await away.store.look()
    await rejects(away.store.close(), /no connection/)
    deepEqual(away.store.current(), session)
  })
})

describe('another page of the same browser', () => {
  /** Pages that hear each other, and not themselves. */
  function pagesOf(answer: () => Session | null) {
    const heard: (() => void)[] = []
    return [0, 1].map((own) => {
      const siblings = {
        addEventListener: (_name: string, listener: () => void) => void (heard[own] = listener),
        postMessage: () => heard.filter((_, index) => index !== own).forEach((hear) => hear()),
      }
      const clock = { now: () => 0, after: () => () => undefined }
      const calls = { current: async () => answer(), close: async () => undefined }
      return new SessionStore(calls, clock, siblings as never)
    }) as [SessionStore, SessionStore]
  }

  const turn = () => new Promise((resolve) => setImmediate(resolve))

  test('hears that somebody signed out, and that another signed in', async () => {
    let there: Session | null = session
    const [one, other] = pagesOf(() => there)
    await Promise.all([one.look(), other.look()])
    there = null
    await one.close()
    await turn()
    deepEqual([one.current(), other.current()], [null, null])
    there = { ...session, account: 8 }
    one.begin(there)
    await turn()
    deepEqual(other.current()?.account, 8)
  })
})

describe('what may be read', () => {
  const cases: readonly (readonly [Session['roles'], owner: number, boolean])[] = [
    [['prosumer'], 7, true],
    [['prosumer'], 8, false],
    [['retailer'], 8, false],
    [['operator'], 8, true],
    [['auditor'], 8, true],
  ]
  for (const [roles, owner, expected] of cases) {
    test(`${roles} of ${owner}: ${expected}`, () => {
      equal(mayRead({ ...session, roles }, owner), expected)
    })
  }
})
