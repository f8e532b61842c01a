import type { Notice } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useNames } from '../app/names.ts'
import { HomeHead } from '../home/home-frame.tsx'
import { Badge, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { useNotices, useReadMark } from './notices-data.ts'
import { unreadOf } from './read-mark.ts'
import { namedIn, noticeWords, type Saying } from './words.ts'

/** What an account was told, the newest first. */
export default function NoticesPage(): ReactNode {
  const { say } = useTexts()
  return (
    <Mine height={480} title={say('page.notices')}>
      {(session) => <Notices session={session} />}
    </Mine>
  )
}

function Notices({ session }: { readonly session: Session }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const asked = useNotices(session.account)
  const [mark, store] = useReadMark(session.account, useMarket())
  const newest = asked.data?.[0]?.sequence ?? 0
  const unread = unreadOf(newest, mark)
  const beside = unread === 0 ? undefined : (
    <button type='button' className='button' onClick={() => store.readTo(newest)}>
      {texts.count('notices.read', unread, formats.count(unread))}
    </button>
  )
  const title = say('notices.title')
  return (
    <>
      {session.roles.includes('prosumer') ? (
        <HomeHead page='notices' title={title} beside={beside} />
      ) : (
        <div className='row apart whole'>
          <h1>{title}</h1>
          {beside}
        </div>
      )}
      <Answered asked={asked} height={320}>
        {(notices) =>
          notices.length === 0 ? (
            <Note tone='plain' icon='wait' title={say('notices.empty')}>
              <p>{say('notices.empty.next')}</p>
            </Note>
          ) : (
            <List notices={notices} mark={mark} account={session.account} />
          )
        }
      </Answered>
    </>
  )
}

/** Notices in words, the newest first. */
export function List(props: {
  readonly notices: readonly Notice[]
  readonly mark: number
  readonly account: number
}): ReactNode {
  const { notices, mark, account } = props
  const { rulebook: { intervalSeconds } } = useMarket()
  const [texts, formats] = [useTexts(), useFormats()]
  const names = useNames(notices.flatMap(namedIn))
  const nameOf = (one: number): string => names.get(one) ?? String(one)
  const saying = { texts, formats, intervalSeconds, nameOf, account }
  return (
    <ol className='card notices'>
      {notices.map((notice) => (
        <Item
          key={notice.sequence}
          notice={notice}
          isNew={notice.sequence > mark}
          saying={saying}
        />
      ))}
    </ol>
  )
}

/** Where one sees what a notice tells of. */
const pageOf: Readonly<Record<Notice['kind'], PageName>> = {
  trade_changed: 'trading',
  delivery_limited: 'trading',
  offer_changed: 'trading',
  payment_changed: 'home',
  default_changed: 'home',
  meter_data_requested: 'home',
  run_posted: 'home',
  agreement_recorded: 'retailerAgreements',
  netting_changed: 'retailerAgreements',
  participant_changed: 'account',
  key_replaced: 'account',
  passkey_registered: 'account',
  passkey_revoked: 'account',
  objection_raised: 'account',
  join_code_issued: 'account',
  join_code_revoked: 'account',
  mandate_granted: 'trading',
  mandate_revoked: 'trading',
  proposal_changed: 'operator',
}

/** A retailer sees its customers' defaults on pages of its own. */
function placeOf(notice: Notice, account: number): PageName {
  if (notice.kind === 'objection_raised' && notice.data.account !== account) {
    return notice.data.retailer === account ? 'retailerCustomers' : 'operatorParticipants'
  }
  if (notice.kind !== 'default_changed') return pageOf[notice.kind]
  const { account: debtor, creditor } = notice.data
  return debtor === account || creditor === account ? 'home' : 'retailerDefaults'
}

function Item(props: {
  readonly notice: Notice
  readonly isNew: boolean
  readonly saying: Saying
}): ReactNode {
  const { notice, isNew, saying } = props
  const { texts: { say }, formats } = saying
  return (
    <li className={isNew ? 'unread' : ''}>
      <Link to={pathOf(placeOf(notice, saying.account))}>{noticeWords(notice, saying)}</Link>
      <div className='row'>
        <time className='small soft'>{formats.moment(notice.atMs)}</time>
        {isNew ? <Badge tone='good'>{say('notices.new')}</Badge> : null}
      </div>
    </li>
  )
}
