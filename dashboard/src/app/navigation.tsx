import type { Market } from '@busbar/protocols/api'
import { type ReactNode, useId, useRef } from 'react'
import { useUnread } from '../notices/notices-data.ts'
import { brief } from '../notices/read-mark.ts'
import { Icon } from '../parts/icons.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { type Destination, destinationOf, destinationsOf } from './destinations.ts'
import { useReading } from './language.tsx'
import { useSession } from './services.tsx'

/** The first ways stand beside each other, as many as there is room; all of them in the menu. */
export function Navigation({ page }: { readonly page: PageName | undefined }): ReactNode {
  const { say } = useReading().texts
  const open = destinationsOf(useSession())
  const current = page === undefined ? undefined : destinationOf(page)
  return (
    <nav className='tabs' aria-label={say('app.pages')}>
      {open.map((one) => (
        <Way key={one.page} to={one} isHere={one.page === current} className='tab' />
      ))}
      <Menu open={open} current={current} />
    </nav>
  )
}

function Menu(props: {
  readonly open: readonly Destination[]
  readonly current: PageName | undefined
}): ReactNode {
  const { say } = useReading().texts
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  return (
    <>
      <button type='button' className='tab more' popoverTarget={id}>
        <Icon name='menu' />
        {say('app.more')}
      </button>
      <div ref={panel} id={id} popover='auto' className='menu' aria-label={say('app.allPages')}>
        <ul onClick={() => panel.current?.hidePopover()}>
          {props.open.map((one) => (
            <li key={one.page}>
              <Way to={one} isHere={one.page === props.current} className='way' />
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

function Way(props: {
  readonly to: Destination
  readonly isHere: boolean
  readonly className: string
}): ReactNode {
  const { say } = useReading().texts
  const { page, icon, text, short } = props.to
  return (
    <Link
      to={pathOf(page)}
      className={props.className}
      aria-current={props.isHere ? 'page' : undefined}
    >
      <Icon name={icon} />
      {short === undefined ? say(text) : (
        <>
          <span className='long'>{say(text)}</span>
          <span className='brief' aria-hidden='true'>{say(short)}</span>
        </>
      )}
    </Link>
  )
}

/** The way to what one was told, with how much of it is new. */
export function Bell(props: {
  readonly account: number
  readonly market: Market
  readonly isHere: boolean
}): ReactNode {
  const { texts: { say, count }, formatsFor } = useReading()
  const { account, market, isHere } = props
  const unread = useUnread(account, market)
  const shown = formatsFor(market.display).count(unread)
  return (
    <Link
      to={pathOf('notices')}
      className='bell'
      title={say('page.notices')}
      aria-current={isHere ? 'page' : undefined}
    >
      <Icon name='bell' />
      <span className='unseen'>{say('page.notices')}</span>
      {unread === 0 ? null : (
        <span className='count figure' aria-hidden='true'>
          {brief(unread)}
        </span>
      )}
      <span className='unseen' role='status'>
        {unread === 0 ? '' : count('notices.unread', unread, shown)}
      </span>
    </Link>
  )
}
