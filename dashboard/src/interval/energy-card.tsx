import type { PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Badge, Card } from '../parts/parts.tsx'

type Part = { readonly name: string; readonly energyWh: number; readonly className: string }

/** Both sides of an interval's energy, drawn to the same scale: equal, or it is said. */
export function EnergyCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const last = interval.runs.at(-1)
  if (last === undefined) {
    return (
      <Card title={say('interval.energy')}>
        <p className='soft'>{say('interval.energy.none')}</p>
      </Card>
    )
  }
  const { energy, estimatedMeterCount: estimated } = last
  const into: readonly Part[] = [
    part(say('interval.energy.injected'), energy.injectedWh, 'self'),
    part(say('interval.energy.imported'), energy.importedWh, 'buy'),
    part(say('interval.energy.bought'), energy.imbalanceBoughtWh, 'warn'),
  ]
  const out: readonly Part[] = [
    part(say('interval.energy.consumed'), energy.consumedWh, 'price'),
    part(say('interval.energy.exported'), energy.exportedWh, 'buy'),
    part(say('interval.energy.sold'), energy.imbalanceSoldWh, 'warn'),
  ]
  const scale = Math.max(1, sumOf(into), sumOf(out))
  const isExact = energy.unexplainedWh === 0
  const unexplained = formats.exactEnergy(energy.unexplainedWh)
  return (
    <Card title={say('interval.energy')}>
      <Side title={say('interval.energy.in')} parts={into} scale={scale} />
      <Side title={say('interval.energy.out')} parts={out} scale={scale} />
      <p className='row small'>
        <Badge tone={isExact ? 'good' : 'bad'} icon={isExact ? 'check' : 'cross'}>
          {say(`interval.energy.${isExact ? 'exact' : 'open'}`, { energy: unexplained })}
        </Badge>
        {estimated === 0 ? null : (
          <Badge tone='warn' icon='warn'>
            {count('interval.estimated', estimated, formats.count(estimated))}
          </Badge>
        )}
      </p>
    </Card>
  )
}

const part = (name: string, energyWh: number, className: string): Part => ({
  name,
  energyWh,
  className,
})

const sumOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, { energyWh }) => sum + energyWh, 0)

function Side(props: {
  readonly title: string
  readonly parts: readonly Part[]
  readonly scale: number
}): ReactNode {
  const formats = useFormats()
  const { title, parts, scale } = props
  const present = parts.filter(({ energyWh }) => energyWh !== 0)
  return (
    <div className='side'>
      <p className='row apart'>
        <strong>{title}</strong>
        <span className='figure'>{formats.energy(sumOf(parts))}</span>
      </p>
      <div className='side-bar' aria-hidden='true'>
        {present.map(({ name, energyWh, className }) => (
          <span
            key={name}
            className={className}
            style={{ width: `${(energyWh / scale) * 100}%` }}
          />
        ))}
      </div>
      <ul className='row small'>
        {present.map(({ name, energyWh, className }) => (
          <li key={name}>
            <span className={`key block ${className}`} />
            <span className='figure'>{formats.energy(energyWh)}</span>{' '}
            <span className='soft'>{name}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
