import { type Intervals, pageLimits, type PublicInterval } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, usePlaces } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import type { Columns } from '../lib/csv.ts'
import { keys } from '../live/keys.ts'
import { newestIntervals } from '../live/newest.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Note, Switch, type Tone } from '../parts/parts.tsx'
import { type More, MoreButton } from '../parts/more.tsx'
import { Answered } from '../parts/states.tsx'
import { ZoneField } from '../parts/zone-field.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { OperatorFrame } from './operator-frame.tsx'

/** So many of the newest intervals are looked through, and so many more when asked for. */
const step = 100

type Run = PublicInterval['runs'][number] & Pick<PublicInterval, 'zone' | 'interval' | 'startMs'>

/** Which runs were posted, which of them corrected another, and whether their money is final. */
export default function RunsPage(): ReactNode {
  return <OperatorFrame page='operatorRuns'>{() => <Runs />}</OperatorFrame>
}

function Runs(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const places = usePlaces()
  const [zone, setZone] = useState(0)
  const [limit, setLimit] = useState(step)
  const [shown, show] = useState<'all' | 'corrections'>('all')
  const asked = useQuery({
    queryKey: [...keys.runs(zone), limit],
    ...newestIntervals(client, zone, limit),
    // While more of the same zone is read, what is known of it stays.
    placeholderData: (before?: Intervals) =>
      before?.intervals[0]?.zone === zone ? before : undefined,
  })
  const { isPlaceholderData } = asked
  return (
    <Card
      title={say('runs.title')}
      beside={
        <Switch
          label={say('runs.title')}
          choices={[['all', say('runs.all')], ['corrections', say('runs.corrections')]]}
          chosen={shown}
          choose={show}
        />
      }
    >
      <p className='soft'>{say('runs.hint')}</p>
      <ZoneField title={say('runs.zone')} places={places} zone={zone} choose={setZone} />
      <Answered asked={asked} height={320}>
        {({ intervals }) => (
          <Found
            intervals={intervals}
            shown={shown}
            more={{
              hasMore: limit < pageLimits.max && (isPlaceholderData || intervals.length >= limit),
              isLoading: isPlaceholderData,
              load: () => setLimit(Math.min(limit + step, pageLimits.max)),
            }}
          />
        )}
      </Answered>
    </Card>
  )
}

function Found(props: {
  readonly intervals: readonly PublicInterval[]
  readonly shown: 'all' | 'corrections'
  readonly more: More
}): ReactNode {
  const { intervals, shown, more } = props
  const { say } = useTexts()
  const { count, moment } = useFormats()
  const columns = useColumns()
  const runs = runsOf(intervals)
  const listed = shown === 'all' ? runs : runs.filter(isCorrection)
  const [oldest] = intervals
  return (
    <>
      {oldest === undefined ? null : (
        <p className='small soft'>
          {say('runs.seen', { since: moment(oldest.startMs), count: count(intervals.length) })}
        </p>
      )}
      {listed.length === 0 ? (
        <Note tone='plain' title={say(shown === 'all' ? 'runs.none' : 'runs.none.corrected')} />
      ) : (
        <DataTable
          title={say('runs.title')}
          frame='tall'
          columns={columns}
          rows={listed}
          keyOf={({ zone, interval, run }) => `${zone}/${interval}/${run}`}
          file='runs'
          saved={savedOf}
        />
      )}
      {more.hasMore ? (
        <div className='row'>
          <MoreButton {...more} />
        </div>
      ) : null}
    </>
  )
}

const runsOf = (intervals: readonly PublicInterval[]): readonly Run[] =>
  intervals
    .flatMap(({ zone, interval, startMs, runs }) =>
      runs.map((run) => ({ ...run, zone, interval, startMs })))
    .sort((a, b) => b.atMs - a.atMs)

/** Any run but the first and the final one came because a reading had changed. */
const isCorrection = ({ run, kind }: Run): boolean => run > 0 && kind !== 'final'

const tones: Readonly<Record<Run['kind'], Tone>> = {
  provisional: 'plain', final: 'good', resettled: 'warn',
}

function useColumns(): readonly Column<Run>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ zone, interval, startMs }) => (
        <Link to={pathOf('interval', { zone, interval })}>
          {formats.span(startMs, startMs + rulebook.intervalSeconds * 1_000)}
        </Link>
      ),
    },
    {
      ...{ name: 'kind', title: say('runs.column.kind') },
      show: (one) => (
        <Badge tone={isCorrection(one) ? 'warn' : tones[one.kind]}>
          {say(isCorrection(one) ? 'runs.correction' : `run.${one.kind}`)}
        </Badge>
      ),
    },
    {
      ...{ name: 'at', title: say('runs.column.at') },
      show: ({ atMs }) => formats.moment(atMs),
    },
    {
      ...{ name: 'accounts', title: say('runs.column.accounts'), isNumber: true },
      show: ({ accountCount }) => formats.count(accountCount),
    },
    {
      ...{ name: 'estimated', title: say('runs.column.estimated'), isNumber: true },
      show: ({ estimatedMeterCount }) => formats.count(estimatedMeterCount),
    },
    {
      ...{ name: 'chain', title: say('runs.column.chain') },
      show: (one) => say(chainTextOf(one)),
    },
  ]
}

function chainTextOf({ transactions }: Run) {
  if (transactions.length === 0) return 'runs.chain.none' as const
  if (transactions.some(({ status }) => status === 'failed')) return 'runs.chain.failed' as const
  const isFinal = transactions.every(({ status }) => status === 'final')
  return isFinal ? ('runs.chain.final' as const) : ('runs.chain.waits' as const)
}

const savedOf = (runs: readonly Run[]): Columns => ({
  zone: runs.map(({ zone }) => zone),
  interval: runs.map(({ interval }) => interval),
  run: runs.map(({ run }) => run),
  kind: runs.map(({ kind }) => kind),
  atMs: runs.map(({ atMs }) => atMs),
  accountCount: runs.map(({ accountCount }) => accountCount),
  estimatedMeterCount: runs.map(({ estimatedMeterCount }) => estimatedMeterCount),
})
