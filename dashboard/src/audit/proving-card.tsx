import type { ProvingQueue } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { batchColumns } from '../lib/tables.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
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

type Batch = ProvingQueue['batches'][number]

function Batches({ batches }: { readonly batches: readonly Batch[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const zoneName = useZoneName()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const columns: readonly Column<Batch>[] = [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ zone, interval }) => (
        <>
          <Link to={pathOf('interval', { zone, interval })}>
            {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
          </Link>
          <div className='soft'>{zoneName(zone)}</div>
        </>
      ),
    },
    {
      ...{ name: 'state', title: say('intervals.column.state') },
      show: ({ status, overdue }) => (
        <Badge tone={status === 'failed' ? 'bad' : overdue ? 'warn' : 'plain'}>
          {say(`audit.proving.${status}`)}
        </Badge>
      ),
    },
    {
      ...{ name: 'orders', title: say('audit.proving.orders'), isNumber: true },
      show: ({ orderCount }) => formats.count(orderCount),
    },
    {
      ...{ name: 'attempts', title: say('audit.proving.attempts'), isNumber: true },
      show: ({ attempts }) => formats.count(attempts),
    },
    {
      ...{ name: 'since', title: say('audit.proving.since') },
      show: ({ sinceMs }) => formats.moment(sinceMs),
    },
  ]
  return (
    <DataTable
      title={say('audit.proving')}
      frame='tall'
      columns={columns}
      rows={batches}
      keyOf={({ zone, interval }) => `${zone}/${interval}`}
      file='busbar-proving'
      saved={() => batchColumns([...batches])}
    />
  )
}
