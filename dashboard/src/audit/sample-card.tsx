import type { BusbarClient, CallOptions } from '@busbar/client'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useEnding } from '../app/ending.ts'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, usePlaces, useZoneName } from '../app/market.tsx'
import { usePhases } from '../app/phases.ts'
import { useServices } from '../app/services.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Note, type Tone } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import {
  sampleColumns,
  type SampledLine,
  type SampleDrawn,
  sampleLines,
  type SampleStage,
  type SampleVerdict,
  verdictOf,
} from './sample.ts'

const countMax = 50
const days = [1, 7, 31] as const

/** Lines of bills that the auditor's own seed draws, each checked with all its proofs. */
export function SampleCard(): ReactNode {
  const { say } = useTexts()
  return (
    <Card title={say('sample.title')}>
      <p className='small soft'>{say('sample.hint')}</p>
      <Draw />
    </Card>
  )
}

function Draw(): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const market = useMarket()
  const { delivering } = usePhases(10_000)
  const places = usePlaces()
  const { client } = useServices()
  const ending = useEnding()
  const [seed, setSeed] = useState('')
  const [many, setMany] = useState('10')
  const [back, setBack] = useState<number>(days[0])
  const [lines, setLines] = useState<readonly SampledLine[]>([])
  const [drawn, setDrawn] = useState<SampleDrawn | null>(null)
  const [isRunning, setRunning] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const stage = isRunning ? 'running' : error === null ? 'done' : 'stopped'
  const count = /^\d{1,2}$/.test(many) ? Math.min(countMax, Number(many)) : 0
  const run = async (): Promise<void> => {
    const to = delivering
    const from = to - (back * 86_400) / market.rulebook.intervalSeconds
    const zones = places.map(([zone]) => zone)
    setLines([])
    setDrawn(null)
    setError(null)
    setRunning(true)
    const signal = ending.begin()
    const hear = (line: SampledLine): void => setLines((before) => [...before, line])
    try {
      const oldest = await oldestOf(client, zones[0] ?? 0, { signal })
      const asked = { seed, count, span: { zones, from: Math.max(oldest, from), to } }
      setDrawn(asked)
      await sampleLines(client, market, { ...asked, hear }, { signal })
    } catch (failure) {
      if (!signal.aborted) setError(failure)
    } finally {
      setRunning(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void run()
  }
  return (
    <>
      <form className='fields' onSubmit={submit}>
        <label className='field'>
          {say('sample.seed')}
          <input value={seed} maxLength={100} onChange={({ target }) => setSeed(target.value)} />
        </label>
        <label className='field'>
          {say('sample.count')}
          <input
            inputMode='numeric'
            value={many}
            onChange={({ target }) => setMany(target.value)}
          />
        </label>
        <label className='field'>
          {say('sample.back')}
          <select value={back} onChange={({ target }) => setBack(Number(target.value))}>
            {days.map((one) => (
              <option key={one} value={one}>
                {texts.count('sample.days', one, formats.count(one))}
              </option>
            ))}
          </select>
        </label>
        <button
          type='submit'
          className='button main'
          disabled={isRunning || seed === '' || count === 0}
        >
          {say('sample.run')}
        </button>
      </form>
      {error === null ? null : <Failed error={error} retry={() => void run()} />}
      {drawn === null ? null : (
        <Found lines={lines} drawn={drawn} stage={stage} />
      )}
    </>
  )
}

/** The oldest interval of a zone that the exchange still has whole. */
async function oldestOf(
  client: BusbarClient,
  zone: number,
  options: CallOptions,
): Promise<number> {
  const { intervals: [oldest] } = await client.intervals({ zone, from: 0, limit: 1 }, options)
  return oldest?.interval ?? 0
}

function Found(props: {
  readonly lines: readonly SampledLine[]
  readonly drawn: SampleDrawn
  readonly stage: SampleStage
}): ReactNode {
  const { lines, drawn, stage } = props
  const { say } = useTexts()
  const { moment } = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const columns = useColumns()
  const { seed, span: { from, to } } = drawn
  return (
    <>
      <Verdict lines={lines} count={drawn.count} stage={stage} />
      {lines.length === 0 ? null : (
        <>
          <p className='small soft'>
            {say('sample.drawn', {
              seed, from: moment(from * intervalMs), to: moment(to * intervalMs),
            })}
          </p>
          <DataTable
            title={say('sample.title')}
            frame='plain'
            file={`sample-${seed}`}
            columns={columns}
            rows={lines}
            keyOf={({ draw }) => draw}
            saved={() => sampleColumns(lines, drawn)}
          />
        </>
      )}
    </>
  )
}

function Verdict(props: {
  readonly lines: readonly SampledLine[]
  readonly count: number
  readonly stage: SampleStage
}): ReactNode {
  const { lines, count: wanted, stage } = props
  const { say } = useTexts()
  const { count } = useFormats()
  const verdict = verdictOf(lines, stage)
  const numbers = {
    ...{ done: count(lines.length), all: count(wanted) },
    wrong: count(lines.filter(({ state }) => state === 'fails').length),
    open: count(lines.filter(({ state }) => state === 'open').length),
  }
  const isShort = stage === 'done' && verdict !== 'empty' && lines.length < wanted
  return (
    <div role='status' data-sample={verdict}>
      <Note
        tone={verdictTones[verdict]}
        {...(verdict === 'running' ? { icon: 'wait' as const } : {})}
        title={say(`sample.${verdict}`, numbers)}
      >
        {isShort ? <p>{say('sample.short', numbers)}</p> : null}
      </Note>
    </div>
  )
}

const tones = { holds: 'good', told: 'plain', open: 'plain', fails: 'bad' } as const
const verdictTones: Readonly<Record<SampleVerdict, Tone>> = {
  ...tones, running: 'plain', stopped: 'plain', empty: 'warn',
}

function useColumns(): readonly Column<SampledLine>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ account, interval }) => (
        <Link to={pathOf('whyInterval', { account, interval })}>
          {formats.moment(interval * intervalMs)}
        </Link>
      ),
    },
    {
      ...{ name: 'draw', title: say('sample.draw'), isNumber: true, isAside: true },
      show: ({ draw }) => formats.count(draw),
    },
    {
      ...{ name: 'zone', title: say('runs.zone') },
      show: ({ zone }) => zoneName(zone),
    },
    {
      ...{ name: 'account', title: say('why.account'), isNumber: true },
      show: ({ account }) => account,
    },
    {
      ...{ name: 'amount_micros', title: say('why.column.amount'), isNumber: true },
      show: ({ amountMicros }) => formats.exactMoney(amountMicros),
    },
    {
      ...{ name: 'checks', title: say('sample.checks'), isNumber: true },
      show: ({ checks }) => formats.count(checks),
    },
    {
      ...{ name: 'state', title: say('sample.state') },
      show: ({ state }) => <Badge tone={tones[state]}>{say(`sample.state.${state}`)}</Badge>,
    },
  ]
}
