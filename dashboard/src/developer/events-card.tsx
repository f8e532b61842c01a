import { streamEvents } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
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

const written = (fields: Shown['fields']): string =>
  fields.map(([name, type]) => `${name}: ${type}`).join(', ')

/** What the stream tells, by name. */
export function EventsCard(): ReactNode {
  const { say } = useTexts()
  const columns: readonly Column<Shown>[] = [
    {
      ...{ name: 'event', title: say('developer.event') },
      show: ({ name }) => <code>{name}</code>,
      value: ({ name }) => name,
    },
    {
      ...{ name: 'fields', title: say('developer.fields') },
      show: ({ fields }) => <code>{written(fields)}</code>,
      value: ({ fields }) => written(fields),
    },
    {
      ...{ name: 'about', title: say('developer.about') },
      show: ({ about }) => (about === '' ? '–' : about),
      value: ({ about }) => about,
    },
  ]
  return (
    <Card title={say('developer.events')}>
      <p className='small soft'>{say('developer.events.hint')}</p>
      <DataTable
        title={say('developer.events')}
        frame='tall'
        columns={columns}
        rows={events}
        keyOf={({ name }) => name}
        file='busbar-events'
      />
    </Card>
  )
}
