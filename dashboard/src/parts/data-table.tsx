import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { type Columns, saveCsv } from '../lib/csv.ts'
import { Icon } from './icons.tsx'

export type Column<Row> = {
  /** Its name in the CSV file, with its unit. */
  readonly name: string
  readonly title: string
  readonly isNumber?: boolean
  readonly show: (row: Row) => ReactNode
  /** Exact, for other programs; without it the column is only shown. */
  readonly value?: (row: Row) => string | number | null
}

/** Where there are more rows than are shown. */
export type More = {
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly load: () => void
}

/**
 * Rows with their columns, and the same as a file. On a phone each row is a small card of its own:
 * nothing has to be moved sideways. Roles are said because a table that is drawn as something else
 * is none to a screen reader.
 */
export function DataTable<Row>(props: {
  readonly title: string
  /** Of the file, without its ending. */
  readonly file: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  /** What the file holds, where it is more than is drawn. */
  readonly all?: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly more?: More
}): ReactNode {
  const { title, columns, rows, keyOf } = props
  return (
    <div className='stack'>
      <div className='table-frame cards' tabIndex={0} role='region' aria-label={title}>
        <table role='table'>
          <thead role='rowgroup'>
            <tr role='row'>
              {columns.map(({ name, title: head, isNumber }) => (
                <th key={name} role='columnheader' scope='col' className={numberClass(isNumber)}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role='rowgroup'>
            {rows.map((row) => (
              <tr key={keyOf(row)} role='row'>
                {columns.map((column, index) => (
                  <Cell key={column.name} column={column} row={row} isFirst={index === 0} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <TableFoot {...props} />
    </div>
  )
}

const numberClass = (isNumber: boolean | undefined): string => (isNumber === true ? 'number' : '')

function Cell<Row>(props: {
  readonly column: Column<Row>
  readonly row: Row
  readonly isFirst: boolean
}): ReactNode {
  const { column: { title, isNumber, show }, row, isFirst } = props
  const className = numberClass(isNumber)
  if (isFirst) {
    return (
      <th role='rowheader' scope='row' className={className}>
        {show(row)}
      </th>
    )
  }
  return (
    <td role='cell' className={className} data-title={title}>
      <span>{show(row)}</span>
    </td>
  )
}

function TableFoot<Row>(props: {
  readonly file: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly all?: readonly Row[]
  readonly more?: More
}): ReactNode {
  const { say } = useTexts()
  const { file, columns, rows, all = rows, more } = props
  const save = (): void => {
    const named = columns.flatMap(({ name, value }) =>
      value === undefined ? [] : [[name, all.map(value)] as const])
    saveCsv(file, Object.fromEntries(named) as Columns)
  }
  return (
    <div className='row'>
      {more?.hasMore === true ? (
        <button type='button' className='button' disabled={more.isLoading} onClick={more.load}>
          {say('table.more')}
        </button>
      ) : null}
      <button type='button' className='button quiet' onClick={save}>
        <Icon name='save' size={18} />
        {say('action.csv')}
      </button>
    </div>
  )
}
