import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useRange, useSeries } from '../market/market-data.ts'
import { columnsOf } from '../lib/tables.ts'
import { CsvButton } from '../parts/csv-button.tsx'
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
  const columns = ['voids', 'estimated', 'corrections'] as const
  return (
    <>
      <div
        className='table-frame tall'
        tabIndex={0}
        role='region'
        aria-label={say('audit.exceptions')}
      >
        <table>
          <thead>
            <tr>
              <th scope='col'>{say('intervals.column.interval')}</th>
              <th scope='col'>{say('audit.exception.proof')}</th>
              {columns.map((column) => (
                <th key={column} scope='col' className='number'>
                  {say(`audit.exception.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.toReversed().map((one) => (
              <tr key={one.interval}>
                <th scope='row'>
                  <Link to={pathOf('interval', { zone: series.zone, interval: one.interval })}>
                    {formats.span(one.interval * intervalMs, (one.interval + 1) * intervalMs)}
                  </Link>
                </th>
                <td>
                  <ProofBadge state={one.proof} />
                </td>
                {columns.map((column) => (
                  <td key={column} className='number'>
                    {one[column] === 0 ? '–' : formats.count(one[column])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name='busbar-exceptions' columns={() => columnsOf(found, names)} />
    </>
  )
}

const names = {
  ...{ interval: 'interval', proof: 'proof', voids: 'voids', estimated: 'estimated_meters' },
  corrections: 'corrections',
}
