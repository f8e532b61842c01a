import { pageLimits, type PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import type { Columns } from '../lib/csv.ts'
import type { ReadAll } from '../lib/every-row.ts'
import { EveryCsvButton } from '../parts/every-csv-button.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { type BookPoint, daysBefore } from './books/history.ts'
import { useBookDay } from './books/history-day.tsx'

/** That every watt-hour of each interval of the day stands on both sides. */
export function OverTimeCard(): ReactNode {
  const { say } = useTexts()
  const { clock, display, rulebook } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const intervalMs = rulebook.intervalSeconds * 1_000
  const today = daysBefore(nowMs, 0, { intervalMs, timeZone: display.timeZone }).at(-1)
  const asked = useBookDay(today ?? { startMs: 0, from: 0, count: 0 }, true, true)
  return (
    <Card title={say('audit.time')}>
      <Answered asked={asked} height={260}>
        {(points) => <OverTime points={points} intervalMs={intervalMs} />}
      </Answered>
    </Card>
  )
}

type Props = { readonly points: readonly BookPoint[]; readonly intervalMs: number }

function OverTime({ points, intervalMs }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { client } = useServices()
  const { zones } = useMarket()
  const [first, last] = [points[0]?.interval, points.at(-1)?.interval]
  if (first === undefined || last === undefined) {
    return <Note tone='plain' icon='wait' title={say('interval.energy.none')} />
  }
  const open = points.filter(({ inWh, outWh }) => inWh !== outWh).length
  const count = formats.count(points.length)
  const all: ReadAll<Settled> = async ({ signal }) => {
    const limit = Math.min(pageLimits.max, last - first + 1)
    const from = last - limit + 1
    const answers = await Promise.all(
      zones.map(({ zone }) => client.intervals({ zone, from, limit }, { signal })),
    )
    return { rows: answers.flatMap(({ intervals }) => settledOf(intervals)), isWhole: true }
  }
  return (
    <>
      <Note
        tone={open === 0 ? 'good' : 'bad'}
        title={open === 0
          ? say('audit.time.exact', { count })
          : say('audit.time.open', { open: formats.count(open), count })}
        isAlert={open > 0}
      />
      <TimeChart
        title={say('audit.time.chart')}
        timesMs={points.map(({ interval }) => interval * intervalMs)}
        spanMs={[first * intervalMs, (last + 1) * intervalMs]}
        lines={[
          {
            ...{ label: say('interval.energy.in'), color: '--self', shape: 'bars' },
            values: points.map(({ inWh }) => inWh),
            show: formats.exactEnergy,
          },
          {
            ...{ label: say('interval.energy.out'), color: '--buy', shape: 'steps' },
            values: points.map(({ outWh }) => outWh),
            show: formats.exactEnergy,
          },
        ]}
        height={200}
        together='audit'
        showTime={formats.time}
        showTick={formats.energy}
      />
      <EveryCsvButton name='busbar-energy' all={all} columnsOf={energyColumns} />
    </>
  )
}

const settledOf = (intervals: readonly PublicInterval[]): readonly Settled[] =>
  intervals.flatMap(({ zone, startMs, runs }) => {
    const energy = runs.at(-1)?.energy
    return energy === undefined ? [] : [{ zone, startMs, energy }]
  })

type Settled = {
  readonly zone: number
  readonly startMs: number
  readonly energy: PublicInterval['runs'][number]['energy']
}

const energyColumns = (settled: readonly Settled[]): Columns => {
  const names = Object.keys(settled[0]?.energy ?? {}) as (keyof Settled['energy'])[]
  const column = (name: keyof Settled['energy']) =>
    [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      settled.map(({ energy }) => energy[name])] as const
  return {
    zone: settled.map(({ zone }) => zone),
    start: settled.map(({ startMs }) => new Date(startMs).toISOString()),
    ...Object.fromEntries(names.map(column)),
  }
}
