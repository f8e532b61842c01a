import type { Grid } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { TableActions } from '../parts/table-actions.tsx'
import type { Scheduled } from './grid-layout.ts'
import { GridPicture } from './grid-picture.tsx'
import { GridTable } from './grid-table.tsx'
import './grid.css'

/** The zones as the tree that they are, and what flowed over the bridges between them. */
export default function GridCard(props: {
  readonly current: number
  /** What is agreed for the next interval, for who may know it. */
  readonly scheduled?: Scheduled | undefined
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.grid,
    queryFn: ({ signal }) => client.grid({}, { signal }),
    enabled: useOpened(),
  })
  return (
    <Card title={say('grid.title')}>
      <Answered asked={asked} height={320}>
        {(grid) => <Shown grid={grid} {...props} />}
      </Answered>
    </Card>
  )
}

function Shown(props: {
  readonly grid: Grid
  readonly current: number
  readonly scheduled?: Scheduled | undefined
}): ReactNode {
  const { grid, current, scheduled } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const [asTable, setAsTable] = useState(false)
  const { interval, zones } = grid
  if (zones.length === 0) return <Note tone='plain' icon='wait' title={say('grid.empty')} />
  const intervalMs = rulebook.intervalSeconds * 1_000
  const span = interval === null
    ? '–'
    : formats.span(interval * intervalMs, (interval + 1) * intervalMs)
  const title = say('grid.picture', { interval: span })
  return (
    <>
      <p className='small soft'>
        {interval === null ? say('grid.none') : say('grid.hint', { interval: span })}
      </p>
      {asTable ? (
        <GridTable grid={grid} title={title} scheduled={scheduled} />
      ) : (
        <GridPicture grid={grid} current={current} title={title} scheduled={scheduled} />
      )}
      <TableActions
        asTable={asTable}
        toggle={() => setAsTable(!asTable)}
        name='busbar-grid'
        columns={() => columnsOf(grid, intervalMs, scheduled)}
      />
    </>
  )
}

function columnsOf({ interval, zones }: Grid, intervalMs: number, scheduled?: Scheduled) {
  const start = interval === null ? null : new Date(interval * intervalMs).toISOString()
  const column = <Key extends keyof (typeof zones)[number]>(key: Key) =>
    zones.map((zone) => zone[key])
  return {
    start: zones.map(() => start),
    zone: column('zone'),
    name: column('name'),
    zone_above: column('parent'),
    price_micros_per_kwh: column('priceMicrosPerKwh'),
    traded_wh: column('tradedWh'),
    injected_wh: column('injectedWh'),
    consumed_wh: column('consumedWh'),
    self_supplied_wh: column('selfSuppliedWh'),
    flow_up_wh: column('flowWh'),
    capacity_wh: column('capacityWh'),
    loading_basis_points: column('loadingBasisPoints'),
    ...(scheduled === undefined ? {} : {
      scheduled_start: zones.map(() =>
        new Date(scheduled.interval * intervalMs).toISOString()),
      scheduled_flow_up_wh: zones.map(({ zone }) => scheduled.loads.get(zone)?.netWh ?? null),
      scheduled_loading_basis_points: zones.map(({ zone }) =>
        scheduled.loads.get(zone)?.basisPoints ?? null),
    }),
  }
}
