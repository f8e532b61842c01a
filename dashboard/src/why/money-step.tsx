import type { AccountIntervalZone, AccountRun, SettlementLine } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { lineColumns } from '../lib/tables.ts'
import { DataTable } from '../parts/data-table.tsx'

const basisPoints = 10_000

/** Each line of each run, to the micro, and by which rules it was reckoned. */
export function MoneyStep({ zone }: { readonly zone: AccountIntervalZone }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { runs, tariff } = zone
  if (runs.length === 0) return <p>{say('why.money.none')}</p>
  return (
    <>
      {runs.map((run) => (
        <RunLines key={run.run} run={run} />
      ))}
      <p className='small soft'>
        {say('why.money.fees', {
          fee: formats.exactMoney(zone.feeMicrosPerKwh),
          spread: formats.percent(zone.spreadBasisPoints / basisPoints),
        })}{' '}
        {tariff === null
          ? null
          : say('why.money.tariff', {
              retailer: tariff.retailer,
              retail: formats.price(tariff.retailMicrosPerKwh),
              feedIn: formats.price(tariff.feedInMicrosPerKwh),
            })}
      </p>
    </>
  )
}

function RunLines({ run }: { readonly run: AccountRun }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const title = say('why.run', {
    run: run.run,
    kind: say(`run.${run.kind}`),
    time: formats.timeWithSeconds(run.atMs),
  })
  if (run.items.length === 0) return <p className='soft'>{say('why.run.same', { run: title })}</p>
  const rows: readonly Row[] = [...run.items, { sumMicros: run.netMicros }]
  return (
    <DataTable
      title={title}
      columns={[
        { name: 'reason', title, show: (row) => <What row={row} /> },
        {
          ...{ name: 'amount', title: say('line.amount'), isNumber: true },
          show: (row) => <Amount row={row} />,
        },
      ]}
      rows={rows}
      keyOf={(row) => rows.indexOf(row)}
      frame='plain'
      file={`busbar-run-${run.run}`}
      saved={() => lineColumns(run.items)}
    />
  )
}

/** A line of a run, or what they come to. */
type Row = SettlementLine | { readonly sumMicros: number }

function What({ row }: { readonly row: Row }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if ('sumMicros' in row) return say('line.sum')
  const { reason, energyWh, priceMicrosPerKwh } = row
  return (
    <>
      {say(`reason.${reason}`)}
      {energyWh === 0 ? null : (
        <span className='small soft factors'>
          {say('line.factors', {
            energy: formats.exactEnergy(energyWh),
            price: formats.exactMoney(priceMicrosPerKwh),
          })}
        </span>
      )}
    </>
  )
}

function Amount({ row }: { readonly row: Row }): ReactNode {
  const formats = useFormats()
  if ('sumMicros' in row) return <strong>{formats.exactMoney(row.sumMicros)}</strong>
  const { amountMicros } = row
  return (
    <span className={amountMicros < 0 ? 'amount-out' : 'amount-in'}>
      {formats.exactMoney(amountMicros)}
    </span>
  )
}
