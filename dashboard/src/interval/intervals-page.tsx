import type { Series } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { chosenSeries, newestSeries } from '../live/newest.ts'
import { intervalColumns } from '../lib/tables.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Icon } from '../parts/icons.tsx'
import { Badge, Note } from '../parts/parts.tsx'
import { ProofBadge, type ProofState } from '../parts/proof-badge.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link, refine, useSearch } from '../route/router.tsx'
import { searchOf, wantedOf } from './interval-search.ts'

/** On a page; with a filter a day of five minutes is looked through. */
const shown = 36
const lookedThrough = 288

/** The list of intervals, the newest first. */
export default function IntervalsPage(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { duration } = useFormats()
  const { intervalSeconds } = useMarket().rulebook
  const { before, proof } = wantedOf(useSearch())
  const points = proof === null ? shown : lookedThrough
  const from = before === null ? null : Math.max(0, before - points)
  const asked = useQuery({
    ...(from === null
      ? newestSeries(client, 0, points)
      : chosenSeries(client, { zone: 0, from, points })),
    queryKey: [...keys.intervals(0, from), points],
    enabled: useOpened(),
  })
  return (
    <>
      <h1>{say('intervals.title')}</h1>
      <p className='soft'>
        {say('intervals.hint', { length: duration(intervalSeconds * 1_000) })}
      </p>
      <Filter proof={proof} />
      <Answered asked={asked} height={480}>
        {(series) => <List series={series} isNewest={before === null} proof={proof} />}
      </Answered>
    </>
  )
}

/** By how far the proof is; chosen in the address, so that it can be sent to somebody. */
function Filter({ proof }: { readonly proof: ProofState | null }): ReactNode {
  const { say } = useTexts()
  const states = ['proven', 'awaited', 'overdue', 'faulty', 'none'] as const
  return (
    <label className='filter'>
      <span className='small soft'>{say('intervals.column.proof')}</span>
      <select
        value={proof ?? ''}
        onChange={({ target }) => {
          const chosen = states.find((one) => one === target.value) ?? null
          refine(searchOf({ before: null, proof: chosen }))
        }}
      >
        <option value=''>{say('intervals.proof.all')}</option>
        {states.map((state) => (
          <option key={state} value={state}>
            {say(`proof.${state}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

function List(props: {
  readonly series: Series
  readonly isNewest: boolean
  readonly proof: ProofState | null
}): ReactNode {
  const { say } = useTexts()
  const { rulebook } = useMarket()
  const { series, isNewest, proof } = props
  const columns = useColumns(series)
  const [first] = series.interval
  const indexes = series.interval
    .map((_interval, index) => index)
    .filter((index) => proof === null || series.proof[index] === proof)
    .toReversed()
  if (first === undefined) {
    return (
      <Note tone='plain' icon='wait' title={say('intervals.empty')}>
        <p>{say('auction.none.next')}</p>
        {isNewest ? null : <Link to='/intervals'>{say('intervals.newest')}</Link>}
      </Note>
    )
  }
  const earlier = (
    <>
      <Link to={`/intervals${searchOf({ before: first, proof })}`} className='button'>
        <Icon name='left' size={18} />
        {say('intervals.earlier')}
      </Link>
      {isNewest ? null : (
        <Link to={`/intervals${searchOf({ before: null, proof })}`} className='button quiet'>
          {say('intervals.newest')}
        </Link>
      )}
    </>
  )
  return (
    <>
      {indexes.length > 0 ? null : <Note tone='plain' title={say('intervals.proof.none')} />}
      <DataTable
        title={say('intervals.title')}
        frame='surface'
        columns={columns}
        rows={indexes}
        keyOf={(index) => index}
        beside={earlier}
        file='busbar-intervals'
        saved={() => intervalColumns(series, indexes, rulebook.intervalSeconds * 1_000)}
      />
    </>
  )
}

/** Of a series, by the index of each interval in it. */
function useColumns(series: Series): readonly Column<number>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: (index) => {
        const interval = series.interval[index] ?? 0
        return (
          <Link to={pathOf('interval', { zone: series.zone, interval })}>
            {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
          </Link>
        )
      },
    },
    {
      ...{ name: 'state', title: say('intervals.column.state') },
      show: (index) => {
        const status = series.status[index] ?? 'open'
        return <Badge tone={status === 'final' ? 'good' : 'plain'}>{say(`status.${status}`)}</Badge>
      },
    },
    {
      ...{ name: 'price', title: say('intervals.column.price'), isNumber: true },
      show: (index) => {
        const price = series.priceMicrosPerKwh[index] ?? null
        return price === null ? '–' : formats.price(price)
      },
    },
    {
      ...{ name: 'energy', title: say('intervals.column.energy'), isNumber: true },
      show: (index) => formats.energy(series.tradedWh[index] ?? 0),
    },
    {
      ...{ name: 'orders', title: say('intervals.column.orders'), isNumber: true },
      show: (index) => formats.count(series.orderCount[index] ?? 0),
    },
    {
      ...{ name: 'proof', title: say('intervals.column.proof') },
      show: (index) => <ProofBadge state={series.proof[index] ?? 'none'} />,
    },
  ]
}
