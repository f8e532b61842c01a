import { bilateralZone } from '@busbar/core/exchange'
import { noTrade } from '@busbar/core/settlement'
import type { AccountIntervalZone, AccountRun, SettlementLine } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { lineColumns } from '../lib/tables.ts'
import { DataTable } from '../parts/data-table.tsx'
import { PaidStep } from './contract-steps.tsx'

const basisPoints = 10_000

/** Each line of each run, to the micro, and by which rules it was reckoned. */
export function MoneyStep({ zone, account }: Props): ReactNode {
  const { say } = useTexts()
  const { runs } = zone
  if (runs.length === 0) return <p>{say('why.money.none')}</p>
  return (
    <>
      {runs.map((run) => (
        <RunLines key={run.run} run={run} />
      ))}
      {zone.billed.length === 0 ? null : (
        <Lines title={say('why.billed')} lines={zone.billed} file='busbar-billed' />
      )}
      {zone.zone === bilateralZone ? (
        <PaidStep zone={zone} account={account} />
      ) : (
        <Rates zone={zone} />
      )}
    </>
  )
}

type Props = { readonly zone: AccountIntervalZone; readonly account: number }

function Rates({ zone }: { readonly zone: AccountIntervalZone }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { tariff } = zone
  return (
    <p className='small soft'>
        {say('why.money.fees', {
          fee: formats.exactMoney(zone.feeMicrosPerKwh),
          spread: formats.exactPercent(zone.spreadBasisPoints / basisPoints),
        })}{' '}
        {tariff === null
          ? null
          : say('why.money.tariff', {
              retailer: tariff.retailer,
              retail: formats.exactPrice(tariff.retailMicrosPerKwh),
              feedIn: formats.exactPrice(tariff.feedInMicrosPerKwh),
            })}
    </p>
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
  const { items, dues } = run
  const nothing = say(run.run === 0 ? 'why.run.none' : 'why.run.same', { run: title })
  return (
    <>
      {items.length === 0 ? <p className='soft'>{nothing}</p> : (
        <Lines title={title} lines={items} file={`busbar-run-${run.run}`} />
      )}
      {dues.length === 0 ? null : (
        <Lines
          title={say('why.run.dues', { run: title })}
          lines={dues}
          file={`busbar-run-${run.run}-outside`}
        />
      )}
    </>
  )
}

/** Lines with their sum. */
function Lines(props: {
  readonly title: string
  readonly lines: readonly SettlementLine[]
  readonly file: string
}): ReactNode {
  const { say } = useTexts()
  const { title, lines, file } = props
  const sumMicros = lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0)
  const rows: readonly Row[] = [...lines, { sumMicros }]
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
      file={file}
      saved={() => lineColumns(lines)}
    />
  )
}

/** A line of a run, or what they come to. */
type Row = SettlementLine | { readonly sumMicros: number }

function What({ row }: { readonly row: Row }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if ('sumMicros' in row) return say('line.sum')
  const { reason, energyWh, priceMicrosPerKwh, trade } = row
  return (
    <>
      {say(`reason.${reason}`)}
      {trade === noTrade ? null : ` ${say('line.trade', { trade })}`}
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
