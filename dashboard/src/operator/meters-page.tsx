import { pagesOf } from '@busbar/client'
import type { MeterItem } from '@busbar/protocols/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices } from '../app/services.tsx'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { keys } from '../live/keys.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import type { More } from '../parts/more.tsx'
import { Badge, Card, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { useSearch } from '../route/router.tsx'
import { MeterDetails } from './meter-details.tsx'
import { MeterFilters } from './meter-filters.tsx'
import { estimatedShareOf, filtersOf, queryOf, savedMeters } from './meter-search.ts'
import { OperatorFrame } from './operator-frame.tsx'

const pageSize = 100

/** Who is measured by what, how well, and what to look at. */
export default function MetersPage(): ReactNode {
  return (
    <OperatorFrame page='operatorMeters'>
      {() => <Mine roles={['operator', 'auditor']}>{() => <Meters />}</Mine>}
    </OperatorFrame>
  )
}

function Meters(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { rulebook } = useMarket()
  const filters = filtersOf(useSearch())
  const query = queryOf(filters, rulebook.intervalSeconds * 1_000)
  const asked = useInfiniteQuery({
    queryKey: keys.meters(query),
    queryFn: ({ pageParam, signal }) =>
      client.meters({ ...query, from: pageParam, limit: pageSize }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ nextFrom }) => nextFrom,
  })
  const more: More = {
    hasMore: asked.hasNextPage,
    isLoading: asked.isFetchingNextPage,
    load: () => void asked.fetchNextPage(),
  }
  return (
    <Card title={say('meters.title')}>
      <p className='soft'>{say('meters.hint')}</p>
      <MeterFilters filters={filters} />
      <Answered asked={asked} height={420}>
        {({ pages }) => (
          <List
            meters={pages.flatMap(({ meters }) => meters)}
            more={more}
            all={everyRow(
              (options) =>
                pagesOf((page) => client.meters({ ...query, ...page, limit: rowsAtOnce }, options)),
              ({ meters }) => meters,
            )}
          />
        )}
      </Answered>
    </Card>
  )
}

function List(props: {
  readonly meters: readonly MeterItem[]
  readonly more: More
  readonly all: ReadAll<MeterItem>
}): ReactNode {
  const { meters, more, all } = props
  const { say } = useTexts()
  const [chosen, choose] = useState<number>()
  const columns = useColumns(choose)
  const meant = meters.find(({ meter }) => meter === chosen)
  if (meters.length === 0) {
    return (
      <Note tone='plain' title={say('meters.none')}>
        <p>{say('meters.none.next')}</p>
        {more.hasMore ? (
          <button type='button' className='button' disabled={more.isLoading} onClick={more.load}>
            {say('table.more')}
          </button>
        ) : null}
      </Note>
    )
  }
  return (
    <>
      {meant === undefined ? null : (
        <MeterDetails key={meant.meter} meter={meant} close={() => choose(undefined)} />
      )}
      <DataTable
        title={say('meters.title')}
        columns={columns}
        rows={meters}
        keyOf={({ meter }) => meter}
        file='meters'
        saved={savedMeters}
        more={more}
        all={all}
      />
    </>
  )
}

const tones: Readonly<Record<MeterItem['standing'], Tone>> = {
  awaited: 'plain', in_force: 'good', replaced: 'good',
}

function useColumns(choose: (meter: number) => void): readonly Column<MeterItem>[] {
  const { say } = useTexts()
  const { zones } = useMarket()
  const zoneName = (number: number): string =>
    zones.find(({ zone }) => zone === number)?.name ?? String(number)
  return [
    {
      ...{ name: 'meter', title: say('meters.column.meter') },
      show: ({ meter, name }) => (
        <button
          type='button'
          className='button quiet'
          aria-label={say('meters.open', { name })}
          onClick={() => choose(meter)}
        >
          {`${name} (${meter})`}
        </button>
      ),
    },
    {
      ...{ name: 'owner', title: say('meters.column.owner') },
      show: ({ owner, account }) => (
        <>
          {owner} <span className='soft'>({account})</span>
        </>
      ),
    },
    {
      ...{ name: 'zone', title: say('meters.filter.zone') },
      show: ({ zone }) => zoneName(zone),
    },
    {
      ...{ name: 'kind', title: say('meters.column.kind') },
      show: ({ kind, flows }) =>
        kind === 'virtual' ? say('meters.kind.virtual') : say(`meters.flows.${flows ?? 'none'}`),
    },
    {
      ...{ name: 'read', title: say('meters.column.read') },
      show: (meter) => <LastRead meter={meter} />,
    },
    {
      ...{ name: 'estimated', title: say('meters.column.estimated'), isNumber: true },
      show: (meter) => <Estimated meter={meter} />,
    },
    {
      ...{ name: 'gateway', title: say('meters.column.gateway') },
      show: ({ gateway }) => (gateway === null ? '–' : gateway.name),
    },
    {
      ...{ name: 'standing', title: say('meters.column.standing') },
      show: ({ standing }) => (
        <Badge tone={tones[standing]}>{say(`meters.standing.${standing}`)}</Badge>
      ),
    },
  ]
}

function LastRead({ meter }: { readonly meter: MeterItem }): ReactNode {
  const texts = useTexts()
  const formats = useFormats()
  const { kind, lastReading } = meter
  if (kind === 'virtual') return texts.say('meters.delivers')
  if (lastReading === null) return <Badge tone='warn'>{texts.say('meters.unread')}</Badge>
  const { ageIntervals: age, atMs } = lastReading
  const ago = age === 0
    ? texts.say('meters.age.none')
    : texts.count('meters.age', age, formats.count(age))
  return (
    <>
      {formats.moment(atMs)}
      <br />
      <span className='soft'>{ago}</span>
    </>
  )
}

function Estimated({ meter }: { readonly meter: MeterItem }): ReactNode {
  const formats = useFormats()
  const share = estimatedShareOf(meter)
  if (share === null) return '–'
  if (share === 0) return formats.percent(0)
  return <Badge tone='warn'>{formats.exactPercent(share)}</Badge>
}
