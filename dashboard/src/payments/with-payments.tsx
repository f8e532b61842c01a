import type { AccountDetail } from '@busbar/protocols/api'
import { Fragment, type ReactNode } from 'react'
import { useMarket } from '../app/market.tsx'
import { isLasting } from '../retailer/rungs.ts'
import type { Session } from '../session/session.ts'
import { PaymentsCard } from './payments-card.tsx'
import { usePayments } from './payments-data.ts'

type Props = {
  readonly session: Session
  readonly detail: AccountDetail
  readonly children: ReactNode
}

/**
 * A household's page with its payments, where there are contracts: below its energy, and above it
 * while it is in default and has a day to act by.
 */
export function WithPayments(props: Props): ReactNode {
  const { rulebook: { trades } } = useMarket()
  return trades === undefined ? props.children : <InOrder {...props} />
}

function InOrder({ children, ...about }: Props): ReactNode {
  const { account } = about.session
  const { data } = usePayments(account)
  const isUrgent = data?.defaults.some((one) => one.account === account && isLasting(one)) === true
  // By their keys both stay what they are when they change places.
  const payments = <PaymentsCard key='payments' {...about} />
  const rest = <Fragment key='rest'>{children}</Fragment>
  return isUrgent ? [payments, rest] : [rest, payments]
}
