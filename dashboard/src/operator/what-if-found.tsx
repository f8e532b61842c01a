import type { WhatIfAnswer } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Figure, Note } from '../parts/parts.tsx'
import { type Row, useColumns, WhatIfDays } from './what-if-days.tsx'
import { savedDays, type Sums, sumOf } from './what-if-span.ts'

const systemNames = { 0: 'rounding', 1: 'fees', 2: 'guarantee' } as const

/** What the past would have come to, once it is known. */
export function WhatIfFound({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zones, accountCount, reproducedIntervals, unheardFields } = answer
  if (reproducedIntervals === 0) {
    return (
      <>
        <Note tone='plain' title={say('whatIf.none')} />
        <NotReached answer={answer} />
      </>
    )
  }
  return (
    <>
      <Note
        tone='good'
        title={say('whatIf.reproduced', { count: formats.count(reproducedIntervals) })}
      />
      <Totals sums={sumOf(zones)} />
      {unheardFields.length === 0 ? null : (
        <Note tone='warn' title={say('whatIf.unheard', { fields: unheardFields.join(', ') })} />
      )}
      <WhatIfDays answer={answer} />
      {zones.length < 2 ? null : <Zones answer={answer} />}
      {accountCount === 0 ? (
        <Note tone='good' title={say('whatIf.same')} />
      ) : (
        <Accounts answer={answer} />
      )}
      <NotReached answer={answer} />
      <p className='small soft'>{say('whatIf.caveat')}</p>
    </>
  )
}

function Totals({ sums }: { readonly sums: Sums }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { own, other } = sums
  const price = (side: Sums['own']): string =>
    side.meanPriceMicrosPerKwh === null ? '–' : formats.price(side.meanPriceMicrosPerKwh)
  const instead = (value: string): string => say('whatIf.instead', { value })
  return (
    <dl className='figures'>
      <Figure
        label={say('whatIf.energy')}
        value={formats.energy(other.energyWh)}
        hint={instead(formats.energy(own.energyWh))}
      />
      <Figure label={say('whatIf.price')} value={price(other)} hint={instead(price(own))} />
      <Figure
        label={say('whatIf.fees')}
        value={formats.money(other.feesMicros)}
        hint={instead(formats.money(own.feesMicros))}
      />
      <Figure
        label={say('whatIf.moved')}
        value={formats.money(sums.movedMicros)}
        hint={say('whatIf.moved.hint')}
      />
      <Figure label={say('whatIf.refused')} value={formats.count(sums.refusedOrders)} />
    </dl>
  )
}

function Zones({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const { zones } = useMarket()
  const rows = answer.zones.map(({ zone, ...sums }): Row => ({
    name: zones.find((one) => one.zone === zone)?.name ?? String(zone), ...sums,
  }))
  return (
    <DataTable
      title={say('whatIf.zones')}
      frame='plain'
      columns={useColumns(say('whatIf.zone'))}
      rows={rows}
      keyOf={({ name }) => name}
      file='what-if-zones'
      saved={() => savedDays(answer.zones.map((one) => ({ day: '', ...one })))}
    />
  )
}

type Account = WhatIfAnswer['accounts'][number]

function Accounts({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { accounts, accountCount } = answer
  const nameOf = ({ account, name }: Account): string => {
    if (name !== null) return say('proposals.named', { name, account })
    const system = systemNames[account as keyof typeof systemNames]
    return system === undefined
      ? say('proposals.account', { account })
      : say(`whatIf.system.${system}`)
  }
  const columns: readonly Column<Account>[] = [
    {
      ...{ name: 'account', title: say('whatIf.whose'), show: nameOf },
      value: ({ account }) => account,
    },
    {
      ...{ name: 'difference_micros', title: say('whatIf.column.difference'), isNumber: true },
      show: ({ differenceMicros }) => formats.exactMoney(differenceMicros),
      value: ({ differenceMicros }) => differenceMicros,
    },
  ]
  return (
    <>
      {accountCount <= accounts.length ? null : (
        <p className='small soft'>
          {say(accounts.some(({ name }) => name !== null) ? 'whatIf.most' : 'whatIf.others', {
            shown: formats.count(accounts.length), count: formats.count(accountCount),
          })}
        </p>
      )}
      {accounts.length === 0 ? null : (
        <DataTable
          title={say('whatIf.whose')}
          columns={columns}
          rows={accounts}
          keyOf={({ account }) => account}
          frame='plain'
          file='what-if-accounts'
        />
      )}
    </>
  )
}

/** What is not in the sums is said, and why. */
function NotReached({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zones } = useMarket()
  if (answer.notReached.length === 0) return null
  return (
    <details>
      <summary>{say('whatIf.notReached')}</summary>
      <ul>
        {answer.notReached.map(({ zone, reason, intervals }) => (
          <li key={`${zone}/${reason}`}>
            {say(`whatIf.notReached.${reason}`, {
              zone: zones.find((one) => one.zone === zone)?.name ?? zone,
              count: formats.count(intervals),
            })}
          </li>
        ))}
      </ul>
    </details>
  )
}
