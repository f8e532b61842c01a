import { useEffect, useState, useSyncExternalStore } from 'react'
import { type LiveState, openingMs } from '../live/live-store.ts'
import { followWhileSeen } from '../live/seen.ts'
import { marketTime } from '../time/phases.ts'
import { useServices } from './services.tsx'

export function useLive(): LiveState {
  const { live } = useServices()
  return useSyncExternalStore(live.subscribe, live.state)
}

/** Follows the stream while somebody can see the page. */
export function useStream(): void {
  const { live, follower } = useServices()
  useEffect(() => followWhileSeen(document, live, follower), [live, follower])
}

function onSeen(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener)
  return () => document.removeEventListener('visibilitychange', listener)
}

/** Whether somebody can see the page. */
const useSeen = (): boolean =>
  useSyncExternalStore(onSeen, () => document.visibilityState === 'visible')

/** Whether what is read now misses no event; true after a while also without a stream. */
export function useOpened(): boolean {
  const { live } = useServices()
  const [opened, setOpened] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOpened(true), openingMs)
    void live.opened.then(() => setOpened(true))
    return () => clearTimeout(timer)
  }, [live])
  return opened
}

/** The market's time, again and again; undefined before it was heard. */
export function useMarketTime(everyMs = 250): number | undefined {
  const { time } = useLive()
  const [, turn] = useState(0)
  // What is asked for by the time is not asked for where nobody looks.
  const isSeen = useSeen()
  const isRunning = time !== undefined && time.speed > 0 && isSeen
  useEffect(() => {
    if (!isRunning) return undefined
    const timer = setInterval(() => turn((count) => count + 1), everyMs)
    return () => clearInterval(timer)
  }, [isRunning, everyMs])
  return time === undefined ? undefined : marketTime(time, performance.now())
}
