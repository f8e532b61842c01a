import { evidenceFile, evidenceText, readMaterial } from '@busbar/client/replay'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { saveFile } from '../lib/csv.ts'
import { Icon } from '../parts/icons.tsx'
import { Note } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'
import { IntervalField, SettledIntervals } from './settled-intervals.tsx'

/** All that an interval is judged from, for `busbar re-execute --from` with no network. */
export function EvidenceExport(): ReactNode {
  const { say } = useTexts()
  return (
    <div className='stack'>
      <h3>{say('evidence.title')}</h3>
      <p className='small soft'>{say('evidence.hint')}</p>
      <SettledIntervals>
        {(zone, intervals) => <Save key={zone} zone={zone} intervals={intervals} />}
      </SettledIntervals>
    </div>
  )
}

type State =
  | { readonly kind: 'idle' | 'reading' }
  | { readonly kind: 'saved'; readonly file: string }
  | { readonly kind: 'failed'; readonly error: unknown }

function Save(props: {
  readonly zone: number
  readonly intervals: readonly number[]
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const market = useMarket()
  const { zone, intervals } = props
  const [interval, setInterval] = useState(intervals[0] ?? 0)
  const [state, setState] = useState<State>({ kind: 'idle' })
  const save = async (): Promise<void> => {
    setState({ kind: 'reading' })
    try {
      const material = await readMaterial(client, market, { zone, interval })
      const file = evidenceFile(material)
      saveFile(file, 'application/json', evidenceText(material))
      setState({ kind: 'saved', file })
    } catch (error) {
      setState({ kind: 'failed', error })
    }
  }
  return (
    <>
      <div className='fields'>
        <IntervalField intervals={intervals} interval={interval} choose={setInterval} />
        <button
          type='button'
          className='button'
          disabled={state.kind === 'reading'}
          onClick={() => void save()}
        >
          <Icon name='save' size={18} />
          {say('evidence.save')}
        </button>
      </div>
      {state.kind === 'reading' ? (
        <p className='small soft' role='status'>{say('state.loading')}</p>
      ) : null}
      {state.kind === 'saved' ? (
        <Note tone='good' title={say('evidence.saved', { file: state.file })} />
      ) : null}
      {state.kind === 'failed' ? (
        <Failed error={state.error} retry={() => void save()} />
      ) : null}
    </>
  )
}
