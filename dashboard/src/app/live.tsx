import { useEffect, useState, useSyncExternalStore } from 'react'
import { type LiveState, openingMs } from '../live/live-store.ts'
import { marketTime } from '../time/phases.ts'
import { useServices } from './services.tsx'

/** A tab that nobody sees lets its connection go after so long: others may need it. */
const hiddenMs = 20_000

export function useLive(): LiveState {
  const { live } = useServices()
  return useSyncExternalStore(live.subscribe, live.state)
}

/** Follows the stream while somebody can see the page. */
export function useStream(): void {
  const { live } = useServices()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') live.start()
      else timer = setTimeout(() => live.stop(), hiddenMs)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer)
      live.stop()
    }
  }, [live])
}

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
  const isRunning = time !== undefined && time.speed > 0
  useEffect(() => {
    if (!isRunning) return undefined
    const timer = setInterval(() => turn((count) => count + 1), everyMs)
    return () => clearInterval(timer)
  }, [isRunning, everyMs])
  return time === undefined ? undefined : marketTime(time, performance.now())
}
