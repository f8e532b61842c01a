import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered, Failed } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { type SampledLine, sampleLines } from './sample.ts'

const zone = 0
const pointsMax = 96
const countMax = 50

/** Lines of bills that the auditor's own seed draws, each checked with all its proofs. */
export function SampleCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.intervals(zone, -2),
    queryFn: ({ signal }) => client.series({ zone, points: pointsMax }, { signal }),
    enabled: useOpened(),
  })
  return (
    <Card title={say('sample.title')}>
      <p className='small soft'>{say('sample.hint')}</p>
      <Answered asked={asked}>
        {({ interval, status }) => (
          <Draw
            intervals={interval.filter((_one, i) =>
              status[i] === 'provisional' || status[i] === 'final')}
          />
        )}
      </Answered>
    </Card>
  )
}

function Draw({ intervals }: { readonly intervals: readonly number[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const market = useMarket()
  const { client } = useServices()
  const columns = useColumns()
  const [seed, setSeed] = useState('')
  const [many, setMany] = useState('10')
  const [lines, setLines] = useState<readonly SampledLine[]>([])
  const [isRunning, setRunning] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const count = /^\d{1,2}$/.test(many) ? Math.min(countMax, Number(many)) : 0
  const run = async (): Promise<void> => {
    setLines([])
    setError(null)
    setRunning(true)
    const hear = (line: SampledLine): void => setLines((before) => [...before, line])
    try {
      await sampleLines(client, market, { seed, count, zone, intervals, hear })
    } catch (failure) {
      setError(failure)
    } finally {
      setRunning(false)
    }
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void run()
  }
  const wrong = lines.filter(({ state }) => state === 'fails').length
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
        <button
          type='submit'
          className='button main'
          disabled={isRunning || seed === '' || count === 0 || intervals.length === 0}
        >
          {say('sample.run')}
        </button>
      </form>
      {error === null ? null : <Failed error={error} retry={() => void run()} />}
      {lines.length === 0 && !isRunning ? null : (
        <div role='status' data-sample={isRunning ? 'running' : wrong === 0 ? 'holds' : 'fails'}>
          <Note
            tone={wrong > 0 ? 'bad' : isRunning ? 'plain' : 'good'}
            {...(isRunning ? { icon: 'wait' as const } : {})}
            title={say(wrong > 0 ? 'sample.fails' : isRunning ? 'sample.running' : 'sample.holds', {
              done: formats.count(lines.length), all: formats.count(count),
              wrong: formats.count(wrong),
            })}
          />
        </div>
      )}
      {lines.length === 0 ? null : (
        <DataTable
          title={say('sample.title')}
          frame='plain'
          file={`sample-${seed}`}
          columns={columns}
          rows={lines}
          keyOf={(line) => `${lines.indexOf(line)}`}
        />
      )}
    </>
  )
}

const tones = { holds: 'good', told: 'plain', open: 'plain', fails: 'bad' } as const

function useColumns(): readonly Column<SampledLine>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ account, interval }) => (
        <Link to={pathOf('whyInterval', { account, interval })}>
          {formats.moment(interval * intervalMs)}
        </Link>
      ),
      value: ({ interval }) => interval,
    },
    {
      ...{ name: 'account', title: say('why.account'), isNumber: true },
      show: ({ account }) => account,
      value: ({ account }) => account,
    },
    {
      ...{ name: 'amount_micros', title: say('why.column.amount'), isNumber: true },
      show: ({ amountMicros }) => formats.exactMoney(amountMicros),
      value: ({ amountMicros }) => amountMicros,
    },
    {
      ...{ name: 'checks', title: say('sample.checks'), isNumber: true },
      show: ({ checks }) => formats.count(checks),
      value: ({ checks }) => checks,
    },
    {
      ...{ name: 'state', title: say('sample.state') },
      show: ({ state }) => <Badge tone={tones[state]}>{say(`sample.state.${state}`)}</Badge>,
      value: ({ state }) => state,
    },
  ]
}
