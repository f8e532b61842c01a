/**
 * Goal: a session lasts as long as its credential, is told to who listens, and leaves nothing.
 * Method: a place in memory and a clock by hand; what is no session is not taken for one.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mayRead, type Session, SessionStore } from './session.ts'

const session: Session = {
  ...{ account: 7, name: 's001', roles: ['prosumer'] },
  ...{ authorization: 'Busbar 7.1000.0x', untilMs: 1_000 },
}

function placeWith(text: string | null) {
  let kept = text
  return {
    getItem: () => kept,
    setItem: (_name: string, value: string) => {
      kept = value
    },
    removeItem: () => {
      kept = null
    },
  }
}

describe('a session', () => {
  test('is there again after loading the page, and gone after leaving', () => {
    const place = placeWith(null)
    const first = new SessionStore(place, () => 0)
    const heard: (Session | null)[] = []
    first.subscribe(() => heard.push(first.current()))
    first.begin(session)
    deepEqual(new SessionStore(place, () => 0).current(), session)
    first.end()
    deepEqual(heard, [session, null])
    equal(new SessionStore(place, () => 0).current(), null)
  })

  test('ends by its time', () => {
    let now = 999
    const place = placeWith(JSON.stringify(session))
    const store = new SessionStore(place, () => now)
    deepEqual(store.current(), session)
    now = 1_000
    equal(store.current(), null)
    equal(place.getItem(), null)
  })

  const others = [null, '', '{', '[]', '7', JSON.stringify({ ...session, account: '7' }), '{}']
  for (const text of others) {
    test(`is not ${text}`, () => equal(new SessionStore(placeWith(text)).current(), null))
  }

  test('reads what is its own; auditors and operators read all', () => {
    equal(mayRead(session, 7), true)
    equal(mayRead(session, 8), false)
    equal(mayRead({ ...session, roles: ['auditor'] }, 8), true)
    equal(mayRead({ ...session, roles: ['operator'] }, 8), true)
  })
})
