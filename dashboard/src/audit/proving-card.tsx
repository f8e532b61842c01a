import type { ProvingQueue } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { batchColumns } from '../lib/tables.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'

const lookMs = 10_000

/** What is cleared and not proven: for auditors and operators. */
export function ProvingCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.provingQueue,
    queryFn: ({ signal }) => client.provingQueue({ signal }),
    refetchInterval: lookMs,
  })
  return (
    <Card title={say('audit.proving')}>
      <Answered asked={asked}>
        {({ batches }) =>
          batches.length === 0 ? (
            <Note tone='good' title={say('audit.proving.none')} />
          ) : (
            <Batches batches={batches} />
          )
        }
      </Answered>
    </Card>
  )
}

function Batches({ batches }: { readonly batches: ProvingQueue['batches'] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  return (
    <>
      <div
        className='table-frame tall'
        tabIndex={0}
        role='region'
        aria-label={say('audit.proving')}
      >
        <table>
          <thead>
            <tr>
              <th scope='col'>{say('intervals.column.interval')}</th>
              <th scope='col'>{say('intervals.column.state')}</th>
              <th scope='col' className='number'>{say('audit.proving.orders')}</th>
              <th scope='col' className='number'>{say('audit.proving.attempts')}</th>
              <th scope='col'>{say('audit.proving.since')}</th>
            </tr>
          </thead>
          <tbody>
            {batches.map(({ zone, interval, status, overdue, orderCount, attempts, sinceMs }) => (
              <tr key={`${zone}/${interval}`}>
                <th scope='row'>
                  <Link to={pathOf('interval', { zone, interval })}>
                    {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
                  </Link>
                </th>
                <td>
                  <Badge tone={status === 'failed' ? 'bad' : overdue ? 'warn' : 'plain'}>
                    {say(`audit.proving.${status}`)}
                  </Badge>
                </td>
                <td className='number'>{formats.count(orderCount)}</td>
                <td className='number'>{formats.count(attempts)}</td>
                <td>{formats.moment(sinceMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton name='busbar-proving' columns={() => batchColumns(batches)} />
    </>
  )
}
