import type { Grid } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import type { Scheduled } from './grid-layout.ts'
import { type Column, shown, Table } from '../parts/data-table.tsx'

type Zone = Grid['zones'][number]

/** The same as the picture says, in rows. */
export function GridTable(props: {
  readonly grid: Grid
  readonly title: string
  readonly scheduled?: Scheduled | undefined
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { scheduled, grid: { zones } } = props
  const figure = (
    name:
      | 'price' | 'used' | 'fed' | 'self' | 'flow' | 'capacity' | 'loading' | 'ahead'
      | 'aheadLoading',
    valueOf: (zone: Zone) => number | null,
    show: (value: number) => string = formats.energy,
  ): Column<Zone> => ({
    ...{ name, title: say(`grid.column.${name}`), isNumber: true },
    show: (zone) => shown(valueOf(zone), show),
  })
  const share = (basisPoints: number): string => formats.percent(basisPoints / 10_000)
  const columns: readonly Column<Zone>[] = [
    { name: 'zone', title: say('grid.column.zone'), show: ({ name }) => name },
    {
      ...{ name: 'above', title: say('grid.column.above') },
      show: ({ parent }) => (parent === null ? '–' : (zones[parent]?.name ?? parent)),
    },
    figure('price', ({ priceMicrosPerKwh }) => priceMicrosPerKwh, formats.price),
    figure('used', ({ consumedWh }) => consumedWh),
    figure('fed', ({ injectedWh }) => injectedWh),
    figure('self', ({ selfSuppliedWh }) => selfSuppliedWh),
    figure('flow', ({ flowWh }) => flowWh),
    figure('capacity', ({ capacityWh }) => capacityWh),
    figure('loading', ({ loadingBasisPoints }) => loadingBasisPoints, share),
    ...(scheduled === undefined ? [] : [
      figure('ahead', ({ zone }) => scheduled.loads.get(zone)?.netWh ?? null),
      figure('aheadLoading', ({ zone }) => scheduled.loads.get(zone)?.basisPoints ?? null, share),
    ]),
  ]
  return (
    <Table
      title={props.title}
      columns={columns}
      rows={zones}
      keyOf={({ zone }) => zone}
      frame='plain'
    />
  )
}
