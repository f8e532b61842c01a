import type { AccountIntervalZone, AccountRun, SettlementLine } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { lineColumns } from '../lib/tables.ts'
import { CsvButton } from '../parts/csv-button.tsx'

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
  return (
    <>
      <div className='table-frame' tabIndex={0} role='region' aria-label={title}>
        <table className='lines'>
          <thead>
            <tr>
              <th scope='col'>{title}</th>
              <th scope='col' className='number'>{say('line.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {run.items.map((line, index) => (
              <Line key={`${line.meter}/${line.reason}/${index}`} line={line} />
            ))}
            <tr>
              <th scope='row'>{say('line.sum')}</th>
              <td className='number'>
                <strong>{formats.exactMoney(run.netMicros)}</strong>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <CsvButton name={`busbar-run-${run.run}`} columns={() => lineColumns(run.items)} />
    </>
  )
}

function Line({ line }: { readonly line: SettlementLine }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { reason, energyWh, priceMicrosPerKwh, amountMicros } = line
  return (
    <tr>
      <th scope='row'>
        {say(`reason.${reason}`)}
        {energyWh === 0 ? null : (
          <span className='small soft factors'>
            {say('line.factors', {
              energy: formats.exactEnergy(energyWh),
              price: formats.exactMoney(priceMicrosPerKwh),
            })}
          </span>
        )}
      </th>
      <td className={`number ${amountMicros < 0 ? 'amount-out' : 'amount-in'}`}>
        {formats.exactMoney(amountMicros)}
      </td>
    </tr>
  )
}
