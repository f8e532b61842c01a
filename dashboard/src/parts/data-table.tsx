import type { CSSProperties, ReactNode } from 'react'
import type { Columns } from '../lib/csv.ts'
import { CsvButton } from './csv-button.tsx'
import { type More, MoreButton } from './more.tsx'

export type Column<Row> = {
  /** Its name in the CSV file, with its unit. */
  readonly name: string
  readonly title: string
  readonly isNumber?: boolean
  /** Left out on a phone. */
  readonly isAside?: boolean
  readonly show: (row: Row) => ReactNode
  /** Exact, for other programs; without it the column is only shown. */
  readonly value?: (row: Row) => string | number | null
}

/** A figure as a table shows it; a dash where it is not known. */
export const shown = (
  value: number | null | undefined,
  show: (value: number) => string,
): string => (value === null || value === undefined ? '–' : show(value))

/**
 * How a table stands on a page. On a phone as cards, or else in lines; `turned` are cards that
 * stand upright on a desk, one column for each row.
 */
export type TableFrame = 'cards' | 'turned' | 'plain' | 'tall' | 'surface' | 'narrow'

type Drawn<Row> = {
  readonly title: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string | number
  readonly frame?: TableFrame
  readonly classOf?: (row: Row) => string
}

type Foot<Row> = {
  /** Of the file, without its ending. */
  readonly file: string
  /** What the file holds, where it is more than is drawn: read when somebody wants it. */
  readonly all?: () => Promise<readonly Row[]>
  /** What the file holds, where it has other columns than are drawn. */
  readonly saved?: () => Columns | Promise<Columns>
  readonly more?: More
  /** Before the button that saves. */
  readonly beside?: ReactNode
}

/** Rows with their columns, and the same as a file. */
export function DataTable<Row>(props: Drawn<Row> & Foot<Row>): ReactNode {
  const inner = (
    <>
      <Table {...props} />
      <TableFoot {...props} />
    </>
  )
  const { frame = 'cards' } = props
  return isCards(frame) ? <div className='stack'>{inner}</div> : inner
}

/**
 * Rows with their columns. On a phone each row is a small card of its own, or a few lines: nothing
 * has to be moved sideways. Roles are said because a table that is drawn as something else is none
 * to a screen reader.
 */
export function Table<Row>(props: Drawn<Row>): ReactNode {
  const { title, columns, rows, keyOf, frame = 'cards', classOf } = props
  return (
    <div
      className={`${frames[frame]} ${staysWhole(frame, columns.length) ? '' : 'lines'}`}
      tabIndex={0}
      role='region'
      aria-label={title}
    >
      <table role='table' style={frame === 'turned' ? figuresOf(columns.length) : undefined}>
        <thead role='rowgroup'>
          <tr role='row'>
            {columns.map((column) => (
              <th key={column.name} role='columnheader' scope='col' className={classOfCell(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role='rowgroup'>
          {rows.map((row) => (
            <tr key={keyOf(row)} role='row' className={classOf?.(row)}>
              {columns.map((column, index) => (
                <Cell
                  key={column.name}
                  column={column}
                  row={row}
                  isFirst={index === 0}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const frames: Readonly<Record<TableFrame, string>> = {
  cards: 'table-frame cards',
  turned: 'table-frame cards turned',
  plain: 'table-frame',
  tall: 'table-frame tall',
  surface: 'table-frame surface',
  narrow: 'table-frame tall',
}

const isCards = (frame: TableFrame): boolean => frame === 'cards' || frame === 'turned'

/** Its rows are cards on a phone, or a line each there too. */
const staysWhole = (frame: TableFrame, columns: number): boolean =>
  isCards(frame) || frame === 'narrow' || columns < 3

/** So many figures one below the other; its name is the style's own. */
const figuresOf = (figures: number): CSSProperties => ({ '--figures': figures }) as CSSProperties

type CellKind = { readonly isNumber?: boolean; readonly isAside?: boolean }

const classOfCell = ({ isNumber = false, isAside = false }: CellKind): string =>
  [...(isNumber ? ['number'] : []), ...(isAside ? ['aside'] : [])].join(' ')

function Cell<Row>(props: {
  readonly column: Column<Row>
  readonly row: Row
  readonly isFirst: boolean
}): ReactNode {
  const { column, row, isFirst } = props
  const { title, show } = column
  const className = classOfCell(column)
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

/** What a file holds of rows: each column that has values. */
export const valuesOf = <Row,>(columns: readonly Column<Row>[], rows: readonly Row[]): Columns =>
  Object.fromEntries(
    columns.flatMap(({ name, value }) => (value === undefined ? [] : [[name, rows.map(value)]])),
  )

function TableFoot<Row>(
  props: Foot<Row> & Pick<Drawn<Row>, 'columns' | 'rows'>,
): ReactNode {
  const { file, columns, rows, all, more, beside = null } = props
  const drawn = (): Columns | Promise<Columns> =>
    all === undefined ? valuesOf(columns, rows) : all().then((held) => valuesOf(columns, held))
  return (
    <div className='row'>
      {more === undefined ? null : <MoreButton {...more} />}
      {beside}
      <CsvButton name={file} columns={props.saved ?? drawn} />
    </div>
  )
}
