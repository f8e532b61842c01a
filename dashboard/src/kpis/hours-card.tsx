import type { Kpis } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import { type Column, shown, Table } from '../parts/data-table.tsx'
import { Card, Figure } from '../parts/parts.tsx'
import { TableActions } from '../parts/table-actions.tsx'
import { hourColumns } from './figures.ts'

/** Hour by hour: how much was generated where it was used, and what trading cost. */
export function HoursCard(props: {
  readonly kpis: Kpis
  readonly spanMs: readonly [fromMs: number, untilMs: number]
  readonly isDay: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const [asTable, setAsTable] = useState(false)
  const { kpis, spanMs, isDay } = props
  const { carbonFree, hours } = kpis
  return (
    <Card title={say('kpis.hours')}>
      <dl className='figures'>
        <Figure
          label={say('kpis.carbon')}
          value={carbonFree.basisPoints === null
            ? '–'
            : formats.percent(carbonFree.basisPoints / 10_000)}
          hint={say('kpis.carbon.hint')}
          tone='is-self'
        />
        <Figure
          label={say('kpis.carbon.matched')}
          value={formats.energy(carbonFree.matchedWh)}
          hint={say('kpis.carbon.of', { energy: formats.energy(carbonFree.consumedWh) })}
        />
      </dl>
      {asTable ? (
        <HoursTable kpis={kpis} />
      ) : (
        <Charts columns={hourColumns(kpis)} spanMs={spanMs} isDay={isDay} />
      )}
      <TableActions
        asTable={asTable}
        toggle={() => setAsTable(!asTable)}
        name='busbar-hours'
        columns={() => ({
          start: hours.map(({ startMs }) => new Date(startMs).toISOString()),
          injected_wh: hours.map(({ injectedWh }) => injectedWh),
          consumed_wh: hours.map(({ consumedWh }) => consumedWh),
          matched_wh: hours.map(({ matchedWh }) => matchedWh),
          traded_wh: hours.map(({ tradedWh }) => tradedWh),
          fees_micros: hours.map(({ feesMicros }) => feesMicros),
          deviation_micros: hours.map(({ deviationMicros }) => deviationMicros),
        })}
      />
    </Card>
  )
}

function Charts(props: {
  readonly columns: ReturnType<typeof hourColumns>
  readonly spanMs: readonly [fromMs: number, untilMs: number]
  readonly isDay: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { columns, spanMs, isDay } = props
  const shared = {
    timesMs: columns.timesMs,
    spanMs,
    together: 'hours',
    showTime: isDay ? formats.time : formats.day,
  }
  return (
    <div className='charts'>
      <TimeChart
        {...shared}
        title={say('kpis.carbon')}
        height={160}
        showTick={formats.percent}
        lines={[
          {
            ...{ label: say('kpis.carbon'), color: '--self', shape: 'bars' },
            ...{ values: columns.carbonFree, show: formats.percent },
          },
        ]}
      />
      <TimeChart
        {...shared}
        title={say('kpis.spread')}
        height={140}
        showTick={formats.price}
        lines={[
          {
            ...{ label: say('series.price.unit'), color: '--price', shape: 'steps' },
            ...{ values: columns.spread, show: formats.exactMoney },
          },
        ]}
      />
    </div>
  )
}

function HoursTable({ kpis }: { readonly kpis: Kpis }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { carbonFree, spread } = hourColumns(kpis)
  const figure = (
    name: 'fed' | 'used' | 'carbon' | 'traded' | 'spread',
    valueOf: (hour: Kpis['hours'][number], i: number) => number | null | undefined,
    show: (value: number) => string = formats.energy,
  ): Column<number> => ({
    ...{ name, title: say(`kpis.column.${name}`), isNumber: true },
    show: (i) => {
      const hour = kpis.hours[i]
      return shown(hour === undefined ? null : valueOf(hour, i), show)
    },
  })
  const columns: readonly Column<number>[] = [
    {
      ...{ name: 'start', title: say('series.time') },
      show: (i) => formats.moment(kpis.hours[i]?.startMs ?? 0),
    },
    figure('fed', ({ injectedWh }) => injectedWh),
    figure('used', ({ consumedWh }) => consumedWh),
    figure('carbon', (_, i) => carbonFree[i], formats.percent),
    figure('traded', ({ tradedWh }) => tradedWh),
    figure('spread', (_, i) => spread[i], formats.exactMoney),
  ]
  return (
    <Table
      title={say('kpis.hours')}
      columns={columns}
      rows={[...kpis.hours.keys()]}
      keyOf={(i) => i}
      frame='tall'
    />
  )
}
