import type { Series } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import { Card, Figure, Note, Switch } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { TableActions } from '../parts/table-actions.tsx'
import { useRange, useSeries } from './market-data.ts'
import { type SeriesRange, since, type Span, sumsOf } from './series-range.ts'
import { SeriesTable } from './series-table.tsx'

/** Price, energy and self-supply of the market's day or week. */
export default function SeriesCard(props: {
  readonly zone: number
  readonly span: Span
  readonly choose: (span: Span) => void
}): ReactNode {
  const { zone, span, choose } = props
  const { say } = useTexts()
  const range = useRange(span, zone)
  const asked = useSeries(span, range)
  const choices = [['day', say('series.day')], ['week', say('series.week')]] as const
  const title = say('series.title')
  return (
    <Card
      title={title}
      beside={<Switch label={title} choices={choices} chosen={span} choose={choose} />}
    >
      <Answered asked={asked} height={420}>
        {(series) =>
          range === undefined ? null : (
            <Shown series={since(series, range.from)} range={range} span={span} />
          )
        }
      </Answered>
    </Card>
  )
}

type ShownProps = { readonly series: Series; readonly range: SeriesRange; readonly span: Span }

function Shown({ series, range, span }: ShownProps): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const [asTable, setAsTable] = useState(false)
  if (series.interval.length === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('series.empty')}>
        <p>{say('series.empty.next')}</p>
      </Note>
    )
  }
  const { averageMicrosPerKwh: average, tradedWh, selfShare } = sumsOf(series)
  return (
    <>
      <dl className='figures'>
        <Figure
          label={say('series.average')}
          value={average === null ? '–' : formats.price(average)}
          unit={say('series.price.unit')}
          hint={say('series.average.hint')}
          tone='is-price'
        />
        <Figure label={say('series.sum')} value={formats.energy(tradedWh)} />
        <Figure
          label={say('series.share')}
          value={selfShare === null ? '–' : formats.percent(selfShare)}
          hint={say('series.share.hint')}
          tone='is-self'
        />
      </dl>
      {asTable ? <SeriesTable series={series} /> : (
        <Charts series={series} range={range} span={span} />
      )}
      <Actions series={series} asTable={asTable} toggle={() => setAsTable(!asTable)} />
    </>
  )
}

function Actions(props: {
  readonly series: Series
  readonly asTable: boolean
  readonly toggle: () => void
}): ReactNode {
  const { rulebook } = useMarket()
  const { series, asTable, toggle } = props
  const startMs = rulebook.intervalSeconds * 1_000
  const columns = () => ({
    start: series.interval.map((number) => new Date(number * startMs).toISOString()),
    price_micros_per_kwh: series.priceMicrosPerKwh,
    traded_wh: series.tradedWh,
    injected_wh: series.injectedWh,
    consumed_wh: series.consumedWh,
    self_supplied_wh: series.selfSuppliedWh,
  })
  return <TableActions asTable={asTable} toggle={toggle} name='busbar-series' columns={columns} />
}

function Charts({ series, range, span }: ShownProps): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const end = range.from + range.points * range.step
  const shared = {
    timesMs: series.interval.map((interval) => interval * intervalMs),
    spanMs: [range.from * intervalMs, end * intervalMs] as const,
    together: 'series',
    showTime: span === 'day' ? formats.time : formats.day,
  }
  return (
    <div className='charts'>
      <TimeChart
        {...shared}
        title={say('series.price')}
        height={190}
        showTick={formats.price}
        lines={[
          {
            ...{ label: say('series.price.unit'), color: '--price', shape: 'steps' },
            ...{ values: series.priceMicrosPerKwh, show: formats.price },
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={say('series.traded')}
        height={130}
        showTick={formats.energy}
        lines={[
          {
            ...{ label: say('series.traded'), color: '--buy', shape: 'bars' },
            ...{ values: series.tradedWh, show: formats.energy },
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={say('series.energy')}
        height={170}
        showTick={formats.energy}
        lines={[
          {
            ...{ label: say('series.consumed'), color: '--ink-soft', shape: 'line' },
            ...{ values: series.consumedWh, show: formats.energy },
          },
          {
            ...{ label: say('series.injected'), color: '--sell', shape: 'line' },
            ...{ values: series.injectedWh, show: formats.energy },
          },
          {
            ...{ label: say('series.self'), color: '--self', shape: 'area' },
            ...{ values: series.selfSuppliedWh, show: formats.energy },
          },
        ]}
      />
    </div>
  )
}
