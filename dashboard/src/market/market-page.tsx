import { lazy, type ReactNode, Suspense } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useSession } from '../app/services.tsx'
import { Bone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { refine, useSearch } from '../route/router.tsx'
import { AuctionCard } from './auction-card.tsx'
import { BatchesCard } from './batches-card.tsx'
import { HealthLine } from './health-line.tsx'
import { useRange, useSeries } from './market-data.ts'
import { NowCard } from './now-card.tsx'
import type { Span } from './series-range.ts'

// The charts come after what is read first.
const SeriesCard = lazy(() => import('./series-card.tsx'))
const GridCard = lazy(() => import('../grid/grid-card.tsx'))

/** What anybody may see of the market, as it is now. */
export function MarketPage(): ReactNode {
  const { say } = useTexts()
  const { zones, rulebook } = useMarket()
  const formats = useFormats()
  const session = useSession()
  const { zone: wanted, span } = choicesOf(useSearch())
  const zone = zones.some((one) => one.zone === wanted) ? wanted : 0
  const today = useRange('day', zone)
  const asked = useSeries('day', today)
  return (
    <>
      <div className='row apart'>
        <h1>{say('market.title')}</h1>
        <HealthLine />
      </div>
      {session === null ? (
        <p className='soft'>
          {say('market.intro', { length: formats.duration(rulebook.intervalSeconds * 1_000) })}
        </p>
      ) : null}
      <div className='grid first'>
        <NowCard series={asked.data} />
        <Answered asked={asked} height={360}>
          {(series) => <AuctionCard series={series} />}
        </Answered>
        <Answered asked={asked}>{(series) => <BatchesCard series={series} />}</Answered>
      </div>
      <Suspense fallback={<Bone height={480} />}>
        <SeriesCard
          zone={zone}
          span={span}
          choose={(chosen) => refine(searchOf(zone, chosen))}
        />
      </Suspense>
      <Suspense fallback={<Bone height={320} />}>
        <GridCard current={zone} />
      </Suspense>
    </>
  )
}

type Choices = { readonly zone: number; readonly span: Span }

function choicesOf(search: string): Choices {
  const given = new URLSearchParams(search)
  return {
    zone: Number(given.get('zone') ?? 0),
    span: given.get('span') === 'week' ? 'week' : 'day',
  }
}

export function searchOf(zone: number, span: Span): string {
  const given = new URLSearchParams({
    ...(zone === 0 ? {} : { zone: String(zone) }),
    ...(span === 'day' ? {} : { span }),
  })
  return given.size === 0 ? '' : `?${given}`
}
