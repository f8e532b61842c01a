import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, shown, Table } from '../parts/data-table.tsx'

/** The same figures for those who read rather than look, the newest first. */
export function SeriesTable({ series }: { readonly series: Series }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const figure = (
    name: 'price' | 'traded' | 'consumed' | 'injected' | 'self',
    values: readonly (number | null)[],
    show: (value: number) => string,
  ): Column<number> => ({
    ...{ name, title: say(`series.${name}`), isNumber: true },
    show: (i) => shown(values[i], show),
  })
  const columns: readonly Column<number>[] = [
    {
      ...{ name: 'start', title: say('series.time') },
      show: (i) => formats.moment((series.interval[i] ?? 0) * intervalMs),
    },
    figure('price', series.priceMicrosPerKwh, formats.price),
    figure('traded', series.tradedWh, formats.energy),
    figure('consumed', series.consumedWh, formats.energy),
    figure('injected', series.injectedWh, formats.energy),
    figure('self', series.selfSuppliedWh, formats.energy),
  ]
  return (
    <Table
      title={say('series.title')}
      columns={columns}
      rows={[...series.interval.keys()].toReversed()}
      keyOf={(i) => series.interval[i] ?? i}
      frame='tall'
    />
  )
}
