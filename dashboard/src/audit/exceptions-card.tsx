import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, usePlaces, useZoneName } from '../app/market.tsx'
import { useSeriesOfAll } from '../market/all-series.ts'
import { useRange } from '../market/market-data.ts'
import { columnsOf } from '../lib/tables.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { type Exception, exceptionsOf } from './exceptions.ts'

/** The day's intervals in which something was not as it should be: all zones', and contracts'. */
export function ExceptionsCard(): ReactNode {
  const { say } = useTexts()
  const zones = usePlaces().map(([zone]) => zone)
  const asked = useSeriesOfAll(useRange('day', zones[0] ?? 0), zones)
  return (
    <Card title={say('audit.exceptions')}>
      <p className='small soft'>{say('audit.exceptions.hint')}</p>
      <Answered asked={asked}>{(all) => <Exceptions all={all} />}</Answered>
    </Card>
  )
}

function Exceptions({ all }: { readonly all: readonly Series[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const places = usePlaces()
  const zoneName = useZoneName()
  const found = exceptionsOf(all)
  if (found.length === 0) return <Note tone='good' title={say('audit.exceptions.none')} />
  const intervalMs = rulebook.intervalSeconds * 1_000
  const counts = ['voids', 'estimated', 'corrections'] as const
  const columns: readonly Column<Exception>[] = [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ zone, interval }) => (
        <>
          <Link to={pathOf('interval', { zone, interval })}>
            {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
          </Link>
          {places.length < 2 ? null : <div className='soft'>{zoneName(zone)}</div>}
        </>
      ),
    },
    {
      ...{ name: 'proof', title: say('audit.exception.proof') },
      show: ({ proof }) => <ProofBadge state={proof} />,
    },
    ...counts.map((name) => ({
      ...{ name, title: say(`audit.exception.${name}`), isNumber: true },
      show: (one: Exception) => (one[name] === 0 ? '–' : formats.count(one[name])),
    })),
  ]
  return (
    <DataTable
      title={say('audit.exceptions')}
      frame='tall'
      columns={columns}
      rows={found}
      keyOf={({ zone, interval }) => `${zone}/${interval}`}
      file='busbar-exceptions'
      saved={() => columnsOf(found, names)}
    />
  )
}

const names = {
  ...{ zone: 'zone', interval: 'interval', proof: 'proof', voids: 'voids' },
  ...{ estimated: 'estimated_meters', corrections: 'corrections' },
}
