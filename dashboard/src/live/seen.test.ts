/**
 * Goal: a tab that nobody sees asks for nothing, lets its connection go after a while, and goes on
 * where it was when somebody looks again.
 * Method: a document that is hidden and shown by hand, the real cache and its follower, and a clock
 * that is moved.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { afterEach, beforeEach, describe, mock, test } from 'node:test'
import type { StreamEvent } from '@busbar/protocols/api'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { CacheFollower } from './cache-follower.ts'
import { keys } from './keys.ts'
import { followWhileSeen, type Shown } from './seen.ts'

const boardChanged: StreamEvent = { name: 'board_changed', data: { offer: 1 } }

class SomeDocument implements Shown {
  visibilityState: DocumentVisibilityState = 'visible'
  readonly #listeners = new Set<() => void>()

  addEventListener(_name: string, listener: () => void): void {
    this.#listeners.add(listener)
  }

  removeEventListener(_name: string, listener: () => void): void {
    this.#listeners.delete(listener)
  }

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state
    for (const listener of this.#listeners) listener()
  }
}

function following() {
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } })
  const asked: string[] = []
  cache.setQueryData(keys.board, [])
  const observer = new QueryObserver(cache, {
    queryKey: keys.board,
    queryFn: async () => {
      asked.push('board')
      return []
    },
  })
  const leave = observer.subscribe(() => undefined)
  const follower = new CacheFollower({} as never, cache)
  const said: string[] = []
  const live = { start: () => void said.push('start'), stop: () => void said.push('stop') }
  const page = new SomeDocument()
  const end = followWhileSeen(page, live, follower)
  return {
    asked, said, page, follower,
    end: () => {
      end()
      leave()
      cache.clear()
    },
  }
}

/** Lets so much time pass, and what waits for it be done. */
async function pass(ms: number): Promise<void> {
  mock.timers.tick(ms)
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve()
}

describe('a page', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  test('asks for what has changed while somebody sees it', async () => {
    const { asked, said, follower, end } = following()
    follower.hear(boardChanged)
    await pass(1_000)
    deepEqual([asked, said], [['board'], ['start']])
    end()
    deepEqual(said, ['start', 'stop'])
  })

  test('asks for nothing while nobody does, and once for all of it afterwards', async () => {
    const { asked, said, page, follower, end } = following()
    follower.hear(boardChanged)
    page.become('hidden')
    follower.hear(boardChanged)
    await pass(10_000)
    deepEqual([asked, said], [[], ['start']], 'what had begun to wait is not asked for either')
    page.become('visible')
    await pass(1_000)
    deepEqual(asked, ['board'])
    await pass(60_000)
    deepEqual([asked, said], [['board'], ['start', 'start']], 'it keeps its connection')
    end()
  })

  test('lets its connection go after a while, and hears no more when it is left', async () => {
    const { said, page, end } = following()
    page.become('hidden')
    await pass(19_000)
    equal(said.includes('stop'), false)
    await pass(2_000)
    deepEqual(said, ['start', 'stop'])
    page.become('visible')
    deepEqual(said, ['start', 'stop', 'start'])
    end()
    page.become('visible')
    deepEqual(said, ['start', 'stop', 'start', 'stop'])
  })
})
