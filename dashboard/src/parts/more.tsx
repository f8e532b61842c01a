import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'

/** Where there are more rows than are shown. */
export type More = {
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly load: () => void
}

/** Of a list that is read page by page. */
export const moreOf = (asked: UseInfiniteQueryResult<unknown>): More => ({
  hasMore: asked.hasNextPage,
  isLoading: asked.isFetchingNextPage,
  load: () => void asked.fetchNextPage(),
})

/** Reads the next page; nothing at the end. */
export function MoreButton({ hasMore, isLoading, load }: More): ReactNode {
  const { say } = useTexts()
  if (!hasMore) return null
  return (
    <button type='button' className='button' disabled={isLoading} onClick={load}>
      {say('table.more')}
    </button>
  )
}
