import { useEffect, useRef } from 'react'

/** What somebody starts on a page, one at a time. */
export type Ending = {
  /** The signal of another one: it ends the one before it. */
  readonly begin: () => AbortSignal
  readonly end: () => void
}

/** Whoever leaves the page ends it as well: nobody is there who would read what it asks for. */
export function useEnding(): Ending {
  const going = useRef<AbortController>(undefined)
  const end = (): void => going.current?.abort()
  useEffect(() => () => going.current?.abort(), [])
  return {
    begin: () => {
      end()
      going.current = new AbortController()
      return going.current.signal
    },
    end,
  }
}
