import { streamEvents } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { CsvButton } from '../parts/csv-button.tsx'
import { Card } from '../parts/parts.tsx'
import { typeOf } from './openapi.ts'

type Shown = {
  readonly name: string
  readonly about: string
  readonly fields: readonly (readonly [name: string, type: string])[]
}

/** From the schemas that the server tells by, which the client reads by as well. */
const events: readonly Shown[] = Object.entries(streamEvents).map(([name, schema]) => ({
  name,
  about: 'description' in schema ? String(schema.description) : '',
  fields: Object.entries(schema.properties).map(([field, property]) => [field, typeOf(property)]),
}))

/** What the stream tells, by name. */
export function EventsCard(): ReactNode {
  const { say } = useTexts()
  const written = (fields: Shown['fields']): string =>
    fields.map(([name, type]) => `${name}: ${type}`).join(', ')
  return (
    <Card title={say('developer.events')}>
      <p className='small soft'>{say('developer.events.hint')}</p>
      <div
        className='table-frame tall'
        tabIndex={0}
        role='region'
        aria-label={say('developer.events')}
      >
        <table>
          <thead>
            <tr>
              <th scope='col'>{say('developer.event')}</th>
              <th scope='col'>{say('developer.fields')}</th>
              <th scope='col'>{say('developer.about')}</th>
            </tr>
          </thead>
          <tbody>
            {events.map(({ name, about, fields }) => (
              <tr key={name}>
                <th scope='row'>
                  <code>{name}</code>
                </th>
                <td>
                  <code>{written(fields)}</code>
                </td>
                <td>{about === '' ? '–' : about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className='row'>
        <CsvButton
          name='busbar-events'
          columns={() => ({
            event: events.map(({ name }) => name),
            fields: events.map(({ fields }) => written(fields)),
            about: events.map(({ about }) => about),
          })}
        />
      </div>
    </Card>
  )
}
