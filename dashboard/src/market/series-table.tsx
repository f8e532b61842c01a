import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'

/** The same figures for those who read rather than look, the newest first. */
export function SeriesTable({ series }: { readonly series: Series }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const energy = (value: number | null | undefined): string =>
    value === null || value === undefined ? '–' : formats.energy(value)
  const rows = series.interval.map((interval, i) => ({
    interval,
    price: series.priceMicrosPerKwh[i] ?? null,
    energies: [
      series.tradedWh[i], series.consumedWh[i], series.injectedWh[i], series.selfSuppliedWh[i],
    ],
  }))
  const names = ['traded', 'consumed', 'injected', 'self'] as const
  return (
    <div className='table-frame tall' tabIndex={0} role='region' aria-label={say('series.title')}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('series.time')}</th>
            <th scope='col' className='number'>{say('series.price')}</th>
            {names.map((name) => (
              <th key={name} scope='col' className='number'>{say(`series.${name}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.toReversed().map(({ interval, price, energies }) => (
            <tr key={interval}>
              <th scope='row'>{formats.moment(interval * intervalMs)}</th>
              <td className='number'>{price === null ? '–' : formats.price(price)}</td>
              {energies.map((value, i) => (
                <td key={names[i]} className='number'>{energy(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
