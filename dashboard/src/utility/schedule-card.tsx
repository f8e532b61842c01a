import type { ScheduledFlow } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { type More, MoreButton, moreOf } from '../parts/more.tsx'
import { Badge, Card, Figure, Note, Switch } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { allOf, type Signed } from '../retailer/retailer-data.ts'
import { useIntervalColumn } from '../retailer/trade-columns.tsx'
import { readSchedule, useSchedule } from './schedule-data.ts'
import { schedulesByZone, type ZoneSchedule } from './schedule.ts'

/** What trades will put into a utility's zones and take out, and how full its bridges get by it. */
export function ScheduleCard(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useSchedule(signed)
  const { zones, rulebook } = useMarket()
  return (
    <Card title={say('utility.schedule')}>
      <p className='small soft'>{say('utility.schedule.hint')}</p>
      <Answered asked={asked} height={420}>
        {(data) => {
          const flows = data.pages.flatMap((page) => page.flows)
          const own = data.pages[0]?.zones ?? []
          const byZone = schedulesByZone(flows, zones, own, rulebook.intervalSeconds * 1_000)
          if (byZone.length === 0) {
            return (
              <Note tone='plain' icon='wait' title={say('utility.schedule.empty')}>
                <p>{say('utility.schedule.empty.next')}</p>
              </Note>
            )
          }
          const last = flows.at(-1)?.interval ?? 0
          return <Schedules all={byZone} last={last} more={moreOf(asked)} signed={signed} />
        }}
      </Answered>
    </Card>
  )
}

function Schedules(props: {
  readonly all: readonly ZoneSchedule[]
  /** The last interval that is read. */
  readonly last: number
  readonly more: More
  readonly signed: Signed
}): ReactNode {
  const { say } = useTexts()
  const zoneName = useZoneName()
  const { all, last, more, signed } = props
  const [chosen, setChosen] = useState(String(all[0]?.zone))
  const [as, setAs] = useState<'chart' | 'table'>('chart')
  const one = all.find(({ zone }) => String(zone) === chosen) ?? all[0]
  const columns = useColumns()
  if (one === undefined) return null
  const name = zoneName(one.zone)
  return (
    <>
      <div className='row'>
        {all.length === 1 ? null : (
          <Switch
            label={say('utility.zone')}
            choices={all.map(({ zone }) => [String(zone), zoneName(zone)])}
            chosen={chosen}
            choose={setChosen}
          />
        )}
        <Switch
          label={say('utility.schedule')}
          choices={[['chart', say('utility.chart')], ['table', say('utility.table')]]}
          chosen={as}
          choose={setAs}
        />
      </div>
      <Sums one={one} />
      {more.hasMore ? (
        <div className='row'>
          <span className='small soft'>
            <Until last={last} />
          </span>
          {as === 'chart' ? <MoreButton {...more} /> : null}
        </div>
      ) : null}
      {as === 'chart' ? (
        <Chart one={one} name={name} />
      ) : (
        <DataTable
          title={say('utility.schedule')}
          file={`schedule-${name}`}
          columns={columns}
          rows={one.flows}
          keyOf={({ interval }) => interval}
          more={more}
          all={allOf(signed, readSchedule, ({ flows }) =>
            flows.filter(({ zone }) => zone === one.zone))}
        />
      )}
    </>
  )
}

/** How far the figures reach: of what is agreed for later they know nothing. */
function Until({ last }: { readonly last: number }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return say('utility.schedule.until', { time: formats.moment((last + 1) * intervalMs) })
}

function Sums({ one }: { readonly one: ZoneSchedule }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const time = formats.moment(one.peakInterval * intervalMs)
  const share = one.peakBasisPoints
  const zoneName = useZoneName()
  const others = one.others.map(zoneName).join(', ')
  const peak = others !== ''
    ? say('utility.peak.without', { time, zones: others })
    : share === null
      ? say('utility.peak.at', { time })
      : say('utility.peak.of', { time, share: formats.percent(share / 10_000) })
  return (
    <dl className='figures'>
      <Figure
        label={say('utility.injected')}
        value={formats.energy(one.injectedWh)}
        tone='is-self'
      />
      <Figure
        label={say('utility.withdrawn')}
        value={formats.energy(one.withdrawnWh)}
        tone='is-buy'
      />
      <Figure
        label={say('utility.peak')}
        value={formats.energy(one.peakWh)}
        hint={peak}
        tone={share !== null && share > 10_000 ? 'is-bad' : ''}
      />
    </dl>
  )
}

const dayMs = 86_400_000

function Chart({ one, name }: { readonly one: ZoneSchedule; readonly name: string }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const { flows } = one
  const [first, last] = [flows[0]?.interval ?? 0, (flows.at(-1)?.interval ?? 0) + 1]
  // Intervals in which nothing flows have no line of their own.
  const known = new Map(flows.map((flow) => [flow.interval, flow]))
  const intervals = Array.from({ length: last - first }, (_, n) => first + n)
  const isLong = (last - first) * intervalMs > dayMs
  const valuesOf = (of: (flow: ScheduledFlow) => number): readonly number[] =>
    intervals.map((interval) => {
      const flow = known.get(interval)
      return flow === undefined ? 0 : of(flow)
    })
  return (
    <TimeChart
      title={say('utility.schedule.of', { zone: name })}
      timesMs={intervals.map((interval) => interval * intervalMs)}
      spanMs={[first * intervalMs, last * intervalMs]}
      lines={[
        {
          ...{ label: say('utility.injected'), color: '--self', shape: 'steps' },
          ...{ values: valuesOf(({ injectedWh }) => injectedWh), show: formats.energy },
        },
        {
          ...{ label: say('utility.withdrawn'), color: '--buy', shape: 'steps' },
          ...{ values: valuesOf(({ withdrawnWh }) => withdrawnWh), show: formats.energy },
        },
      ]}
      height={220}
      together='schedule'
      showTime={isLong ? formats.moment : formats.time}
      showTick={formats.energy}
    />
  )
}

function useColumns(): readonly Column<ScheduledFlow>[] {
  const { say } = useTexts()
  const formats = useFormats()
  return [
    useIntervalColumn(),
    {
      ...{ name: 'injected_wh', title: say('utility.injected'), isNumber: true },
      show: ({ injectedWh }) => formats.exactEnergy(injectedWh),
      value: ({ injectedWh }) => injectedWh,
    },
    {
      ...{ name: 'withdrawn_wh', title: say('utility.withdrawn'), isNumber: true },
      show: ({ withdrawnWh }) => formats.exactEnergy(withdrawnWh),
      value: ({ withdrawnWh }) => withdrawnWh,
    },
    {
      ...{ name: 'trades', title: say('retailer.part.trades'), isNumber: true },
      show: ({ trades }) => formats.count(trades),
      value: ({ trades }) => trades,
    },
    {
      ...{ name: 'limited', title: say('utility.limited'), isNumber: true },
      show: ({ limited }) =>
        limited === 0 ? '–' : <Badge tone='warn'>{formats.count(limited)}</Badge>,
      value: ({ limited }) => limited,
    },
  ]
}
