import { type FormEvent, type ReactNode, useState } from 'react'
import { useEnding } from '../app/ending.ts'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { saveFile } from '../lib/csv.ts'
import { Icon } from '../parts/icons.tsx'
import { Note } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'
import { readSpan, spanMost } from './journal-span.ts'

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'reading'; readonly done: number }
  | { readonly kind: 'saved'; readonly count: number }
  | { readonly kind: 'broken'; readonly sequence: number }
  | { readonly kind: 'failed'; readonly error: unknown }

/** A span of the journal, to take away: checked here, and with `busbar check-journal` again. */
export function JournalExport(): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { client } = useServices()
  const ending = useEnding()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [from, to] = [Number(fields.get('from')), Number(fields.get('to'))]
    setState({ kind: 'reading', done: 0 })
    const signal = ending.begin()
    try {
      const hear = (done: number): void => setState({ kind: 'reading', done })
      const { lines, count, broken } = await readSpan(
        client.books, from, to, hear, { signal },
      )
      if (count > 0) saveFile(`journal-${from}-${from + count - 1}.jsonl`, 'text/plain', lines)
      setState(broken === null ? { kind: 'saved', count } : { kind: 'broken', sequence: broken })
    } catch (error) {
      if (!signal.aborted) setState({ kind: 'failed', error })
    }
  }
  return (
    <form className='stack' onSubmit={(event) => void save(event)}>
      <h3>{say('journal.title')}</h3>
      <p className='small soft'>{say('journal.hint', { most: formats.count(spanMost) })}</p>
      <div className='fields'>
        {(['from', 'to'] as const).map((name) => (
          <label key={name} className='field'>
            {say(`journal.${name}`)}
            <input
              {...{ name, type: 'number', min: 1, max: Number.MAX_SAFE_INTEGER, required: true }}
              inputMode='numeric'
              defaultValue={name === 'from' ? 1 : undefined}
            />
          </label>
        ))}
        <button type='submit' className='button' disabled={state.kind === 'reading'}>
          <Icon name='save' size={18} />
          {say('journal.save')}
        </button>
      </div>
      {state.kind === 'reading' ? (
        <p className='small soft' role='status'>
          {say('journal.reading', { done: formats.count(state.done) })}
        </p>
      ) : null}
      {state.kind === 'saved' ? (
        <Note tone='good' title={say('journal.saved', { count: formats.count(state.count) })} />
      ) : null}
      {state.kind === 'broken' ? (
        <Note
          tone='bad'
          title={say('journal.broken', { sequence: formats.count(state.sequence) })}
          isAlert
        />
      ) : null}
      {state.kind === 'failed' ? (
        <Failed error={state.error} retry={() => setState({ kind: 'idle' })} />
      ) : null}
    </form>
  )
}
