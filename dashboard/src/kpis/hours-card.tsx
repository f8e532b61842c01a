import type { Kpis } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
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
  const columns = hourColumns(kpis)
  const names = ['fed', 'used', 'carbon', 'traded', 'spread'] as const
  const share = (value: number | null | undefined): string =>
    value == null ? '–' : formats.percent(value)
  const money = (value: number | null | undefined): string =>
    value == null ? '–' : formats.exactMoney(value)
  return (
    <div className='table-frame tall' tabIndex={0} role='region' aria-label={say('kpis.hours')}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('series.time')}</th>
            {names.map((name) => (
              <th key={name} scope='col' className='number'>{say(`kpis.column.${name}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kpis.hours.map((hour, i) => (
            <tr key={hour.startMs}>
              <th scope='row'>{formats.moment(hour.startMs)}</th>
              <td className='number'>{formats.energy(hour.injectedWh)}</td>
              <td className='number'>{formats.energy(hour.consumedWh)}</td>
              <td className='number'>{share(columns.carbonFree[i])}</td>
              <td className='number'>{formats.energy(hour.tradedWh)}</td>
              <td className='number'>{money(columns.spread[i])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
