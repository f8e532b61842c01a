import type { Kpis } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { useRange } from '../market/market-data.ts'
import type { Span } from '../market/series-range.ts'
import { Note, Switch } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { CashCard, CostCard, SpreadCard, VarianceCard } from './cards.tsx'
import { kpiRange } from './figures.ts'
import { HoursCard } from './hours-card.tsx'
import { IntegrityCard } from './integrity-card.tsx'
import './kpis.css'

/** What the exchange is measured by: sums of everybody together. */
export default function KpisPage(): ReactNode {
  const { say } = useTexts()
  const [span, setSpan] = useState<Span>('day')
  const { client } = useServices()
  const opened = useOpened()
  const range = useRange(span, 0)
  const asked = range === undefined ? undefined : kpiRange(range)
  const found = useQuery({
    queryKey: keys.kpis(asked?.from ?? 0, asked?.to ?? 0),
    queryFn: ({ signal }) => client.kpis(asked ?? {}, { signal }),
    enabled: opened && asked !== undefined,
  })
  const choices = [['day', say('series.day')], ['week', say('series.week')]] as const
  return (
    <>
      <div className='row apart'>
        <h1>{say('kpis.title')}</h1>
        <Switch label={say('kpis.span')} choices={choices} chosen={span} choose={setSpan} />
      </div>
      <p className='soft'>{say('kpis.hint')}</p>
      <Answered asked={found} height={480}>
        {(kpis) => <Figures kpis={kpis} span={span} />}
      </Answered>
    </>
  )
}

function Figures({ kpis, span }: { readonly kpis: Kpis; readonly span: Span }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  if (kpis.intervalCount === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('kpis.empty')}>
        <p>{say('kpis.empty.next')}</p>
      </Note>
    )
  }
  const intervalMs = rulebook.intervalSeconds * 1_000
  return (
    <>
      <div className='grid two'>
        <CashCard kpis={kpis} />
        <VarianceCard kpis={kpis} />
        <SpreadCard kpis={kpis} />
        <CostCard kpis={kpis} />
      </div>
      <HoursCard
        kpis={kpis}
        spanMs={[kpis.from * intervalMs, (kpis.to + 1) * intervalMs]}
        isDay={span === 'day'}
      />
      <IntegrityCard kpis={kpis} />
      <p className='small soft'>
        {say('kpis.since', { time: formats.moment(kpis.sinceMs) })}
      </p>
    </>
  )
}
