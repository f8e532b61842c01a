import type { RulebookDocument } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { Note } from '../parts/parts.tsx'
import { compare } from './rulebook-fields.ts'

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
  return (
    <>
      {shown.length === 0 ? (
        <Note tone='good' title={say('rules.same')} />
      ) : (
        <div
          className='table-frame tall'
          tabIndex={0}
          role='region'
          aria-label={say('rules.comparison')}
        >
          <table>
            <thead>
              <tr>
                <th scope='col'>{say('rules.column.field')}</th>
                <th scope='col' className='number'>{`${one.name} ${one.version}`}</th>
                <th scope='col' className='number'>{`${other.name} ${other.version}`}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ field, one: first, other: second, differs }) => (
                <tr key={field} className={differs ? 'differs' : ''}>
                  <th scope='row'><code>{field}</code></th>
                  <td className='number'>{first ?? '–'}</td>
                  <td className='number'>{second ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className='row'>
        <button type='button' className='button quiet' onClick={() => setWhole(!isWhole)}>
          {say(isWhole ? 'rules.differing' : 'rules.whole')}
        </button>
      </div>
    </>
  )
}
