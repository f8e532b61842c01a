import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useMarketTime, useOpened } from '../../app/live.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { keys } from '../../live/keys.ts'
import { Icon } from '../../parts/icons.tsx'
import { Badge, Card, Note } from '../../parts/parts.tsx'
import { Answered } from '../../parts/states.tsx'
import { HistoryDay } from './history-day.tsx'
import {
  type BookDay, type BookPoint, type BookState, daysBefore, intervalsOfHour, readDays, runsIn,
  stateOf,
} from './history.ts'
import { stateIcons, stateTones } from './state-badge.tsx'
import './books.css'

/** What is not over yet is looked at again. */
const lookMs = 10_000

/** Whether the books held, day by day and back to the first: by what was written at the time. */
export function HistoryCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { clock, display, rulebook } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const [back, setBack] = useState(0)
  const intervalMs = rulebook.intervalSeconds * 1_000
  const step = intervalsOfHour(intervalMs)
  const days = daysBefore(nowMs, back, { intervalMs, timeZone: display.timeZone })
  const from = days[0]?.from ?? 0
  const asked = useQuery({
    queryKey: keys.history(from, step),
    queryFn: ({ signal }) => readDays(client.books, days, step, signal),
    enabled: useOpened(),
    refetchInterval: back === 0 ? lookMs : false,
  })
  return (
    <Card
      title={say('books.title')}
      beside={<Weeks days={days} back={back} setBack={setBack} />}
    >
      <p className='small soft'>{say('books.hint')}</p>
      <Answered asked={asked} height={320}>
        {(points) => <Days key={from} days={days} points={points} step={step} />}
      </Answered>
    </Card>
  )
}

function Weeks(props: {
  readonly days: readonly BookDay[]
  readonly back: number
  readonly setBack: (back: number) => void
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { days, back, setBack } = props
  return (
    <div className='day-switch' role='group' aria-label={say('books.days')}>
      <button
        type='button'
        className='button quiet'
        aria-label={say('action.earlier')}
        onClick={() => setBack(back + 1)}
      >
        <Icon name='left' size={18} />
      </button>
      <strong className='figure'>
        {formats.days(days[0]?.startMs ?? 0, days.at(-1)?.startMs ?? 0)}
      </strong>
      <button
        type='button'
        className='button quiet'
        aria-label={say('action.later')}
        disabled={back === 0}
        onClick={() => setBack(back - 1)}
      >
        <Icon name='right' size={18} />
      </button>
    </div>
  )
}

function Days(props: {
  readonly days: readonly BookDay[]
  readonly points: readonly BookPoint[]
  readonly step: number
}): ReactNode {
  const { say } = useTexts()
  const { days, points, step } = props
  const pointsIn = ({ from, count }: BookDay): readonly BookPoint[] =>
    points.filter(({ interval }) => interval >= from && interval < from + count)
  const newest = days.findLast((day) => pointsIn(day).length > 0)
  const [chosen, choose] = useState<number>()
  const day = days.find(({ from }) => from === chosen) ?? newest
  if (day === undefined) {
    return <Note tone='plain' icon='wait' title={say('books.none')} />
  }
  return (
    <>
      <Standing points={points} days={days.length} />
      <ul className='book-days'>
        {days.map((one) => (
          <li key={one.from}>
            <DayRow
              day={one}
              points={pointsIn(one)}
              step={step}
              isChosen={one === day}
              choose={() => choose(one.from)}
            />
          </li>
        ))}
      </ul>
      <HistoryDay key={day.from} day={day} step={step} isOpen={day === days.at(-1)} />
    </>
  )
}

function Standing(props: {
  readonly points: readonly BookPoint[]
  readonly days: number
}): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { points } = props
  const [wrong, waiting] = [runsIn(points, 'wrong'), runsIn(points, 'waiting')]
  const runs = count(runsIn(points, 'runs'))
  if (wrong > 0) {
    const title = say('books.wrong', { wrong: count(wrong), runs })
    return (
      <Note tone='bad' title={title} isAlert>
        <p>{say('books.wrong.next')}</p>
      </Note>
    )
  }
  return waiting === 0 ? (
    <Note tone='good' title={say('books.holds', { runs })} />
  ) : (
    <Note tone='good' title={say('books.holds.waiting', { runs, waiting: count(waiting) })} />
  )
}

/** A day by its hours: a cell each, and in words for who does not see them. */
function DayRow(props: {
  readonly day: BookDay
  readonly points: readonly BookPoint[]
  readonly step: number
  readonly isChosen: boolean
  readonly choose: () => void
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { day, points, step, isChosen, choose } = props
  const all = stateOf(points)
  const byStart = new Map(points.map((point) => [point.interval, point.state]))
  const cells: (BookState | 'none')[] = []
  for (let first = day.from; first < day.from + day.count; first += step) {
    const found = [...byStart].find(([start]) => start >= first && start < first + step)
    cells.push(found?.[1] ?? 'none')
  }
  return (
    <button type='button' className='book-day' aria-pressed={isChosen} onClick={choose}>
      <span>{formats.day(day.startMs)}</span>
      <span className='book-hours' aria-hidden='true'>
        {cells.map((state, index) => <i key={index} className={`book-cell ${state}`} />)}
      </span>
      <Badge
        tone={all === null ? 'plain' : stateTones[all]}
        {...(all === null ? {} : { icon: stateIcons[all] })}
      >
        {say(`books.state.${all ?? 'none'}`)}
      </Badge>
    </button>
  )
}
