import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import type { Columns } from '../lib/csv.ts'
import { CsvButton } from './csv-button.tsx'

/** Under a picture: the same as a table, and as a file. */
export function TableActions(props: {
  readonly asTable: boolean
  readonly toggle: () => void
  readonly name: string
  readonly columns: () => Columns
}): ReactNode {
  const { say } = useTexts()
  return (
    <div className='row'>
      <button type='button' className='button quiet' onClick={props.toggle}>
        {say(props.asTable ? 'action.chart' : 'action.table')}
      </button>
      <CsvButton name={props.name} columns={props.columns} />
    </div>
  )
}
