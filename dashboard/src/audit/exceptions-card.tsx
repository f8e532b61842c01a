import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useRange, useSeries } from '../market/market-data.ts'
import { columnsOf } from '../lib/tables.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { exceptionsOf } from './exceptions.ts'

/** The day's intervals in which something was not as it should be. */
export function ExceptionsCard(): ReactNode {
  const { say } = useTexts()
  const asked = useSeries(useRange('day', 0))
  return (
    <Card title={say('audit.exceptions')}>
      <p className='small soft'>{say('audit.exceptions.hint')}</p>
      <Answered asked={asked}>{(series) => <Exceptions series={series} />}</Answered>
    </Card>
  )
}

function Exceptions({ series }: { readonly series: Series }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const found = exceptionsOf(series)
  if (found.length === 0) return <Note tone='good' title={say('audit.exceptions.none')} />
  const intervalMs = rulebook.intervalSeconds * 1_000
  const counts = ['voids', 'estimated', 'corrections'] as const
  const columns: readonly Column<(typeof found)[number]>[] = [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ interval }) => (
        <Link to={pathOf('interval', { zone: series.zone, interval })}>
          {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
        </Link>
      ),
    },
    {
      ...{ name: 'proof', title: say('audit.exception.proof') },
      show: ({ proof }) => <ProofBadge state={proof} />,
    },
    ...counts.map((name) => ({
      ...{ name, title: say(`audit.exception.${name}`), isNumber: true },
      show: (one: (typeof found)[number]) => (one[name] === 0 ? '–' : formats.count(one[name])),
    })),
  ]
  return (
    <DataTable
      title={say('audit.exceptions')}
      frame='tall'
      columns={columns}
      rows={found.toReversed()}
      keyOf={({ interval }) => interval}
      file='busbar-exceptions'
      saved={() => columnsOf(found, names)}
    />
  )
}

const names = {
  ...{ interval: 'interval', proof: 'proof', voids: 'voids', estimated: 'estimated_meters' },
  corrections: 'corrections',
}
