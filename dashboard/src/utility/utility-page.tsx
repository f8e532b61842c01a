import type { ReactNode } from 'react'
import { lazy, Suspense } from 'react'
import { useTexts } from '../app/language.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices } from '../app/services.tsx'
import { Bone } from '../parts/parts.tsx'
import type { Signed } from '../retailer/retailer-data.ts'
import { ScheduleCard } from './schedule-card.tsx'
import { useScheduled } from './schedule-data.ts'
import { TradesCard } from './trades-card.tsx'
import { WheelingCard } from './wheeling-card.tsx'
import '../style/companies.css'

// The picture that everybody sees of the market: the same one.
const GridCard = lazy(() => import('../grid/grid-card.tsx'))

/** What a grid operator needs: what flows, what will flow, and what it lets through. */
export default function UtilityPage(): ReactNode {
  const { say } = useTexts()
  const { client: reader } = useServices()
  return (
    <>
      <h1>{say('utility.title')}</h1>
      <Mine roles={['distribution-utility']} height={420}>
        {(session) => (
          <>
            <div className='grid wide'>
              <ScheduleCard session={session} reader={reader} />
              <Suspense fallback={<Bone height={320} />}>
                <Tree session={session} reader={reader} />
              </Suspense>
            </div>
            <TradesCard session={session} reader={reader} />
            <WheelingCard session={session} reader={reader} />
          </>
        )}
      </Mine>
    </>
  )
}

/** The tree as it was metered, with what is agreed for the next interval. */
function Tree(signed: Signed): ReactNode {
  return <GridCard current={-1} scheduled={useScheduled(signed)} />
}
