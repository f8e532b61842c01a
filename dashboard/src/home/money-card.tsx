import type { Standing } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Card } from '../parts/parts.tsx'

/** How far money is, and how far it may still move. */
export function MoneyCard({ standing }: { readonly standing: Standing }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const { awaited, provisional, final, correctionCount, correctedMicros } = standing
  const counted = (count: number): string => formats.count(count)
  return (
    <Card title={say('money.title')}>
      <ol className='money-steps'>
        <Step
          icon='meter'
          name={say('money.awaited')}
          hint={texts.count('money.awaited.hint', awaited.intervals, counted(awaited.intervals))}
        />
        <Step
          icon='wait'
          name={say('money.provisional')}
          amount={formats.money(provisional.worthMicros)}
          hint={texts.count(
            'money.provisional.hint', provisional.intervals, counted(provisional.intervals),
          )}
        />
        <Step
          icon='check'
          name={say('money.final')}
          amount={formats.money(final.worthMicros)}
          hint={texts.count('money.final.hint', final.intervals, counted(final.intervals))}
        />
        <Step
          icon='coins'
          name={say('money.corrected')}
          amount={formats.money(correctedMicros)}
          hint={texts.count('money.corrected.hint', correctionCount, counted(correctionCount))}
        />
      </ol>
      <Bound standing={standing} />
    </Card>
  )
}

function Step(props: {
  readonly icon: IconName
  readonly name: string
  readonly amount?: string
  readonly hint: string
}): ReactNode {
  return (
    <li>
      <Icon name={props.icon} />
      <span>
        {props.name}
        <span className='small soft factors'>{props.hint}</span>
      </span>
      <strong className='figure'>{props.amount ?? ''}</strong>
    </li>
  )
}

function Bound({ standing }: { readonly standing: Standing }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const { mayRiseMicros, mayFallMicros, untilMs, estimatedIntervals } = standing
  if (untilMs === null) return <p className='soft'>{say('money.bound.none')}</p>
  return (
    <div className='stack tight'>
      <p>
        {say('money.bound', {
          rise: formats.mostMoney(mayRiseMicros),
          fall: formats.mostMoney(mayFallMicros),
          until: formats.moment(untilMs),
        })}
      </p>
      <p className='small soft'>{say('money.bound.hint')}</p>
      {estimatedIntervals === 0 ? null : (
        <p className='small soft'>
          {texts.count('money.estimated', estimatedIntervals, formats.count(estimatedIntervals))}
        </p>
      )}
    </div>
  )
}
