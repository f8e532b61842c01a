import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { namesOf } from '../lib/names.ts'
import { keys } from '../live/keys.ts'
import { useServices } from './services.tsx'

const none: ReadonlyMap<number, string> = new Map()

/** What the accounts are called that are named here, from the public registry. */
export function useNames(accounts: readonly number[]): ReadonlyMap<number, string> {
  const { client } = useServices()
  const wanted = [...new Set(accounts)].sort((a, b) => a - b)
  const { data } = useQuery({
    queryKey: keys.names(wanted),
    queryFn: ({ signal }) => namesOf(client, wanted, signal),
    enabled: wanted.length > 0,
    // Where one more is named, the others keep their names while it is asked for.
    placeholderData: keepPreviousData,
  })
  return data ?? none
}
