import type { RulebookDocument } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Note } from '../parts/parts.tsx'
import { compare, type Compared } from './rulebook-fields.ts'

/** Field by field: what differs alone, unless somebody wants to see all. */
export function Comparison(props: {
  readonly one: RulebookDocument
  readonly other: RulebookDocument
}): ReactNode {
  const { say } = useTexts()
  const [isWhole, setWhole] = useState(false)
  const { one, other } = props
  const compared = compare(one, other)
  const shown = isWhole ? compared : compared.filter(({ differs }) => differs)
  const columns: readonly Column<Compared>[] = [
    {
      ...{ name: 'field', title: say('rules.column.field') },
      show: ({ field }) => <code>{field}</code>,
      value: ({ field }) => field,
    },
    {
      ...{ name: 'one', title: `${one.name} ${one.version}`, isNumber: true },
      show: ({ one: value }) => value ?? '–',
      value: ({ one: value }) => value ?? null,
    },
    {
      ...{ name: 'other', title: `${other.name} ${other.version}`, isNumber: true },
      show: ({ other: value }) => value ?? '–',
      value: ({ other: value }) => value ?? null,
    },
  ]
  const toggle = (
    <button type='button' className='button quiet' onClick={() => setWhole(!isWhole)}>
      {say(isWhole ? 'rules.differing' : 'rules.whole')}
    </button>
  )
  if (shown.length === 0) {
    return (
      <>
        <Note tone='good' title={say('rules.same')} />
        <div className='row'>{toggle}</div>
      </>
    )
  }
  return (
    <DataTable
      title={say('rules.comparison')}
      frame='tall'
      columns={columns}
      rows={shown}
      keyOf={({ field }) => field}
      classOf={({ differs }) => (differs ? 'differs' : '')}
      file='rules-compared'
      beside={toggle}
    />
  )
}
