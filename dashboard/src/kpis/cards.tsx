import type { Durations, Kpis } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Badge, Card, Figure } from '../parts/parts.tsx'
import { etherOf } from './figures.ts'

type Props = { readonly kpis: Kpis }

/** From the end of an interval to money that is final on the chain. */
export function CashCard({ kpis: { meterToCash } }: Props): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { durations, unknownCount } = meterToCash
  return (
    <Card title={say('kpis.cash')}>
      <Spread durations={durations} hint={say('kpis.cash.hint')} />
      {unknownCount === 0 ? null : (
        <p className='small soft'>
          {count('kpis.cash.unknown', unknownCount, formats.count(unknownCount))}
        </p>
      )}
    </Card>
  )
}

/** Half of them within the large figure; a bar for the rest. */
function Spread(props: {
  readonly durations: Durations | null
  readonly hint: string
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { durations, hint } = props
  if (durations === null) return <p className='soft'>{say('kpis.none')}</p>
  const show = formats.duration
  const rows = [
    ['p50', durations.p50Ms], ['p90', durations.p90Ms], ['p99', durations.p99Ms],
    ['max', durations.maxMs],
  ] as const
  return (
    <>
      <div>
        <p className='hero figure'>{show(durations.p50Ms)}</p>
        <p className='soft'>{hint}</p>
      </div>
      <dl className='ranks'>
        {rows.map(([name, ms]) => (
          <div key={name}>
            <dt className='small soft'>{say(`kpis.rank.${name}`)}</dt>
            <dd className='figure'>{show(ms)}</dd>
            <dd className='rank-bar' aria-hidden='true'>
              <span style={{ width: `${(100 * ms) / Math.max(1, durations.maxMs)}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** How much of the first money and energy was still wrong. */
export function VarianceCard({ kpis: { variance } }: Props): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { age, openCount, oldestOpenMs } = variance
  return (
    <Card title={say('kpis.variance')}>
      <dl className='figures'>
        <Figure
          label={say('kpis.variance.money')}
          value={<Share basisPoints={variance.moneyBasisPoints} />}
          hint={say('kpis.variance.of', {
            moved: formats.money(variance.movedMicros),
            all: formats.money(variance.initialMicros),
          })}
        />
        <Figure
          label={say('kpis.variance.energy')}
          value={<Share basisPoints={variance.energyBasisPoints} />}
          hint={say('kpis.variance.of', {
            moved: formats.energy(variance.movedWh),
            all: formats.energy(variance.initialWh),
          })}
        />
        <Figure
          label={say('kpis.variance.age')}
          value={age === null ? '–' : formats.duration(age.p50Ms)}
          hint={age === null
            ? say('kpis.variance.none')
            : say('kpis.variance.oldest', { time: formats.duration(age.maxMs) })}
        />
      </dl>
      <p className='row small'>
        <Badge tone='plain' icon='wait'>
          {count('kpis.variance.open', openCount, formats.count(openCount))}
        </Badge>
        {oldestOpenMs === null ? null : (
          <span className='soft'>
            {say('kpis.variance.since', { time: formats.duration(oldestOpenMs) })}
          </span>
        )}
      </p>
    </Card>
  )
}

function Share({ basisPoints }: { readonly basisPoints: number | null }): ReactNode {
  const { language } = useTexts()
  if (basisPoints === null) return '–'
  const options = { style: 'percent', maximumFractionDigits: 2 } as const
  return new Intl.NumberFormat(language, options).format(basisPoints / 10_000)
}

/** What it costs to trade here. */
export function SpreadCard({ kpis: { spread } }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <Card title={say('kpis.spread')}>
      <dl className='figures'>
        <Figure
          label={say('kpis.spread.per')}
          value={spread.microsPerKwh === null ? '–' : formats.exactMoney(spread.microsPerKwh)}
          unit={say('series.price.unit')}
          hint={say('kpis.spread.hint', { energy: formats.energy(spread.tradedWh) })}
          tone='is-price'
        />
      </dl>
      <dl className='equation small'>
        <div>
          <dt className='soft'>{say('kpis.spread.fees')}</dt>
          <dd>{formats.exactMoney(spread.feesMicros)}</dd>
        </div>
        <div>
          <dt className='soft'>{say('kpis.spread.deviation')}</dt>
          <dd>{formats.exactMoney(spread.deviationMicros)}</dd>
        </div>
      </dl>
      <p className='small soft'>{say('kpis.spread.private')}</p>
    </Card>
  )
}

/** What the chain takes for an interval. */
export function CostCard({ kpis: { cost } }: Props): ReactNode {
  const { say, count, language } = useTexts()
  const formats = useFormats()
  const whole = (value: number | null): string => (value === null ? '–' : formats.count(value))
  const ether = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  return (
    <Card title={say('kpis.cost')}>
      <dl className='figures'>
        <Figure
          label={say('kpis.cost.interval')}
          value={whole(cost.gasPerInterval)}
          hint={count('kpis.cost.of', cost.intervalCount, formats.count(cost.intervalCount))}
        />
        <Figure
          label={say('kpis.cost.account')}
          value={whole(cost.gasPerAccount)}
          hint={say('kpis.cost.account.hint')}
        />
        <Figure
          label={say('kpis.cost.fee')}
          value={cost.feeWeiPerInterval === null
            ? '–'
            : ether.format(etherOf(cost.feeWeiPerInterval))}
          unit='ETH'
          hint={say('kpis.cost.fee.hint')}
        />
      </dl>
      <p className='small soft'>{say('kpis.cost.hint')}</p>
    </Card>
  )
}
