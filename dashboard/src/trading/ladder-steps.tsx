import type { WrittenStep } from '@busbar/client'
import type { BoardOffer } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'

/** A step as it stands, in the form in which it is written. */
export const writtenOf = (step: BoardOffer['content']['ladder'][number]): WrittenStep => {
  const { source, priceMicrosPerKwh, number } = step
  const who = step.with === 'anyone'
    ? ({ kind: 'anyone' } as const)
    : step.with === 'zone'
      ? ({ kind: 'zone', zone: String(number ?? 0) } as const)
      : ({ kind: 'account', number: number ?? 0 } as const)
  return { who, source, priceMicrosPerKwh }
}

/** A ladder in words, first choice first, with what each step is worth where that is known. */
export function LadderSteps(props: {
  readonly steps: readonly WrittenStep[]
  readonly names: ReadonlyMap<number, string>
  readonly worths: readonly (number | null)[]
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()
  const whoOf = ({ who }: WrittenStep): string => {
    switch (who.kind) {
      case 'anyone':
        return say('ladder.anyone')
      case 'zone':
        return say('ladder.zone', { zone: zoneName(Number(who.zone)) })
      case 'account':
        return props.names.get(who.number) ?? say('ladder.account', { account: who.number })
      case 'participant':
        return who.name
    }
  }
  return (
    <ol className='ladder'>
      {props.steps.map((step, i) => {
        const worth = props.worths[i] ?? null
        return (
          <li key={`${i} ${whoOf(step)}`}>
            <span>
              {say(i === 0 ? 'ladder.first' : 'ladder.then', {
                who: whoOf(step),
                source: say(`source.${step.source}`),
                price: formats.exactPrice(step.priceMicrosPerKwh),
              })}
            </span>
            {worth === null ? null : (
              <span className={`small ${worth >= 0 ? 'is-good' : 'is-warn'}`}>
                {say(worth >= 0 ? 'ladder.worth' : 'ladder.worth.less', {
                  worth: formats.money(Math.abs(worth)),
                })}
              </span>
            )}
          </li>
        )
      })}
    </ol>
  )
}
