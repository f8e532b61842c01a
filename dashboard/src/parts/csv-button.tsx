import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { type Columns, saveCsv } from '../lib/csv.ts'
import { Icon } from './icons.tsx'

/** Saves what a table shows: whole numbers in the units of the interface, no formats. */
export function CsvButton(props: {
  /** Of the file, without its ending. */
  readonly name: string
  readonly columns: () => Columns
}): ReactNode {
  const { say } = useTexts()
  const { name, columns } = props
  return (
    <button type='button' className='button quiet' onClick={() => saveCsv(name, columns())}>
      <Icon name='save' size={18} />
      {say('action.csv')}
    </button>
  )
}
