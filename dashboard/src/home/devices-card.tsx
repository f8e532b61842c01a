import type { AccountDetail } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'

/** What the registry knows of a home's devices: its meters, and nothing behind them. */
export function DevicesCard({ detail }: { readonly detail: AccountDetail }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()
  return (
    <Card title={say('devices.title')}>
      <Note tone='plain' icon='energy' title={say('devices.unknown')}>
        <p className='small'>{say('devices.unknown.next')}</p>
      </Note>
      <ul className='devices'>
        {detail.meters.map(({ meter, name, kind, zone, importWattsMax, exportWattsMax }) => (
          <li key={meter} className='device'>
            <Icon name='meter' />
            <div>
              <strong>{say('devices.meter', { meter, name })}</strong>
              <p className='small soft'>
                {say(`devices.${kind}`, {
                  import: formats.power(importWattsMax),
                  export: formats.power(exportWattsMax),
                  zone: zoneName(zone),
                })}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  )
}
