import type { FormEvent, HTMLInputAutoCompleteAttribute, ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { refine } from '../route/router.tsx'
import {
  filterChoices, filtersOf, type MeterFilter, meterFilters, searchOfFilters,
} from './meter-search.ts'

type Filters = ReturnType<typeof filtersOf>

const inSight: readonly MeterFilter[] = ['name', 'zone', 'kind', 'standing']

/** What meters are chosen by; kept in the address, so that it can be sent to somebody. */
export function MeterFilters({ filters }: { readonly filters: Filters }): ReactNode {
  const { say } = useTexts()
  const find = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const given = new URLSearchParams(
      meterFilters.map((filter) => [filter, String(form.get(filter) ?? '')]),
    )
    refine(searchOfFilters(filtersOf(`?${given}`)))
  }
  const hidden = meterFilters.filter((filter) => !inSight.includes(filter))
  const isOpen = hidden.some((filter) => filters[filter] !== undefined)
  // Another address has other values in the fields: they begin anew.
  return (
    <form key={searchOfFilters(filters)} className='stack' onSubmit={find}>
      <div className='fields'>
        {inSight.map((filter) => (
          <Filter key={filter} filter={filter} filters={filters} />
        ))}
      </div>
      <details open={isOpen}>
        <summary>{say('meters.more')}</summary>
        <div className='fields'>
          {hidden.map((filter) => (
            <Filter key={filter} filter={filter} filters={filters} />
          ))}
        </div>
      </details>
      <div className='row'>
        <button type='submit' className='button main'>{say('meters.find')}</button>
        {Object.keys(filters).length === 0 ? null : (
          <button type='button' className='button' onClick={() => refine('')}>
            {say('meters.all')}
          </button>
        )}
      </div>
    </form>
  )
}

type FilterProps = { readonly filter: MeterFilter; readonly filters: Filters }

function Filter({ filter, filters }: FilterProps): ReactNode {
  const { say } = useTexts()
  const { zones } = useMarket()
  const choices: readonly (readonly [string, string])[] | undefined =
    filter === 'zone'
      ? zones.map(({ zone, name }) => [String(zone), name])
      : filter === 'kind'
        ? filterChoices.kind.map((one) => [one, say(`meters.kind.${one}`)])
        : filter === 'flows'
          ? filterChoices.flows.map((one) => [one, say(`meters.flows.${one}`)])
          : filter === 'standing'
            ? filterChoices.standing.map((one) => [one, say(`meters.standing.${one}`)])
            : filter === 'form'
              ? filterChoices.form.map((one) => [one, one])
              : undefined
  return (
    <label className='field'>
      {say(`meters.filter.${filter}`)}
      {choices === undefined ? (
        <input name={filter} defaultValue={filters[filter] ?? ''} {...inputOf(filter)} />
      ) : (
        <select name={filter} defaultValue={filters[filter] ?? ''}>
          <option value=''>{say('meters.any')}</option>
          {choices.map(([value, text]) => (
            <option key={value} value={value}>{text}</option>
          ))}
        </select>
      )}
    </label>
  )
}

type InputRules = {
  readonly type: string
  readonly autoComplete: HTMLInputAutoCompleteAttribute
  readonly pattern?: string
  readonly min?: number
  readonly max?: number
}

function inputOf(filter: MeterFilter): InputRules {
  const autoComplete = 'off'
  if (filter === 'name') return { type: 'search', autoComplete, pattern: '[a-z0-9\\-]{1,32}' }
  if (filter === 'gatewayKey') {
    return { type: 'text', autoComplete, pattern: '0x0[23][0-9a-f]{64}' }
  }
  if (filter === 'registeredSince') return { type: 'date', autoComplete }
  if (filter === 'estimatedPercent') return { type: 'number', autoComplete, min: 1, max: 100 }
  return { type: 'number', autoComplete, min: 0, max: 999_999_999 }
}
