import { pagesOf } from '@busbar/client'
import type { DefaultView, PaymentView } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useOpened } from '../app/live.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'

/** What an account pays and gets outside of the ledger, and what was not paid of it. */
export type AccountPayments = {
  readonly payments: readonly PaymentView[]
  /** Below zero it owes; with what no payment asks for yet. */
  readonly duesMicros: number
  readonly prepaidMicros: number
  /** Its own, and those by which it waits for money. */
  readonly defaults: readonly DefaultView[]
}

/** As the account is told of each of them, it is read again with its notices. */
export function usePayments(account: number): UseQueryResult<AccountPayments> {
  const { client: { trades } } = useServices()
  return useQuery({
    queryKey: keys.payments(account),
    queryFn: async ({ signal }): Promise<AccountPayments> => {
      const payments: PaymentView[] = []
      let [duesMicros, prepaidMicros] = [0, 0]
      type Query = { readonly from?: number }
      const read = (page: Query) => trades.payments(account, { ...page, limit: 200 }, { signal })
      for await (const page of pagesOf(read)) {
        payments.push(...page.payments)
        ;({ duesMicros, prepaidMicros } = page)
      }
      const defaults: DefaultView[] = []
      const look = (page: Query) => trades.defaults(account, { ...page, limit: 200 }, { signal })
      for await (const page of pagesOf(look)) defaults.push(...page.defaults)
      return { payments, duesMicros, prepaidMicros, defaults }
    },
    enabled: useOpened(),
  })
}
