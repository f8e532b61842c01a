import {
  evidenceFile,
  evidenceText,
  readMaterial,
  type ReplayCheck,
  replayChecksOf,
  type ReplayMaterial,
  verdictOf,
} from '@busbar/client/replay'
import { type ReactNode, useState } from 'react'
import { useEnding } from '../../app/ending.ts'
import { useTexts } from '../../app/language.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { saveFile } from '../../lib/csv.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { Card, Note } from '../../parts/parts.tsx'
import { Failed } from '../../parts/states.tsx'
import { IntervalField, SettledIntervals } from '../settled-intervals.tsx'
import { replayIn } from './start-replay.ts'

type Place = { readonly zone: number; readonly interval: number }

/** Works an interval out again in this browser, from its orders or contracts to its money. */
export function ReplayCard(): ReactNode {
  const { say } = useTexts()
  return (
    <Card title={say('replay.title')}>
      <p className='small soft'>{say('replay.hint')}</p>
      <SettledIntervals>
        {(zone, intervals) => <Choose key={zone} zone={zone} intervals={intervals} />}
      </SettledIntervals>
    </Card>
  )
}

function Choose(props: {
  readonly zone: number
  readonly intervals: readonly number[]
}): ReactNode {
  const { say } = useTexts()
  const { zone, intervals } = props
  const [interval, setInterval] = useState(intervals[0] ?? 0)
  const { run, isRunning, checks, material, error } = useReplay()
  const start = (): void => void run({ zone, interval })
  return (
    <>
      <div className='fields'>
        <IntervalField intervals={intervals} interval={interval} choose={setInterval} />
        <button type='button' className='button main' disabled={isRunning} onClick={start}>
          {say('replay.run')}
        </button>
      </div>
      {error === null ? null : <Failed error={error} retry={start} />}
      {isRunning || checks.length > 0 ? (
        <Shown zone={zone} checks={checks} isRunning={isRunning} />
      ) : null}
      {material === undefined ? null : <SaveMaterial material={material} />}
    </>
  )
}

/** One at a time; another one ends it. */
function useReplay() {
  const { client } = useServices()
  const market = useMarket()
  const ending = useEnding()
  const [checks, setChecks] = useState<readonly ReplayCheck[]>([])
  const [material, setMaterial] = useState<ReplayMaterial>()
  const [error, setError] = useState<unknown>(null)
  const [isRunning, setRunning] = useState(false)
  const run = async (place: Place): Promise<void> => {
    const signal = ending.begin()
    setChecks([])
    setError(null)
    setMaterial(undefined)
    setRunning(true)
    try {
      const read = await readMaterial(client, market, place, { signal })
      setMaterial(read)
      await replayIn(read, (check) => setChecks((before) => [...before, check]), signal)
    } catch (failure) {
      if (!signal.aborted) setError(failure)
    } finally {
      if (!signal.aborted) setRunning(false)
    }
  }
  return { run, isRunning, checks, material, error }
}

const icons: Readonly<Record<ReplayCheck['state'], IconName>> = {
  holds: 'check',
  fails: 'cross',
  open: 'wait',
}

function Shown(props: {
  readonly zone: number
  readonly checks: readonly ReplayCheck[]
  readonly isRunning: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zone, checks, isRunning } = props
  const all = replayChecksOf(zone, useMarket()).length
  const share = (100 * checks.length) / all
  return (
    <>
      <div className='stack' role='status'>
        <div className='progress'>
          <span style={{ width: `${share}%` }} />
        </div>
        <p className='small soft'>
          {say('replay.progress', {
            done: formats.count(checks.length), all: formats.count(all),
          })}
        </p>
      </div>
      {isRunning ? null : <Outcome checks={checks} />}
      <ul className='checks'>
        {checks.map(({ name, state, count }) => (
          <li key={name} className={state}>
            <Icon name={icons[state]} />
            <span>
              {say(`replay.check.${name}`, { count: formats.count(count) })}{' '}
              {state === 'open' ? say('replay.open') : null}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Outcome({ checks }: { readonly checks: readonly ReplayCheck[] }): ReactNode {
  const { say } = useTexts()
  const verdict = verdictOf(checks)
  const tone = ({ fails: 'bad', open: 'plain', holds: 'good' } as const)[verdict]
  return (
    <div data-replay={verdict}>
      <Note
        tone={tone}
        icon={icons[verdict]}
        title={say(`replay.verdict.${verdict}`)}
        isAlert={verdict === 'fails'}
      >
        <p>{say(`replay.verdict.${verdict}.more`)}</p>
      </Note>
    </div>
  )
}

function SaveMaterial({ material }: { readonly material: ReplayMaterial }): ReactNode {
  const { say } = useTexts()
  const save = (): void =>
    saveFile(evidenceFile(material), 'application/json', evidenceText(material))
  return (
    <div className='row'>
      <button type='button' className='button quiet' onClick={save}>
        <Icon name='save' size={18} />
        {say('replay.save')}
      </button>
    </div>
  )
}
