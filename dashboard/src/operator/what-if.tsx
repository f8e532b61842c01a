import type { RulebookDocument, WhatIfAnswer } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import type { Columns } from '../lib/csv.ts'
import { keys } from '../live/keys.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { type Column, Table } from '../parts/data-table.tsx'
import { Figure, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { type Sums, sumsByDay } from './rulebook-fields.ts'

const lookMs = 700
const systemNames = { 0: 'rounding', 1: 'fees', 2: 'guarantee' } as const

/** What the settled intervals would have come to, as it is worked out. */
export function WhatIf({ rulebook }: { readonly rulebook: RulebookDocument }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.whatIf(rulebook),
    queryFn: ({ signal }) => client.operator.whatIf({ rulebook }, { signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? lookMs : false),
    gcTime: 0,
  })
  return (
    <Answered asked={asked}>
      {(answer) => {
        const { state, done, total } = answer
        if (state === 'failed') return <Note tone='bad' title={say('whatIf.failed')} isAlert />
        return (
          <div className='stack'>
            {state === 'running' ? (
              <label className='field' role='status'>
                {say('whatIf.progress', { done, total })}
                <progress value={done} max={Math.max(1, total)} />
              </label>
            ) : null}
            <Found answer={answer} />
          </div>
        )
      }}
    </Answered>
  )
}

function Found({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const { intervals, accounts, state } = answer
  if (intervals.length === 0) {
    return state === 'running' ? null : <Note tone='plain' title={say('whatIf.none')} />
  }
  const all = sumsByDay(intervals, () => 'all').get('all')
  const days = [...sumsByDay(intervals, (interval) => formats.day(interval * intervalMs))]
  return (
    <>
      {all === undefined ? null : (
        <dl className='figures'>
          <Figure
            label={say('whatIf.energy')}
            value={formats.energy(all.otherWh)}
            hint={say('whatIf.energy.own', { energy: formats.energy(all.ownWh) })}
          />
          <Figure
            label={say('whatIf.moved')}
            value={formats.money(all.movedMicros)}
            hint={say('whatIf.moved.hint')}
          />
          <Figure label={say('whatIf.refused')} value={formats.count(all.refusedOrders)} />
        </dl>
      )}
      <Days days={days} />
      {accounts.length === 0 ? (
        <Note tone='good' title={say('whatIf.same')} />
      ) : (
        <Accounts accounts={accounts} />
      )}
      <p className='small soft'>{say('whatIf.caveat')}</p>
      <div className='row'>
        <CsvButton name='what-if' columns={() => columnsOf(intervals)} />
      </div>
    </>
  )
}

type Day = readonly [day: string, sums: Sums]

function Days({ days }: { readonly days: readonly Day[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const columns: readonly Column<Day>[] = [
    { name: 'day', title: say('whatIf.column.day'), show: ([day]) => day },
    {
      ...{ name: 'own', title: say('whatIf.column.own'), isNumber: true },
      show: ([, { ownWh }]) => formats.energy(ownWh),
    },
    {
      ...{ name: 'new', title: say('whatIf.column.new'), isNumber: true },
      show: ([, { otherWh }]) => formats.energy(otherWh),
    },
    {
      ...{ name: 'moved', title: say('whatIf.moved'), isNumber: true },
      show: ([, { movedMicros }]) => formats.money(movedMicros),
    },
  ]
  return (
    <Table
      title={say('whatIf.days')}
      frame='plain'
      columns={columns}
      rows={days}
      keyOf={([day]) => day}
    />
  )
}

function Accounts({ accounts }: Pick<WhatIfAnswer, 'accounts'>): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const nameOf = (account: number): string => {
    const system = systemNames[account as keyof typeof systemNames]
    return system === undefined
      ? say('proposals.account', { account })
      : say(`whatIf.system.${system}`)
  }
  const columns: readonly Column<WhatIfAnswer['accounts'][number]>[] = [
    { name: 'account', title: say('whatIf.whose'), show: ({ account }) => nameOf(account) },
    {
      ...{ name: 'difference', title: say('whatIf.column.difference'), isNumber: true },
      show: ({ differenceMicros }) => formats.exactMoney(differenceMicros),
    },
  ]
  return (
    <Table
      title={say('whatIf.whose')}
      frame='tall'
      columns={columns}
      rows={accounts}
      keyOf={({ account }) => account}
    />
  )
}

const columnsOf = (intervals: WhatIfAnswer['intervals']): Columns => ({
  interval: intervals.map(({ interval }) => interval),
  ownPriceMicrosPerKwh: intervals.map(({ own }) => own.priceMicrosPerKwh),
  otherPriceMicrosPerKwh: intervals.map(({ other }) => other.priceMicrosPerKwh),
  ownEnergyWh: intervals.map(({ own }) => own.energyWh),
  otherEnergyWh: intervals.map(({ other }) => other.energyWh),
  movedMicros: intervals.map(({ movedMicros }) => movedMicros),
  refusedOrders: intervals.map(({ refusedOrders }) => refusedOrders),
})
