import type { CacheFollower } from './cache-follower.ts'
import type { LiveStore } from './live-store.ts'

/** A tab that nobody sees lets its connection go after so long: others may need it. */
const hiddenMs = 20_000

/** As much of a document as says whether somebody sees it. */
export type Shown = {
  readonly visibilityState: DocumentVisibilityState
  readonly addEventListener: (name: 'visibilitychange', listener: () => void) => void
  readonly removeEventListener: (name: 'visibilitychange', listener: () => void) => void
}

/**
 * Follows the market while somebody can see the page. A page that nobody sees asks for nothing:
 * what it hears of is read when it is looked at again, and after a while it hears no more.
 *
 * @returns what ends it
 */
export function followWhileSeen(
  page: Shown,
  live: Pick<LiveStore, 'start' | 'stop'>,
  follower: Pick<CacheFollower, 'pause' | 'resume'>,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(timer)
    if (page.visibilityState === 'visible') {
      live.start()
      follower.resume()
    } else {
      follower.pause()
      timer = setTimeout(() => live.stop(), hiddenMs)
    }
  }
  look()
  page.addEventListener('visibilitychange', look)
  return () => {
    page.removeEventListener('visibilitychange', look)
    clearTimeout(timer)
    live.stop()
  }
}
