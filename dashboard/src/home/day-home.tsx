import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { TimeChart } from '../charts/time-chart.tsx'
import { Figure, Note } from '../parts/parts.tsx'
import type { DayRange } from './day.ts'
import { useShared } from './day-shared.ts'
import { type BehindMeter, sumOf } from './devices.ts'
import { type HomeColumn, homeColumns } from './home-columns.ts'

/** What a home made and used on a day, and how much of it was its own. */
export function HomeFigures({ behind }: { readonly behind: BehindMeter }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const [usedWh, ownWh] = [sumOf(behind.usedWh), sumOf(behind.ownWh)]
  const share = { share: formats.percent(usedWh === 0 ? 0 : ownWh / usedWh) }
  const figures: readonly (readonly [key: HomeColumn, values: readonly (number | null)[]])[] =
    homeColumns(behind).filter(([key]) => key !== 'own')
  return (
    <>
      <dl className='figures'>
        {figures.map(([key, values]) => (
          <Figure
            key={key}
            label={say(`day.${key}`)}
            value={formats.energy(sumOf(values))}
            {...(key === 'used' && usedWh > 0 ? { hint: say('day.own.hint', share) } : {})}
            {...(key === 'generated' ? { tone: 'is-self' } : {})}
          />
        ))}
      </dl>
      <Contradiction behind={behind} />
    </>
  )
}

/** Devices that cannot be right beside the meter are said to be so, and nothing follows of it. */
function Contradiction({ behind }: { readonly behind: BehindMeter }): ReactNode {
  const texts = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const { contradicted } = behind
  const last = contradicted.at(-1)
  if (last === undefined) return null
  const count = contradicted.length
  const title = texts.count('day.contradicted', count, formats.count(count))
  const time = formats.time(last * intervalMs)
  return (
    <Note tone='warn' title={title}>
      <p className='small'>{texts.say('day.contradicted.next', { time })}</p>
    </Note>
  )
}

/** Made and used, and of what was used what was the home's own. */
export function HomeChart(props: {
  readonly series: AccountSeries
  readonly range: DayRange
  readonly behind: BehindMeter
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const shared = useShared(props)
  const { generatedWh, usedWh, ownWh } = props.behind
  const show = formats.energy
  return (
    <TimeChart
      {...shared}
      title={say('day.home')}
      height={150}
      showTick={formats.energy}
      lines={[
        { label: say('day.used'), color: '--ink-soft', shape: 'area', values: usedWh, show },
        { label: say('day.own'), color: '--self', shape: 'area', values: ownWh, show },
        {
          ...{ label: say('day.generated'), color: '--copper', shape: 'line' },
          ...{ values: generatedWh, show },
        },
      ]}
    />
  )
}
