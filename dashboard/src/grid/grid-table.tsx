import type { Grid } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'

/** The same as the picture says, in rows. */
export function GridTable(props: { readonly grid: Grid; readonly title: string }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zones } = props.grid
  const names = ['price', 'used', 'fed', 'self', 'flow', 'capacity', 'loading'] as const
  const energy = (value: number | null): string => (value === null ? '–' : formats.energy(value))
  return (
    <div className='table-frame' tabIndex={0} role='region' aria-label={props.title}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('grid.column.zone')}</th>
            <th scope='col'>{say('grid.column.above')}</th>
            {names.map((name) => (
              <th key={name} scope='col' className='number'>{say(`grid.column.${name}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {zones.map((zone) => (
            <tr key={zone.zone}>
              <th scope='row'>{zone.name}</th>
              <td>{zone.parent === null ? '–' : (zones[zone.parent]?.name ?? zone.parent)}</td>
              <td className='number'>
                {zone.priceMicrosPerKwh === null ? '–' : formats.price(zone.priceMicrosPerKwh)}
              </td>
              <td className='number'>{energy(zone.consumedWh)}</td>
              <td className='number'>{energy(zone.injectedWh)}</td>
              <td className='number'>{energy(zone.selfSuppliedWh)}</td>
              <td className='number'>{energy(zone.flowWh)}</td>
              <td className='number'>{energy(zone.capacityWh)}</td>
              <td className='number'>
                {zone.loadingBasisPoints === null
                  ? '–'
                  : formats.percent(zone.loadingBasisPoints / 10_000)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
