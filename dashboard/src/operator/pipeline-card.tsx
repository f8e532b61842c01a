import { bilateralZone } from '@busbar/core/exchange'
import type { Operations } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import type { Columns } from '../lib/csv.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Note, Switch, type Tone } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { listedOf } from './pipeline-list.ts'

type Interval = Operations['intervals'][number]
type Exception = Interval['exceptions'][number]

const faults: ReadonlySet<Exception> = new Set([
  'proof_faulty', 'gate_overdue', 'opening_overdue', 'run_overdue', 'final_overdue',
] as const)
const toneOf = (exception: Exception): Tone => (faults.has(exception) ? 'bad' : 'warn')

/** Every interval on its way, from the gate that closes next to its final run. */
export function PipelineCard({ operations }: { readonly operations: Operations }): ReactNode {
  const { say } = useTexts()
  const [shown, show] = useState<'all' | 'exceptions'>('all')
  const { count } = useFormats()
  const { stages, exceptionCount, clock } = operations
  const columns = useColumns(clock.nowMs)
  const { intervals, left } = listedOf(operations, shown)
  return (
    <Card
      title={say('operator.pipeline')}
      beside={
        <Switch
          label={say('operator.pipeline')}
          choices={[
            ['all', say('operator.pipeline.all')],
            ['exceptions', say('operator.pipeline.exceptions')],
          ]}
          chosen={shown}
          choose={show}
        />
      }
    >
      <Stages stages={stages} nowMs={clock.nowMs} />
      {left === 0 ? null : (
        <p className='small soft'>
          {say('operator.pipeline.left', {
            shown: count(intervals.length), count: count(exceptionCount),
          })}
        </p>
      )}
      {intervals.length === 0 ? (
        <Note
          tone='good'
          title={say(shown === 'all' ? 'operator.pipeline.empty' : 'operator.pipeline.none')}
        />
      ) : (
        <DataTable
          title={say('operator.pipeline')}
          frame='tall'
          columns={columns}
          rows={intervals}
          keyOf={({ zone, interval }) => `${zone}/${interval}`}
          file='operations'
          saved={() => savedOf(intervals)}
        />
      )}
    </Card>
  )
}

function Stages(props: {
  readonly stages: Operations['stages']
  readonly nowMs: number
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <ol className='stages'>
      {props.stages.map(({ phase, count, oldestMs }) => (
        <li key={phase} className={count > 0 ? 'some' : ''}>
          <span className='eyebrow'>{say(`operator.phase.${phase}`)}</span>
          <span className='value figure'>{formats.count(count)}</span>
          {oldestMs === null || phase === 'final' ? null : (
            <span className='small soft'>
              {say('operator.age', { time: formats.countdown(props.nowMs - oldestMs) })}
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}

function useColumns(nowMs: number): readonly Column<Interval>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook, zones } = useMarket()
  const zoneName = useZoneName()
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ zone, interval, startMs }) => (
        <>
          <Link to={pathOf('interval', { zone, interval })}>
            {formats.span(startMs, startMs + rulebook.intervalSeconds * 1_000)}
          </Link>
          {zones.length < 2 && zone !== bilateralZone ? null : (
            <div className='soft'>{zoneName(zone)}</div>
          )}
        </>
      ),
    },
    {
      ...{ name: 'phase', title: say('operator.column.phase') },
      show: ({ phase, sinceMs }) => (
        <>
          {say(`operator.phase.${phase}`)}
          <br />
          <span className='soft'>{formats.countdown(nowMs - sinceMs)}</span>
        </>
      ),
    },
    {
      ...{ name: 'exceptions', title: say('operator.column.exceptions') },
      show: ({ exceptions }) => <Exceptions exceptions={exceptions} />,
    },
    {
      ...{ name: 'orders', title: say('operator.column.orders'), isNumber: true },
      show: ({ orderCount, voidCount }) => {
        const voids = voidCount === 0 ? '' : ` (${formats.count(voidCount)})`
        return `${formats.count(orderCount)}${voids}`
      },
    },
    {
      ...{ name: 'read', title: say('operator.column.read'), isNumber: true },
      show: ({ readCount, meterCount }) =>
        `${formats.count(readCount)}/${formats.count(meterCount)}`,
    },
    {
      ...{ name: 'work', title: say('operator.column.work'), isNumber: true },
      show: ({ workMs }) => (workMs === null ? '–' : formats.duration(workMs)),
    },
    {
      ...{ name: 'proof', title: say('operator.column.proof') },
      // Nothing is there to be proven before the gate.
      show: ({ proof, phase }) => (phase === 'orders' ? '–' : <ProofBadge state={proof} />),
    },
  ]
}

function Exceptions({ exceptions }: Pick<Interval, 'exceptions'>): ReactNode {
  const { say } = useTexts()
  if (exceptions.length === 0) return '–'
  return exceptions.map((exception) => (
    <div key={exception}>
      <Badge tone={toneOf(exception)} icon='warn'>
        {say(`operator.exception.${exception}`)}
      </Badge>
    </div>
  ))
}

const savedOf = (intervals: readonly Interval[]): Columns => ({
  zone: intervals.map(({ zone }) => zone),
  interval: intervals.map(({ interval }) => interval),
  startMs: intervals.map(({ startMs }) => startMs),
  phase: intervals.map(({ phase }) => phase),
  sinceMs: intervals.map(({ sinceMs }) => sinceMs),
  orderCount: intervals.map(({ orderCount }) => orderCount),
  voidCount: intervals.map(({ voidCount }) => voidCount),
  meterCount: intervals.map(({ meterCount }) => meterCount),
  readCount: intervals.map(({ readCount }) => readCount),
  estimatedCount: intervals.map(({ estimatedCount }) => estimatedCount),
  runCount: intervals.map(({ runCount }) => runCount),
  workMs: intervals.map(({ workMs }) => workMs),
  proof: intervals.map(({ proof }) => proof),
  exceptions: intervals.map(({ exceptions }) => exceptions.join(' ')),
})
