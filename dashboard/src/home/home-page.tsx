import { lazy, type ReactNode, Suspense } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { Icon } from '../parts/icons.tsx'
import { Bone, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { refine, useSearch } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import type { DayRange } from './day.ts'
import { DevicesCard } from './devices-card.tsx'
import './devices.css'
import { FlowCard } from './flow-card.tsx'
import type { Told } from './devices.ts'
import { useAccount, useDay, useDayRange, useDevices, useStanding } from './home-data.ts'
import { HomeHead } from './home-frame.tsx'
import { MoneyCard } from './money-card.tsx'
import { WithPayments } from '../payments/with-payments.tsx'
import { PartnersCard } from './partners-card.tsx'
import { TodayCard } from './today-card.tsx'
import { WithdrawCard } from './withdraw-card.tsx'

// The charts come after what is read first.
const DayCard = lazy(() => import('./day-card.tsx'))

/** The state keeps corrections of some days: what is older is nobody's to look at here. */
const daysBackMax = 30

/** What a household earned and saved, what flows, and where its money is. */
export default function HomePage(): ReactNode {
  const { say } = useTexts()
  return (
    <Mine height={480} title={say('page.home')}>
      {(session) => <Home session={session} />}
    </Mine>
  )
}

function Home({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const asked = Number(new URLSearchParams(useSearch()).get('back') ?? 0)
  const back = Number.isSafeInteger(asked) && asked > 0 ? Math.min(asked, daysBackMax) : 0
  const range = useDayRange(back)
  const detail = useAccount(session.account)
  const told = useDevices(session.account, range)
  const intervalMs = rulebook.intervalSeconds * 1_000
  const day = range === undefined ? '' : formats.day(range.from * intervalMs)
  return (
    <>
      <HomeHead
        page='home'
        title={back === 0 ? say('home.title') : say('home.title.day', { day })}
        beside={<Days back={back} />}
      />
      <Answered asked={detail} height={420}>
        {(found) => (
          <>
            {found.meters.length === 0 ? (
              <Note tone='plain' icon='meter' title={say('home.none')}>
                <p>{say('home.none.next')}</p>
              </Note>
            ) : (
              <WithPayments session={session} detail={found}>
                <Figures
                  {...{ session, range, told }}
                  zone={found.meters[0]?.zone ?? 0}
                />
                <DevicesCard detail={found} told={told} isNow={back === 0} />
              </WithPayments>
            )}
            <WithdrawCard session={session} detail={found} />
          </>
        )}
      </Answered>
    </>
  )
}

function Days({ back }: { readonly back: number }): ReactNode {
  const { say } = useTexts()
  const go = (days: number): void => refine(days === 0 ? '' : `?back=${days}`)
  return (
    <div className='row'>
      <button
        type='button'
        className='button quiet'
        aria-label={say('home.earlier')}
        disabled={back >= daysBackMax}
        onClick={() => go(back + 1)}
      >
        <Icon name='left' />
      </button>
      <button
        type='button'
        className='button quiet'
        aria-label={say('home.later')}
        disabled={back === 0}
        onClick={() => go(back - 1)}
      >
        <Icon name='right' />
      </button>
    </div>
  )
}

function Figures(props: {
  readonly session: Session
  readonly range: DayRange | undefined
  readonly told: Told
  readonly zone: number
}): ReactNode {
  const { say } = useTexts()
  const { range, session, told, zone } = props
  const day = useDay(session.account, range)
  const standing = useStanding(session.account)
  return (
    <>
      <Answered asked={day} height={420}>
        {(series) =>
          series.interval.length === 0 ? (
            <Note tone='plain' icon='wait' title={say('home.empty')}>
              <p>{say('home.empty.next')}</p>
            </Note>
          ) : (
            <div className='grid two'>
              <TodayCard series={series} />
              <FlowCard series={series} told={told} />
            </div>
          )
        }
      </Answered>
      <Answered asked={standing} height={240}>
        {(found) => <MoneyCard standing={found} />}
      </Answered>
      {day.data === undefined || range === undefined || day.data.interval.length === 0 ? null : (
        <>
          <Suspense fallback={<Bone height={560} />}>
            <DayCard series={day.data} range={range} told={told} />
          </Suspense>
          <PartnersCard series={day.data} zone={zone} />
        </>
      )}
    </>
  )
}
