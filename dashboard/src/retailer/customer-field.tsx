import type { CallOptions } from '@busbar/client'
import type { Customer } from '@busbar/protocols/api'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useEnding } from '../app/ending.ts'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import type { Gathered } from '../lib/every-row.ts'
import { Failed } from '../parts/states.tsx'
import { findCustomers } from './find-customers.ts'
import { readCustomers, type Signed } from './retailer-data.ts'

/** Whom a form is about, and whom it may be about. */
export type CustomerChoice = {
  readonly signed: Signed
  /** Those that the page has read. */
  readonly customers: readonly Customer[]
  /** Whether there are more of them: then they are found by name or number. */
  readonly hasMore: boolean
}

type Chosen = {
  readonly title: string
  readonly chosen: Customer | undefined
  readonly choose: (one: Customer | undefined) => void
}

/** One of a retailer's own customers. */
export function CustomerField(props: CustomerChoice & Chosen): ReactNode {
  const { title, customers, chosen, choose } = props
  const [found, setFound] = useState<readonly Customer[]>()
  const offered = found ?? customers
  // The list may have been read anew, by other pages than those of whoever is chosen.
  const isOffered = offered.some(({ account }) => account === chosen?.account)
  const listed = chosen === undefined || isOffered ? offered : [chosen, ...offered]
  const take = (some: readonly Customer[]): void => {
    setFound(some.length === 0 ? undefined : some)
    if (some.length > 0) choose(some[0])
  }
  return (
    <>
      {props.hasMore ? <Finder {...props} take={take} /> : null}
      <label className='field'>
        {title}
        <select
          value={chosen?.account}
          onChange={({ target }) =>
            choose(listed.find(({ account }) => account === Number(target.value)))}
        >
          {listed.map((one) => (
            <option key={one.account} value={one.account}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

type Search =
  | { readonly kind: 'idle' | 'reading' }
  | { readonly kind: 'found'; readonly found: Gathered<Customer> }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Looks through all of a retailer's customers, when somebody asks for it. */
function Finder(
  props: CustomerChoice & { readonly take: (found: readonly Customer[]) => void },
): ReactNode {
  const { say } = useTexts()
  const { signed: { session: { account }, reader }, take } = props
  const [wanted, setWanted] = useState('')
  const [search, setSearch] = useState<Search>({ kind: 'idle' })
  const ending = useEnding()
  const read = (query: Parameters<typeof readCustomers>[2], options: CallOptions) =>
    readCustomers(reader, account, query, options)
  const find = async (): Promise<void> => {
    if (wanted.trim() === '' || search.kind === 'reading') return
    const signal = ending.begin()
    setSearch({ kind: 'reading' })
    try {
      const found = await findCustomers(read, wanted, signal)
      setSearch({ kind: 'found', found })
      take(found.rows)
    } catch (error) {
      if (!signal.aborted) setSearch({ kind: 'failed', error })
    }
  }
  const change = (text: string): void => {
    setWanted(text)
    if (text !== '') return
    // Nobody is looked for any more: all that the page has read are offered again.
    ending.end()
    setSearch({ kind: 'idle' })
    take([])
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return
    // The form around it is signed, and not by whoever looks for somebody.
    event.preventDefault()
    void find()
  }
  return (
    <>
      <label className='field'>
        {say('customers.find')}
        <input
          type='search'
          value={wanted}
          autoComplete='off'
          maxLength={64}
          onChange={({ target }) => change(target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <button
        type='button'
        className='button'
        disabled={wanted.trim() === '' || search.kind === 'reading'}
        onClick={() => void find()}
      >
        {say('customers.find.go')}
      </button>
      {search.kind === 'failed' ? (
        <Failed error={search.error} retry={() => void find()} />
      ) : (
        <Outcome search={search} />
      )}
    </>
  )
}

function Outcome({ search }: { readonly search: Search }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if (search.kind === 'reading') {
    return <p className='small soft' role='status'>{say('customers.find.reading')}</p>
  }
  if (search.kind !== 'found') return null
  const { rows, isWhole } = search.found
  return (
    <p className='small soft' role='status'>
      {rows.length > 0
        ? say('customers.find.some', { count: formats.count(rows.length) })
        : say(isWhole ? 'customers.find.none' : 'customers.find.cut')}
    </p>
  )
}
