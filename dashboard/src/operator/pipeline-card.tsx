import type { Operations } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import type { Columns } from '../lib/csv.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Badge, Card, Note, Switch, type Tone } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'

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
  const { stages, intervals, clock } = operations
  const listed =
    shown === 'all' ? intervals : intervals.filter(({ exceptions }) => exceptions.length > 0)
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
      {listed.length === 0 ? (
        <Note
          tone='good'
          title={say(shown === 'all' ? 'operator.pipeline.empty' : 'operator.pipeline.none')}
        />
      ) : (
        <Table intervals={listed} nowMs={clock.nowMs} />
      )}
      <div className='row'>
        <CsvButton name='operations' columns={() => columnsOf(listed)} />
      </div>
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

function Table(props: {
  readonly intervals: readonly Interval[]
  readonly nowMs: number
}): ReactNode {
  const { say } = useTexts()
  return (
    <div
      className='table-frame tall'
      tabIndex={0}
      role='region'
      aria-label={say('operator.pipeline')}
    >
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('intervals.column.interval')}</th>
            <th scope='col'>{say('operator.column.phase')}</th>
            <th scope='col'>{say('operator.column.exceptions')}</th>
            <th scope='col' className='number'>{say('operator.column.orders')}</th>
            <th scope='col' className='number'>{say('operator.column.read')}</th>
            <th scope='col' className='number'>{say('operator.column.work')}</th>
            <th scope='col'>{say('operator.column.proof')}</th>
          </tr>
        </thead>
        <tbody>
          {props.intervals.map((one) => (
            <Row key={`${one.zone}/${one.interval}`} one={one} nowMs={props.nowMs} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ one, nowMs }: { readonly one: Interval; readonly nowMs: number }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { zone, interval, startMs, phase, sinceMs, exceptions, orderCount, voidCount } = one
  const voids = voidCount === 0 ? '' : ` (${formats.count(voidCount)})`
  return (
    <tr>
      <th scope='row'>
        <Link to={pathOf('interval', { zone, interval })}>
          {formats.span(startMs, startMs + rulebook.intervalSeconds * 1_000)}
        </Link>
      </th>
      <td>
        {say(`operator.phase.${phase}`)}
        <br />
        <span className='soft'>{formats.countdown(nowMs - sinceMs)}</span>
      </td>
      <td>
        {exceptions.length === 0 ? '–' : null}
        {exceptions.map((exception) => (
          <div key={exception}>
            <Badge tone={toneOf(exception)} icon='warn'>
              {say(`operator.exception.${exception}`)}
            </Badge>
          </div>
        ))}
      </td>
      <td className='number'>{`${formats.count(orderCount)}${voids}`}</td>
      <td className='number'>
        {`${formats.count(one.readCount)}/${formats.count(one.meterCount)}`}
      </td>
      <td className='number'>
        {one.workMs === null ? '–' : say('operator.ms', { ms: formats.count(one.workMs) })}
      </td>
      <td>
        <ProofBadge state={one.proof} />
      </td>
    </tr>
  )
}

const columnsOf = (intervals: readonly Interval[]): Columns => ({
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
