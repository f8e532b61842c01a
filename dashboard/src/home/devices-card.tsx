import type { AccountDetail, DeviceOfSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { isSilent, type KindOfDevice, placeAmong, sumOf, type Told } from './devices.ts'

/** What stands in a home: its devices, where they say what they do, and its meters. */
export function DevicesCard(props: {
  readonly detail: AccountDetail
  readonly told: Told
  /** Of a day that is over it is not followed how devices stand now. */
  readonly isNow: boolean
}): ReactNode {
  const { say } = useTexts()
  const { told, detail, isNow } = props
  const devices = told.state === 'known' ? told.series.devices : []
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const nowMs = useMarketTime(10_000)
  const silent = nowMs === undefined || !isNow
    ? []
    : devices.filter((device) => isSilent(device, nowMs, intervalMs))
  return (
    <Card title={say('devices.title')}>
      {told.state === 'failed' ? (
        <Note tone='warn' title={say('devices.failed')}>
          <p className='small'>{say('devices.failed.next')}</p>
        </Note>
      ) : null}
      {told.state === 'known' && devices.length === 0 ? (
        <Note tone='plain' icon='energy' title={say('devices.unknown')}>
          <p className='small'>{say('devices.unknown.next')}</p>
        </Note>
      ) : null}
      <ul className='devices'>
        {devices.map((device) => (
          <Device
            key={device.device}
            {...{ device, among: devices, isNow, isSilent: silent.includes(device) }}
          />
        ))}
        <Meters detail={detail} />
      </ul>
      {silent.length === 0 ? null : <p className='small'>{say('devices.silent.hint')}</p>}
      {devices.length === 0 ? null : <p className='small soft'>{say('devices.hint')}</p>}
    </Card>
  )
}

const icons: Readonly<Record<KindOfDevice, IconName>> = {
  solar: 'sun', battery: 'battery', car_charger: 'car', heat_pump: 'heat',
}

function Device(props: {
  readonly device: DeviceOfSeries
  readonly among: readonly DeviceOfSeries[]
  readonly isNow: boolean
  readonly isSilent: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { device, among, isNow } = props
  const { kind, inWh, outWh, lastChargeBasisPoints: charge } = device
  const number = placeAmong(among, device)
  const name = say(`devices.${kind}`)
  const isTold = [...inWh, ...outWh].some((energy) => energy !== null)
  const did = say(isTold ? `devices.did.${kind}` : 'devices.did.nothing', {
    in: formats.energy(sumOf(inWh)), out: formats.energy(sumOf(outWh)),
  })
  return (
    <li className='device'>
      <Icon name={icons[kind]} />
      <div>
        <strong>
          {number === undefined
            ? name
            : say('devices.numbered', { device: name, number: String(number) })}
        </strong>
        <p className='small soft'>{did}</p>
        {isNow ? <Standing device={device} isSilent={props.isSilent} /> : null}
      </div>
      {charge === null || !isNow ? null : <Charge basisPoints={charge} />}
    </li>
  )
}

/** Whether it is heard, and whether a car stands at it. */
function Standing(props: {
  readonly device: DeviceOfSeries
  readonly isSilent: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const { lastBoundary, isPluggedIn } = props.device
  if (props.isSilent && lastBoundary !== null) {
    const time = formats.moment(lastBoundary * intervalMs)
    return <Badge tone='warn' icon='offline'>{say('devices.silent', { time })}</Badge>
  }
  if (isPluggedIn === null) return null
  return <p className='small'>{say(isPluggedIn ? 'devices.plugged' : 'devices.away')}</p>
}

/** How full it is, as a bar and in words. */
function Charge({ basisPoints }: { readonly basisPoints: number }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const percent = formats.percent(basisPoints / 10_000)
  return (
    <div className='charge'>
      <svg viewBox='0 0 100 8' preserveAspectRatio='none' aria-hidden='true'>
        <rect className='room' width='100' height='8' />
        <rect className='full' width={basisPoints / 100} height='8' />
      </svg>
      <strong className='figure'>{say('devices.charge', { percent })}</strong>
    </div>
  )
}

function Meters({ detail }: { readonly detail: AccountDetail }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()
  return detail.meters.map(({ meter, name, kind, zone, importWattsMax, exportWattsMax }) => (
    <li key={`meter ${meter}`} className='device'>
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
  ))
}
