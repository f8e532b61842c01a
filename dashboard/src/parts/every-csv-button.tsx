import { type ReactNode, useState } from 'react'
import { useEnding } from '../app/ending.ts'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { type Columns, saveCsv } from '../lib/csv.ts'
import type { ReadAll } from '../lib/every-row.ts'
import { Icon } from './icons.tsx'
import { Failed } from './states.tsx'

type State =
  | { readonly kind: 'idle' }
  /** So many rows are read, or in the file, which is not all of the list. */
  | { readonly kind: 'reading' | 'cut'; readonly rows: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Saves a list of which a page shows a part: what is not there yet is read first. */
export function EveryCsvButton<Row>(props: {
  /** Of the file, without its ending. */
  readonly name: string
  readonly all: ReadAll<Row>
  readonly columnsOf: (rows: readonly Row[]) => Columns
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { name, all, columnsOf } = props
  const [state, setState] = useState<State>({ kind: 'idle' })
  const ending = useEnding()
  const save = async (): Promise<void> => {
    const signal = ending.begin()
    const progress = (rows: number): void => setState({ kind: 'reading', rows })
    progress(0)
    try {
      const { rows, isWhole } = await all({ signal, progress })
      // Somebody may have stopped when the last of it was already there.
      if (!signal.aborted) saveCsv(isWhole ? name : `${name}-part`, columnsOf(rows))
      setState(isWhole ? { kind: 'idle' } : { kind: 'cut', rows: rows.length })
    } catch (error) {
      setState(signal.aborted ? { kind: 'idle' } : { kind: 'failed', error })
    }
  }
  const isReading = state.kind === 'reading'
  return (
    <>
      <button
        type='button'
        className='button quiet'
        disabled={isReading}
        onClick={() => void save()}
      >
        <Icon name='save' size={18} />
        {say('action.csv')}
      </button>
      {isReading ? (
        <button type='button' className='button quiet' onClick={ending.end}>
          {say('action.stop')}
        </button>
      ) : null}
      {state.kind === 'reading' || state.kind === 'cut' ? (
        <span className='small soft' role='status'>
          {say(`csv.${state.kind}`, { count: formats.count(state.rows) })}
        </span>
      ) : null}
      {state.kind === 'failed' ? (
        <Failed error={state.error} retry={() => void save()} />
      ) : null}
    </>
  )
}
