import type { Customer } from '@busbar/protocols/api'
import type { ReactNode } from 'react'

/** One of a retailer's own customers. */
export function CustomerField(props: {
  readonly title: string
  readonly customers: readonly Customer[]
  readonly account: number
  readonly choose: (account: number) => void
}): ReactNode {
  const { title, customers, account, choose } = props
  return (
    <label className='field'>
      {title}
      <select value={account} onChange={({ target }) => choose(Number(target.value))}>
        {customers.map((one) => (
          <option key={one.account} value={one.account}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  )
}
