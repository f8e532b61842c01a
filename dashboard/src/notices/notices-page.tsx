import type { Notice } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { HomeHead } from '../home/home-frame.tsx'
import { Badge, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { useNotices, useReadMark } from './notices-data.ts'

/** What an account was told, the newest first. */
export default function NoticesPage(): ReactNode {
  return <Mine height={480}>{(session) => <Notices session={session} />}</Mine>
}

function Notices({ session }: { readonly session: Session }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const asked = useNotices(session.account)
  const [mark, store] = useReadMark(session.account)
  const unread = asked.data?.filter(({ sequence }) => sequence > mark).length ?? 0
  const newest = asked.data?.[0]?.sequence ?? 0
  const beside = unread === 0 ? undefined : (
    <button type='button' className='button' onClick={() => store.readTo(newest)}>
      {texts.count('notices.read', unread, formats.count(unread))}
    </button>
  )
  return (
    <>
      <HomeHead page='notices' title={say('notices.title')} beside={beside} />
      <Answered asked={asked} height={320}>
        {(notices) =>
          notices.length === 0 ? (
            <Note tone='plain' icon='wait' title={say('notices.empty')}>
              <p>{say('notices.empty.next')}</p>
            </Note>
          ) : (
            <ol className='card notices'>
              {notices.map((notice) => (
                <Item key={notice.sequence} notice={notice} isNew={notice.sequence > mark} />
              ))}
            </ol>
          )
        }
      </Answered>
    </>
  )
}

/** Where one sees what a notice tells of; of all others under the account. */
const pageOf: Partial<Readonly<Record<Notice['kind'], PageName>>> = {
  trade_changed: 'trading',
  delivery_limited: 'trading',
  offer_changed: 'trading',
  payment_changed: 'trading',
  default_changed: 'trading',
  meter_data_requested: 'home',
  run_posted: 'home',
}

function Item(props: { readonly notice: Notice; readonly isNew: boolean }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { notice, isNew } = props
  return (
    <li className={isNew ? 'unread' : ''}>
      <div>
        <Link to={pathOf(pageOf[notice.kind] ?? 'account')}>
          <Words notice={notice} />
        </Link>
        <time className='small soft factors'>{formats.moment(notice.atMs)}</time>
      </div>
      {isNew ? <Badge tone='good'>{say('notices.new')}</Badge> : null}
    </li>
  )
}

function Words({ notice }: { readonly notice: Notice }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  switch (notice.kind) {
    case 'trade_changed': {
      const { trade, what } = notice.data
      return say(`notice.trade.${what}`, { trade })
    }
    case 'offer_changed':
      return say(`notice.offer.${notice.data.status}`, { offer: notice.data.offer })
    case 'delivery_limited':
      return say('notice.delivery_limited', { trade: notice.data.trade })
    case 'payment_changed': {
      const { payment, trade, amountMicros } = notice.data
      const amount = formats.money(amountMicros)
      return say('notice.payment_changed', { payment, trade, amount })
    }
    case 'default_changed': {
      const { trade, amountMicros } = notice.data
      return say('notice.default_changed', { trade, amount: formats.money(amountMicros) })
    }
    case 'run_posted': {
      const atMs = notice.data.interval * rulebook.intervalSeconds * 1_000
      return say('notice.run_posted', { interval: formats.moment(atMs) })
    }
    case 'passkey_registered':
      return say('notice.passkey_registered', { label: notice.data.label })
    case 'meter_data_requested':
    case 'participant_changed':
    case 'key_replaced':
    case 'passkey_revoked':
      return say(`notice.${notice.kind}`)
    default:
      return say('notice.unknown')
  }
}
