import { type ReactNode, useMemo, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { CsvButton } from '../parts/csv-button.tsx'
import { Table } from '../parts/data-table.tsx'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { type Field, type OpenApi, type Operation, operationsOf } from './openapi.ts'
import { TryIt } from './try-it.tsx'

/** Every route, those that are looked for; opened, with all that it takes, gives and refuses. */
export function ReferenceCard({ document }: { readonly document: OpenApi }): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const [wanted, setWanted] = useState('')
  const operations = useMemo(() => operationsOf(document), [document])
  const text = wanted.trim().toLowerCase()
  const shown = operations.filter(({ method, path, summary, id }) =>
    `${method} ${path} ${summary} ${id}`.toLowerCase().includes(text),
  )
  return (
    <Card
      title={say('developer.reference')}
      beside={<a href='/v1/openapi.json'>{say('developer.document')}</a>}
    >
      <label className='find'>
        <span className='small soft'>{say('developer.find')}</span>
        <input
          type='search'
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
          spellCheck={false}
        />
      </label>
      <p className='small soft' role='status'>
        {count('developer.found', shown.length, formats.count(shown.length))}
      </p>
      <ul className='routes'>
        {shown.map((operation) => (
          <li key={operation.id}>
            <Route document={document} operation={operation} />
          </li>
        ))}
      </ul>
      <div className='row'>
        <CsvButton
          name='busbar-routes'
          columns={() => ({
            method: shown.map(({ method }) => method),
            path: shown.map(({ path }) => path),
            summary: shown.map(({ summary }) => summary),
            private: shown.map(({ isPrivate }) => String(isPrivate)),
          })}
        />
      </div>
    </Card>
  )
}

type RouteProps = { readonly document: OpenApi; readonly operation: Operation }

function Route({ document, operation }: RouteProps): ReactNode {
  const { say } = useTexts()
  const [isOpen, setOpen] = useState(false)
  const { id, method, path, summary, isPrivate } = operation
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)} id={id}>
      <summary>
        <span className={`method ${method.toLowerCase()}`}>{method}</span>
        <code>{path}</code>
        {isPrivate ? (
          <Badge tone='plain' icon='lock'>{say('developer.private')}</Badge>
        ) : null}
        <span className='route-summary small soft'><Ticked text={summary} /></span>
      </summary>
      {isOpen ? <Opened document={document} operation={operation} /> : null}
    </details>
  )
}

/** What the document has between backticks is a name. */
function Ticked({ text }: { readonly text: string }): ReactNode {
  return text.split('`').map((part, index) =>
    index % 2 === 0 ? part : <code key={index}>{part}</code>)
}

/** Made when it is opened: there are many. */
function Opened({ document, operation }: RouteProps): ReactNode {
  const { say } = useTexts()
  const { body, answer, mediaType, refusals } = operation
  return (
    <div className='stack opened'>
      <TryIt document={document} operation={operation} />
      {body.length === 0 ? null : <Fields title={say('developer.body')} fields={body} />}
      {answer.length === 0 ? (
        <p className='small soft'>{say('developer.answer.plain', { type: mediaType })}</p>
      ) : (
        <Fields title={say('developer.answer')} fields={answer} />
      )}
      <h3>{say('developer.refusals')}</h3>
      <ul className='small'>
        {refusals.map(({ status, codes }) => (
          <li key={status}>
            <strong className='figure'>{status}</strong> <code>{codes}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Fields(props: { readonly title: string; readonly fields: readonly Field[] }): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h3>
        <Icon name='order' size={16} /> {props.title}
      </h3>
      <Table
        title={props.title}
        columns={[
          {
            ...{ name: 'field', title: say('developer.field') },
            show: ({ path, isRequired }) => (
              <>
                <code>{path}</code>
                {isRequired ? null : <span className='soft'> {say('developer.optional')}</span>}
              </>
            ),
          },
          { name: 'type', title: say('developer.type'), show: ({ type }) => type },
          {
            ...{ name: 'about', title: say('developer.about') },
            show: ({ about }) => (about === '' ? '–' : <Ticked text={about} />),
          },
        ]}
        rows={props.fields}
        keyOf={({ path }) => path}
        frame='tall'
      />
    </>
  )
}
