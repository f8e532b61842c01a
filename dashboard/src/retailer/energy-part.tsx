import { type CallOptions, pagesOf } from '@busbar/client'
import type { CustomerEnergy } from '@busbar/protocols/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { everyRow, rowsAtOnce } from '../lib/every-row.ts'
import { keys } from '../live/keys.ts'
import { DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Card, Figure, Note, Switch } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { type EnergyPage, readEnergyPage, type Span } from './bill-check.ts'
import { DaySwitch, useDay } from './day.tsx'
import { useCustomerColumns, useIntervalColumns } from './energy-columns.tsx'
import { meterKey } from './energy-left.ts'
import { RequestsCard } from './requests-card.tsx'
import { type Signed, useAccountNames } from './retailer-data.ts'

/** What customers traded, and what of their energy is left to bill, day by day. */
export function EnergyPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const choice = useDay()
  const { session: { account }, reader } = signed
  const { day: { from, count } } = choice
  const asked = useQuery({
    queryKey: keys.company(account, 'energy', from),
    queryFn: ({ signal }) =>
      reader.trades.customerEnergy(account, { from, intervals: count }, { signal }),
  })
  return (
    <>
      <Card title={say('retailer.energy.title')} beside={<DaySwitch {...choice} />}>
        <p className='small soft'>{say('retailer.energy.hint')}</p>
        <Answered asked={asked} height={420}>
          {({ customers }) =>
            customers.length === 0 ? (
              <Note tone='plain' icon='wait' title={say('retailer.energy.empty')}>
                <p>{say('retailer.energy.empty.next')}</p>
              </Note>
            ) : (
              <Energies customers={customers} signed={signed} span={{ from, count }} />
            )
          }
        </Answered>
      </Card>
      <RequestsCard {...signed} />
    </>
  )
}

type ShownProps = { readonly signed: Signed; readonly span: Span }

function Energies(props: ShownProps & { readonly customers: readonly CustomerEnergy[] }) {
  const { say } = useTexts()
  const { customers, span } = props
  const [by, setBy] = useState<'customers' | 'intervals'>('customers')
  const nameOf = useAccountNames(customers.map(({ account }) => account))
  const columns = useCustomerColumns(nameOf)
  return (
    <>
      <Sums customers={customers} />
      <Switch
        label={say('retailer.part.energy')}
        choices={[
          ['customers', say('retailer.energy.customers')],
          ['intervals', say('retailer.energy.intervals')],
        ]}
        chosen={by}
        choose={setBy}
      />
      {by === 'customers' ? (
        <DataTable
          title={say('retailer.energy.customers')}
          frame='plain'
          file={`energy-by-customer-${span.from}`}
          columns={columns}
          rows={customers}
          keyOf={({ account }) => account}
        />
      ) : (
        <Lines {...props} nameOf={nameOf} />
      )}
    </>
  )
}

/** Rows that are read at a time, as whole intervals. */
const rowsShown = 60

/** What the sums are made of, meter by meter; the file has all of the day. */
function Lines(props: ShownProps & { readonly nameOf: (account: number) => string }): ReactNode {
  const { say } = useTexts()
  const { signed: { session: { account }, reader }, span, nameOf } = props
  const { from, count } = span
  const columns = useIntervalColumns(nameOf)
  const read = (first: number, limit: number, options: CallOptions): Promise<EnergyPage> =>
    readEnergyPage(reader, account, { from: first, count: from + count - first }, limit, options)
  const asked = useInfiniteQuery({
    queryKey: keys.company(account, 'energy', from, 'lines'),
    initialPageParam: from,
    queryFn: ({ pageParam, signal }) => read(pageParam, rowsShown, { signal }),
    getNextPageParam: ({ nextFrom }) => nextFrom,
  })
  return (
    <Answered asked={asked} height={420}>
      {({ pages }) => (
        <DataTable
          title={say('retailer.energy.intervals')}
          frame='plain'
          file={`energy-by-interval-${from}`}
          columns={columns}
          rows={pages.flatMap(({ energies }) => energies)}
          all={everyRow(
            (options) => pagesOf((page) => read(page.from ?? from, rowsAtOnce, options)),
            ({ energies }) => energies,
          )}
          keyOf={meterKey}
          more={moreOf(asked)}
        />
      )}
    </Answered>
  )
}

function Sums({ customers }: { readonly customers: readonly CustomerEnergy[] }): ReactNode {
  const { say } = useTexts()
  const { energy } = useFormats()
  const sum = (of: (one: CustomerEnergy) => number): number =>
    customers.reduce((all, one) => all + of(one), 0)
  const [sold, bought] = [sum(({ soldWh }) => soldWh), sum(({ boughtWh }) => boughtWh)]
  const taken = sum(({ leftImportWh }) => leftImportWh)
  const given = sum(({ leftExportWh }) => leftExportWh)
  return (
    <dl className='figures'>
      <Figure
        label={say('retailer.energy.metered')}
        value={energy(sum(({ importedWh }) => importedWh))}
      />
      <Figure
        label={say('retailer.energy.injected')}
        value={energy(sum(({ exportedWh }) => exportedWh))}
      />
      <Figure
        label={say('retailer.energy.traded')}
        value={energy(sold + bought)}
        hint={say('retailer.energy.traded.hint', { sold: energy(sold), bought: energy(bought) })}
        tone='is-self'
      />
      <Figure
        label={say('retailer.energy.left')}
        value={energy(taken + given)}
        hint={say('retailer.energy.left.hint', { import: energy(taken), export: energy(given) })}
      />
    </dl>
  )
}
