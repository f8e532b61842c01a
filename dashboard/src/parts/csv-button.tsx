import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { type Columns, saveCsv } from '../lib/csv.ts'
import { Icon } from './icons.tsx'
import { Failed } from './states.tsx'

/** Saves what a table shows: whole numbers in the units of the interface, no formats. */
export function CsvButton(props: {
  /** Of the file, without its ending. */
  readonly name: string
  /** Read when somebody wants them, where they are more than is shown. */
  readonly columns: () => Columns | Promise<Columns>
}): ReactNode {
  const { say } = useTexts()
  const [state, setState] = useState<'idle' | 'reading' | { readonly error: unknown }>('idle')
  const save = async (): Promise<void> => {
    setState('reading')
    try {
      saveCsv(props.name, await props.columns())
      setState('idle')
    } catch (error) {
      setState({ error })
    }
  }
  return (
    <>
      <button
        type='button'
        className='button quiet'
        disabled={state === 'reading'}
        onClick={() => void save()}
      >
        <Icon name='save' size={18} />
        {say('action.csv')}
      </button>
      {typeof state === 'string' ? null : (
        <Failed error={state.error} retry={() => void save()} />
      )}
    </>
  )
}
