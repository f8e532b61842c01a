import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { keys } from '../live/keys.ts'
import { DataTable } from '../parts/data-table.tsx'
import { Card, Figure, Note, Switch } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { readEnergies } from './bill-check.ts'
import { DaySwitch, useDay } from './day.tsx'
import { useCustomerColumns, useIntervalColumns } from './energy-columns.tsx'
import { type MeterEnergy, meterKey, sumsByCustomer } from './energy-left.ts'
import { RequestsCard } from './requests-card.tsx'
import { type Signed, useAccountNames } from './retailer-data.ts'

/** What customers traded, and what of their energy is left to bill, day by day. */
export function EnergyPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const choice = useDay()
  const { session: { account }, reader } = signed
  const { day } = choice
  const asked = useQuery({
    queryKey: keys.company(account, 'energy', day.from),
    queryFn: ({ signal }) => readEnergies(reader, account, day, { signal }),
  })
  return (
    <>
      <Card title={say('retailer.energy.title')} beside={<DaySwitch {...choice} />}>
        <p className='small soft'>{say('retailer.energy.hint')}</p>
        <Answered asked={asked} height={420}>
          {(energies) =>
            energies.length === 0 ? (
              <Note tone='plain' icon='wait' title={say('retailer.energy.empty')}>
                <p>{say('retailer.energy.empty.next')}</p>
              </Note>
            ) : (
              <Energies energies={energies} from={day.from} />
            )
          }
        </Answered>
      </Card>
      <RequestsCard {...signed} />
    </>
  )
}

function Energies(props: {
  readonly energies: readonly MeterEnergy[]
  readonly from: number
}): ReactNode {
  const { say } = useTexts()
  const { energies, from } = props
  const [by, setBy] = useState<'customers' | 'intervals'>('customers')
  const [shown, setShown] = useState(rowsAtFirst)
  const nameOf = useAccountNames(energies.map(({ account }) => account))
  const customers = useCustomerColumns(nameOf)
  const intervals = useIntervalColumns(nameOf)
  const title = say(`retailer.energy.${by}`)
  return (
    <>
      <Sums energies={energies} />
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
          title={title}
          frame='plain'
          file={`energy-by-customer-${from}`}
          columns={customers}
          rows={sumsByCustomer(energies)}
          keyOf={({ account }) => account}
        />
      ) : (
        <DataTable
          title={title}
          frame='plain'
          file={`energy-by-interval-${from}`}
          columns={intervals}
          rows={energies.slice(0, shown)}
          all={energies}
          keyOf={meterKey}
          more={{
            hasMore: energies.length > shown,
            isLoading: false,
            load: () => setShown(shown + rowsAtFirst),
          }}
        />
      )}
    </>
  )
}

/** Rows that are drawn at once. */
const rowsAtFirst = 60

function Sums({ energies }: { readonly energies: readonly MeterEnergy[] }): ReactNode {
  const { say } = useTexts()
  const { energy } = useFormats()
  const sum = (of: (one: MeterEnergy) => number): number =>
    energies.reduce((all, one) => all + of(one), 0)
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
