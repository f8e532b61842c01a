import { daysOfMonth, LocalClock } from '@busbar/client/bills'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useMarketTime } from '../../app/live.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { Switch } from '../../parts/parts.tsx'
import { SpanSwitch } from '../day.tsx'
import { type Days, fileNames } from './bills-data.ts'

export type DaysChoice = {
  readonly days: Days
  readonly by: 'month' | 'days'
  readonly choose: (by: 'month' | 'days') => void
  readonly earlier: () => void
  readonly later: () => void
  readonly isThisMonth: boolean
  readonly set: (days: Days) => void
}

/** The month of the market's clock on the wall at first, each before it, or any days. */
export function useBillingDays(): DaysChoice {
  const { clock, display: { timeZone } } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const [by, setBy] = useState<'month' | 'days'>('month')
  const [back, setBack] = useState(0)
  const [own, setOwn] = useState<Days>()
  const today = new LocalClock(timeZone, fileNames.tariff).at(nowMs).date
  const [from, through] = daysOfMonth(monthBefore(today.slice(0, 7), back)) ?? [today, today]
  const month = { from, through }
  return {
    ...{ by, days: by === 'month' ? month : (own ?? { from: today, through: today }) },
    choose: setBy,
    earlier: () => setBack(back + 1),
    later: () => setBack(Math.max(0, back - 1)),
    isThisMonth: back === 0,
    set: setOwn,
  }
}

/** `2026-03` and one before it is `2026-02`. */
export function monthBefore(month: string, back: number): string {
  const date = new Date(`${month}-01T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() - back)
  return date.toISOString().slice(0, 7)
}

export function BillingDays(choice: DaysChoice): ReactNode {
  const { say } = useTexts()
  const { by, choose, days, set } = choice
  return (
    <div className='stack'>
      <Switch
        label={say('bills.period')}
        choices={[['month', say('bills.period.month')], ['days', say('bills.period.days')]]}
        chosen={by}
        choose={choose}
      />
      {by === 'month' ? <Month {...choice} /> : (
        <div className='fields'>
          {(['from', 'through'] as const).map((name) => (
            <label key={name} className='field'>
              {say(`bills.day.${name}`)}
              <input
                type='date'
                value={days[name]}
                onChange={({ target: { value } }) =>
                  value === '' ? undefined : set({ ...days, [name]: value })}
              />
            </label>
          ))}
        </div>
      )}
    </div>
  )
}

function Month({ days, isThisMonth, earlier, later }: DaysChoice): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <SpanSwitch
      label={say('bills.period.month')}
      shown={formats.month(days.from)}
      isLast={isThisMonth}
      {...{ earlier, later }}
    />
  )
}
