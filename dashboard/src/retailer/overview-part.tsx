import type { DefaultView, MeterDataRequest } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Card, Figure, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import {
  customersIn,
  defaultsIn,
  useCustomers,
  useDefaults,
  useRequests,
  type Signed,
} from './retailer-data.ts'
import { isLasting, unshownSteps } from './rungs.ts'

/** How it stands, and what waits for somebody. */
export function OverviewPart(signed: Signed): ReactNode {
  const customers = useCustomers(signed)
  const defaults = useDefaults(signed)
  const requests = useRequests(signed)
  return (
    <>
      <Answered asked={customers} height={130}>
        {(data) => <Figures customers={customersIn(data)} hasMore={customers.hasNextPage} />}
      </Answered>
      <Answered asked={defaults}>
        {(data) => (
          <Answered asked={requests}>
            {(asked) => <ToDo defaults={defaultsIn(data)} requests={asked} />}
          </Answered>
        )}
      </Answered>
    </>
  )
}

function Figures(props: {
  readonly customers: ReturnType<typeof customersIn>
  readonly hasMore: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { customers, hasMore } = props
  const sum = (of: (one: (typeof customers)[number]) => number): number =>
    customers.reduce((all, one) => all + of(one), 0)
  const defaults = sum(({ openDefaults }) => openDefaults)
  // Sums of a first page are at least so much.
  const more = hasMore ? '+' : ''
  return (
    <Card title={say('retailer.overview.title')}>
      <dl className='figures'>
        <Figure
          label={say('retailer.overview.customers')}
          value={`${formats.count(customers.length)}${more}`}
        />
        <Figure
          label={say('retailer.overview.prepaid')}
          value={`${formats.money(sum(({ prepaidMicros }) => prepaidMicros))}${more}`}
          hint={say('retailer.overview.prepaid.hint')}
        />
        <Figure
          label={say('retailer.overview.owed')}
          value={`${formats.money(sum(({ duesMicros }) => Math.max(0, -duesMicros)))}${more}`}
          hint={say('retailer.overview.owed.hint')}
        />
        <Figure
          label={say('retailer.overview.defaults')}
          value={`${formats.count(defaults)}${more}`}
          tone={defaults > 0 ? 'is-bad' : ''}
        />
      </dl>
    </Card>
  )
}

function ToDo(props: {
  readonly defaults: readonly DefaultView[]
  readonly requests: readonly MeterDataRequest[]
}): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const own = props.defaults.filter((one) => one.account !== null && isLasting(one))
  const steps = own.reduce((sum, one) => sum + unshownSteps(one).length, 0)
  const atEnd = own.filter(({ status }) => status === 'exhausted').length
  const missing = props.requests.reduce((sum, one) => sum + one.missing.length, 0)
  const [first] = props.requests.toSorted((a, b) => a.dueAtMs - b.dueAtMs)
  if (steps + atEnd + missing === 0) {
    return (
      <Card title={say('retailer.todo')}>
        <Note tone='good' title={say('retailer.todo.none')}>
          <p>{say('retailer.todo.none.next')}</p>
        </Note>
      </Card>
    )
  }
  return (
    <Card title={say('retailer.todo')}>
      <ul className='todos'>
        {first === undefined ? null : (
          <Todo
            icon='meter'
            to={pathOf('retailerEnergy')}
            title={count('retailer.todo.readings', missing, formats.count(missing))}
            next={say('retailer.todo.readings.next', {
              meter: first.meter, time: formats.moment(first.dueAtMs),
            })}
          />
        )}
        {steps === 0 ? null : (
          <Todo
            icon='order'
            to={pathOf('retailerDefaults')}
            title={count('retailer.todo.steps', steps, formats.count(steps))}
            next={say('retailer.todo.steps.next')}
          />
        )}
        {atEnd === 0 ? null : (
          <Todo
            icon='coins'
            to={pathOf('retailerDefaults')}
            title={count('retailer.todo.recover', atEnd, formats.count(atEnd))}
            next={say('retailer.todo.recover.next')}
          />
        )}
      </ul>
    </Card>
  )
}

function Todo(props: {
  readonly icon: IconName
  readonly to: string
  readonly title: string
  readonly next: string
}): ReactNode {
  return (
    <li>
      <Link to={props.to} className='todo'>
        <Icon name={props.icon} />
        <span>
          <strong>{props.title}</strong>
          <span className='small soft'>{props.next}</span>
        </span>
        <Icon name='right' size={18} />
      </Link>
    </li>
  )
}
