import type { AccountSeries } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import type { Columns } from '../lib/csv.ts'
import { type Column, shown, Table } from '../parts/data-table.tsx'
import { Card } from '../parts/parts.tsx'
import { TableActions } from '../parts/table-actions.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { DayRange } from './day.ts'
import { useShared } from './day-shared.ts'
import { HomeChart, HomeFigures } from './day-home.tsx'
import { type BehindMeter, behindMeter, type Told } from './devices.ts'
import { type HomeColumn, homeColumns, savedOf } from './home-columns.ts'

type Props = {
  readonly series: AccountSeries
  readonly range: DayRange
  /** What stood behind the meter; undefined where no device says anything. */
  readonly behind: BehindMeter | undefined
}

/** Energy, price and money of a day, as charts or as a table. */
export default function DayCard(props: {
  readonly series: AccountSeries
  readonly range: DayRange
  readonly told: Told
}): ReactNode {
  const { series, range, told } = props
  const { say } = useTexts()
  const isTold = told.state === 'known' && told.series.devices.length > 0
  const behind = isTold ? behindMeter(series, told.series) : undefined
  const [asTable, setAsTable] = useState(false)
  const { rulebook } = useMarket()
  const columns = (): Columns => {
    const startMs = rulebook.intervalSeconds * 1_000
    return {
      start: series.interval.map((interval) => new Date(interval * startMs).toISOString()),
      status: series.status,
      imported_wh: series.importedWh,
      exported_wh: series.exportedWh,
      auction_bought_wh: series.boughtWh,
      auction_sold_wh: series.soldWh,
      contract_bought_wh: series.tradeBoughtWh,
      contract_sold_wh: series.tradeSoldWh,
      price_micros_per_kwh: series.priceMicrosPerKwh,
      booked_micros: series.bookedMicros,
      worth_micros: series.worthMicros,
      tariff_micros: series.tariffMicros,
      ...savedOf(behind),
    }
  }
  const beside = (
    <TableActions
      asTable={asTable}
      toggle={() => setAsTable(!asTable)}
      name='busbar-day'
      columns={columns}
    />
  )
  return (
    <Card title={say('day.title')} beside={beside}>
      {behind === undefined ? null : <HomeFigures behind={behind} />}
      {asTable ? <DayTable {...{ series, behind }} /> : <Charts {...{ series, range, behind }} />}
    </Card>
  )
}

function Charts(props: Props): ReactNode {
  return (
    <div className='charts'>
      {props.behind === undefined ? null : <HomeChart {...props} behind={props.behind} />}
      <EnergyCharts {...props} />
      <MoneyCharts {...props} />
    </div>
  )
}

function EnergyCharts(props: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const shared = useShared(props)
  const { series } = props
  const both = (one: readonly number[], other: readonly number[]): readonly number[] =>
    one.map((value, i) => value + (other[i] ?? 0))
  return (
    <>
      <TimeChart
        {...shared}
        title={say('day.energy')}
        height={160}
        showTick={formats.energy}
        lines={[
          {
            ...{ label: say('day.taken'), color: '--buy', shape: 'area' },
            ...{ values: series.importedWh, show: formats.energy },
          },
          {
            ...{ label: say('day.given'), color: '--sell', shape: 'area' },
            ...{ values: series.exportedWh, show: formats.energy },
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={say('day.traded')}
        height={120}
        showTick={formats.energy}
        lines={[
          {
            ...{ label: say('day.bought'), color: '--buy', shape: 'steps' },
            values: both(series.boughtWh, series.tradeBoughtWh),
            show: formats.energy,
          },
          {
            ...{ label: say('day.sold'), color: '--sell', shape: 'steps' },
            values: both(series.soldWh, series.tradeSoldWh),
            show: formats.energy,
          },
        ]}
      />
    </>
  )
}

function MoneyCharts(props: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const shared = useShared(props)
  const { series } = props
  return (
    <>
      <TimeChart
        {...shared}
        title={say('day.price')}
        height={110}
        showTick={formats.price}
        lines={[
          {
            ...{ label: say('day.price'), color: '--price', shape: 'steps' },
            ...{ values: series.priceMicrosPerKwh, show: formats.price },
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={say('day.money')}
        height={130}
        showTick={formats.money}
        lines={[
          {
            ...{ label: say('day.tariff'), color: '--ink-soft', shape: 'line' },
            ...{ values: series.tariffMicros, show: formats.money },
          },
          {
            ...{ label: say('day.worth'), color: '--self', shape: 'line' },
            ...{ values: series.worthMicros, show: formats.money },
          },
        ]}
      />
    </>
  )
}

function DayTable({ series, behind }: Omit<Props, 'range'>): ReactNode {
  const { say } = useTexts()
  const columns = useDayColumns(series, behind)
  return (
    <Table
      title={say('day.title')}
      columns={columns}
      rows={[...series.interval.keys()].toReversed()}
      keyOf={(i) => series.interval[i] ?? i}
      frame='tall'
    />
  )
}

function useDayColumns(
  series: AccountSeries,
  behind: BehindMeter | undefined,
): readonly Column<number>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const figure = (
    name: 'taken' | 'given' | 'bought' | 'sold' | 'price' | 'worth' | 'tariff' | HomeColumn,
    valueOf: (i: number) => number | null | undefined,
    show: (value: number) => string = formats.energy,
  ): Column<number> => ({
    ...{ name, title: say(`day.${name}`), isNumber: true },
    show: (i) => shown(valueOf(i), show),
  })
  const startOf = (i: number): ReactNode => {
    const interval = series.interval[i] ?? 0
    return (
      <Link to={pathOf('whyInterval', { account: series.account, interval })}>
        {formats.moment(interval * intervalMs)}
      </Link>
    )
  }
  const statusOf = (i: number): string =>
    [
      say(`status.${series.status[i] ?? 'open'}`),
      ...(series.isEstimated[i] === true ? [say('day.estimated')] : []),
      ...((series.correctionCount[i] ?? 0) > 0 ? [say('day.corrected')] : []),
    ].join(', ')
  return [
    { name: 'start', title: say('day.time'), show: startOf },
    ...homeColumns(behind).map(([name, values]) => figure(name, (i) => values[i])),
    figure('taken', (i) => series.importedWh[i]),
    figure('given', (i) => series.exportedWh[i]),
    figure('bought', (i) => (series.boughtWh[i] ?? 0) + (series.tradeBoughtWh[i] ?? 0)),
    figure('sold', (i) => (series.soldWh[i] ?? 0) + (series.tradeSoldWh[i] ?? 0)),
    figure('price', (i) => series.priceMicrosPerKwh[i], formats.price),
    figure('worth', (i) => series.worthMicros[i], formats.exactMoney),
    figure('tariff', (i) => series.tariffMicros[i], formats.exactMoney),
    { name: 'status', title: say('day.status'), show: statusOf },
  ]
}
