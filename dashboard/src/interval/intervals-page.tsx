import type { Series } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Badge, Note } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link, useSearch } from '../route/router.tsx'

const shown = 36

/** The list of intervals, the newest first. */
export default function IntervalsPage(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const given = new URLSearchParams(useSearch())
  const before = /^\d{1,12}$/.test(given.get('before') ?? '') ? Number(given.get('before')) : null
  const from = before === null ? undefined : Math.max(0, before - shown)
  const asked = useQuery({
    queryKey: keys.intervals(0, from ?? null),
    queryFn: ({ signal }) =>
      client.series({ points: shown, ...(from === undefined ? {} : { from }) }, { signal }),
    enabled: useOpened(),
  })
  return (
    <>
      <h1>{say('intervals.title')}</h1>
      <p className='soft'>{say('intervals.hint')}</p>
      <Answered asked={asked} height={480}>
        {(series) => <List series={series} isNewest={before === null} />}
      </Answered>
    </>
  )
}

function List(props: { readonly series: Series; readonly isNewest: boolean }): ReactNode {
  const { say } = useTexts()
  const { series, isNewest } = props
  const [first] = series.interval
  if (first === undefined) {
    return (
      <Note tone='plain' icon='wait' title={say('intervals.empty')}>
        <p>{say('auction.none.next')}</p>
        {isNewest ? null : <Link to='/intervals'>{say('intervals.newest')}</Link>}
      </Note>
    )
  }
  const columns = ['interval', 'state', 'price', 'energy', 'orders', 'proof'] as const
  const isNumber = (column: string): boolean => ['price', 'energy', 'orders'].includes(column)
  return (
    <>
      <div
        className='table-frame surface'
        tabIndex={0}
        role='region'
        aria-label={say('intervals.title')}
      >
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope='col' className={isNumber(column) ? 'number' : ''}>
                  {say(`intervals.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {series.interval
              .map((interval, index) => (
                <IntervalRow key={interval} series={series} interval={interval} index={index} />
              ))
              .toReversed()}
          </tbody>
        </table>
      </div>
      <div className='row'>
        <Link to={`/intervals?before=${first}`} className='button'>
          <Icon name='left' size={18} />
          {say('intervals.earlier')}
        </Link>
        {isNewest ? null : (
          <Link to='/intervals' className='button quiet'>
            {say('intervals.newest')}
          </Link>
        )}
      </div>
    </>
  )
}

function IntervalRow(props: {
  readonly series: Series
  readonly interval: number
  readonly index: number
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { series, interval, index } = props
  const intervalMs = rulebook.intervalSeconds * 1_000
  const price = series.priceMicrosPerKwh[index] ?? null
  const status = series.status[index] ?? 'open'
  return (
    <tr>
      <th scope='row' className='figure'>
        <Link to={pathOf('interval', { zone: series.zone, interval })}>
          {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
        </Link>
      </th>
      <td>
        <Badge tone={status === 'final' ? 'good' : 'plain'}>{say(`status.${status}`)}</Badge>
      </td>
      <td className='number'>{price === null ? '–' : formats.price(price)}</td>
      <td className='number'>{formats.energy(series.tradedWh[index] ?? 0)}</td>
      <td className='number'>{formats.count(series.orderCount[index] ?? 0)}</td>
      <td>
        <ProofBadge state={series.proof[index] ?? 'none'} />
      </td>
    </tr>
  )
}
