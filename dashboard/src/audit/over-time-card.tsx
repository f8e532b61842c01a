import type { PublicInterval } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import type { Columns } from '../lib/csv.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { ZoneField } from '../parts/zone-field.tsx'
import { useLastIntervals } from './last-intervals.ts'

/** That every watt-hour of each interval stands on both sides, interval by interval. */
export function OverTimeCard(): ReactNode {
  const { say } = useTexts()
  const places = useMarket().zones.map(({ zone, name }) => [zone, name] as const)
  const [zone, setZone] = useState(places[0]?.[0] ?? 0)
  const asked = useLastIntervals(zone)
  return (
    <Card title={say('audit.time')}>
      <ZoneField title={say('replay.zone')} places={places} zone={zone} choose={setZone} />
      <Answered asked={asked} height={260}>
        {({ intervals }) => <OverTime intervals={intervals} />}
      </Answered>
    </Card>
  )
}

function OverTime({ intervals }: { readonly intervals: readonly PublicInterval[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const settled = intervals.flatMap(({ startMs, endMs, runs }) => {
    const energy = runs.at(-1)?.energy
    return energy === undefined ? [] : [{ startMs, endMs, energy }]
  })
  const [first, last] = [settled[0], settled.at(-1)]
  if (first === undefined || last === undefined) {
    return <Note tone='plain' icon='wait' title={say('interval.energy.none')} />
  }
  const open = settled.filter(({ energy }) => energy.unexplainedWh !== 0).length
  const count = formats.count(settled.length)
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
        timesMs={settled.map(({ startMs }) => startMs)}
        spanMs={[first.startMs, last.endMs]}
        lines={[
          {
            ...{ label: say('interval.energy.in'), color: '--self', shape: 'bars' },
            values: settled.map(({ energy }) =>
              energy.injectedWh + energy.importedWh + energy.imbalanceBoughtWh +
              energy.tradeBoughtWh),
            show: formats.exactEnergy,
          },
          {
            ...{ label: say('interval.energy.out'), color: '--buy', shape: 'steps' },
            values: settled.map(({ energy }) =>
              energy.consumedWh + energy.exportedWh + energy.imbalanceSoldWh +
              energy.tradeSoldWh),
            show: formats.exactEnergy,
          },
        ]}
        height={200}
        together='audit'
        showTime={formats.time}
        showTick={formats.energy}
      />
      <CsvButton name='busbar-energy' columns={() => energyColumns(settled)} />
    </>
  )
}

type Settled = {
  readonly startMs: number
  readonly energy: PublicInterval['runs'][number]['energy']
}

const energyColumns = (settled: readonly Settled[]): Columns => {
  const names = Object.keys(settled[0]?.energy ?? {}) as (keyof Settled['energy'])[]
  const column = (name: keyof Settled['energy']) =>
    [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      settled.map(({ energy }) => energy[name])] as const
  return {
    start: settled.map(({ startMs }) => new Date(startMs).toISOString()),
    ...Object.fromEntries(names.map(column)),
  }
}
