import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Icon } from '../parts/icons.tsx'
import { dayOf } from '../time/phases.ts'
import type { Span } from './bill-check.ts'

/** A day by the market's clock on the wall, and the intervals that begin in it. */
export type Day = Span & { readonly startMs: number; readonly isToday: boolean }

export type DayChoice = {
  readonly day: Day
  readonly earlier: () => void
  readonly later: () => void
}

/** Today at first, and each day before it. */
export function useDay(): DayChoice {
  const { clock, display, rulebook } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const [back, setBack] = useState(0)
  const intervalMs = rulebook.intervalSeconds * 1_000
  let { startMs, endMs } = dayOf(nowMs, display.timeZone)
  for (let n = 0; n < back; n += 1) {
    ({ startMs, endMs } = dayOf(startMs - 1, display.timeZone))
  }
  const from = Math.ceil(startMs / intervalMs)
  return {
    day: { startMs, from, count: Math.ceil(endMs / intervalMs) - from, isToday: back === 0 },
    earlier: () => setBack(back + 1),
    later: () => setBack(Math.max(0, back - 1)),
  }
}

export function DaySwitch({ day, ...steps }: DayChoice): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <SpanSwitch
      label={say('retailer.energy.day')}
      shown={formats.day(day.startMs)}
      isLast={day.isToday}
      {...steps}
    />
  )
}

/** What is looked at, and the ways to what is before and after it. */
export function SpanSwitch(props: {
  readonly label: string
  readonly shown: string
  readonly isLast: boolean
  readonly earlier: () => void
  readonly later: () => void
}): ReactNode {
  const { say } = useTexts()
  const { label, shown, isLast, earlier, later } = props
  return (
    <div className='day-switch' role='group' aria-label={label}>
      <button
        type='button'
        className='button quiet'
        aria-label={say('action.earlier')}
        onClick={earlier}
      >
        <Icon name='left' size={18} />
      </button>
      <strong className='figure'>{shown}</strong>
      <button
        type='button'
        className='button quiet'
        aria-label={say('action.later')}
        disabled={isLast}
        onClick={later}
      >
        <Icon name='right' size={18} />
      </button>
    </div>
  )
}
