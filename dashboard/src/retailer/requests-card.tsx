import type { MeterDataRequest } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { useRequests, type Signed } from './retailer-data.ts'

/** What the exchange waits for before it can settle. */
export function RequestsCard(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useRequests(signed)
  const columns = useColumns()
  return (
    <Card title={say('retailer.requests')}>
      <Answered asked={asked}>
        {(requests) =>
          requests.length === 0 ? (
            <Note tone='good' title={say('retailer.requests.none')} />
          ) : (
            <DataTable
              title={say('retailer.requests')}
              file='meter-data-requests'
              columns={columns}
              rows={requests}
              keyOf={({ meter }) => meter}
            />
          )
        }
      </Answered>
    </Card>
  )
}

function useColumns(): readonly Column<MeterDataRequest>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return [
    {
      ...{ name: 'meter', title: say('retailer.energy.meter') },
      show: ({ meter }) => meter,
      value: ({ meter }) => meter,
    },
    {
      ...{ name: 'gateway', title: say('retailer.request.gateway') },
      show: ({ gateway }) => gateway,
      value: ({ gateway }) => gateway,
    },
    {
      ...{ name: 'missing', title: say('retailer.request.missing'), isNumber: true },
      show: ({ missing }) => formats.count(missing.length),
      value: ({ missing }) => missing.join(' '),
    },
    {
      ...{ name: 'from_boundary', title: say('retailer.request.first') },
      show: ({ fromBoundary }) => formats.moment(fromBoundary * intervalMs),
      value: ({ fromBoundary }) => fromBoundary,
    },
    {
      ...{ name: 'through_boundary', title: say('retailer.request.last') },
      show: ({ throughBoundary }) => formats.moment(throughBoundary * intervalMs),
      value: ({ throughBoundary }) => throughBoundary,
    },
    {
      ...{ name: 'due_ms', title: say('retailer.request.due') },
      show: ({ dueAtMs }) => formats.moment(dueAtMs),
      value: ({ dueAtMs }) => dueAtMs,
    },
  ]
}
