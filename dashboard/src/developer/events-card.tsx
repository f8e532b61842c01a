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

type Described = { readonly properties: Readonly<Record<string, object>> }

/** From the schemas that the server tells by, which the client reads by as well. */
const shownOf = (schemas: Readonly<Record<string, Described>>): readonly Shown[] =>
  Object.entries(schemas).map(([name, schema]) => ({
    name,
    about: 'description' in schema ? String(schema.description) : '',
    fields: Object.entries(schema.properties).map(([field, type]) => [field, typeOf(type)]),
  }))

const written = (fields: Shown['fields']): string =>
  fields.map(([name, type]) => `${name}: ${type}`).join(', ')

/** By name: its fields, and what it says. */
export function Catalogue(props: {
  readonly title: string
  readonly first: string
  readonly file: string
  readonly of: Readonly<Record<string, Described>>
}): ReactNode {
  const { say } = useTexts()
  const { title, first, file, of } = props
  const columns: readonly Column<Shown>[] = [
    {
      ...{ name: 'event', title: first },
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
    <DataTable
      title={title}
      frame='tall'
      columns={columns}
      rows={shownOf(of)}
      keyOf={({ name }) => name}
      file={file}
    />
  )
}

/** What the stream tells, by name. */
export function EventsCard(): ReactNode {
  const { say } = useTexts()
  const title = say('developer.events')
  return (
    <Card title={title}>
      <p className='small soft'>{say('developer.events.hint')}</p>
      <Catalogue
        title={title}
        first={say('developer.event')}
        file='busbar-events'
        of={streamEvents}
      />
    </Card>
  )
}
