import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useOpened } from '../../app/live.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { keys } from '../../live/keys.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Answered } from '../../parts/states.tsx'
import { HistoryInterval } from './history-interval.tsx'
import { bookColumns, type BookDay, type BookPoint, readDay } from './history.ts'
import { StateBadge } from './state-badge.tsx'

const lookMs = 10_000
/** Cells of a row on the narrowest screens. */
const rowMost = 12

/**
 * Every interval of a day; of one that goes on, again and again.
 *
 * @param isBeside leaves that to another card as long as it shows the same day
 */
export function useBookDay(
  day: BookDay,
  isOpen: boolean,
  isBeside = false,
): UseQueryResult<readonly BookPoint[]> {
  const { client } = useServices()
  return useQuery({
    queryKey: keys.history(day.from, 1),
    queryFn: ({ signal }) => readDay(client.books, day, signal),
    enabled: useOpened(),
    refetchInterval: (query) =>
      isOpen && !(isBeside && query.getObserversCount() > 1) ? lookMs : false,
  })
}

/** Every interval of a day, green or red, each of which opens to its figures; and as a table. */
export function HistoryDay(props: {
  readonly day: BookDay
  /** Intervals of an hour. */
  readonly step: number
  /** Whether it may still change. */
  readonly isOpen: boolean
}): ReactNode {
  const formats = useFormats()
  const { day, step, isOpen } = props
  const [chosen, choose] = useState<number>()
  const asked = useBookDay(day, isOpen)
  return (
    <Answered asked={asked} height={240}>
      {(points) => (
        <div className='stack' data-book-day={day.from}>
          <h3>{formats.day(day.startMs)}</h3>
          <Grid points={points} step={step} chosen={chosen} choose={choose} />
          {chosen === undefined ? null : <HistoryInterval key={chosen} interval={chosen} />}
          <DayTable points={points} />
        </div>
      )}
    </Answered>
  )
}

/** One cell can be reached by the tabulator, the others from there by the arrows. */
function Grid(props: {
  readonly points: readonly BookPoint[]
  readonly step: number
  readonly chosen: number | undefined
  readonly choose: (interval: number) => void
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const box = useRef<HTMLDivElement>(null)
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const { points, step, chosen, choose } = props
  const wide = Math.min(rowMost, step)
  const [at, setAt] = useState<number>()
  const home = points.findIndex(({ interval }) => interval === (at ?? chosen))
  const current = home >= 0 ? home : points.length - 1
  const move = (event: KeyboardEvent): void => {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wide, ArrowDown: wide }
    const by = steps[event.key as keyof typeof steps] as number | undefined
    if (by === undefined) return
    event.preventDefault()
    const next = Math.min(points.length - 1, Math.max(0, current + by))
    setAt(points[next]?.interval)
    const cells = box.current?.querySelectorAll<HTMLButtonElement>('button')
    cells?.[next]?.focus()
  }
  return (
    <div
      ref={box}
      className='book-grid'
      role='group'
      aria-label={say('books.grid')}
      style={{ gridTemplateColumns: `repeat(${wide}, minmax(1.5rem, 2.75rem))` }}
      onKeyDown={move}
    >
      {points.map(({ interval, state }, index) => {
        const span = formats.span(interval * intervalMs, (interval + 1) * intervalMs)
        const words = `${span}: ${say(`books.state.${state}`)}`
        return (
          <button
            key={interval}
            type='button'
            className={`book-cell ${state}`}
            title={words}
            aria-label={words}
            aria-pressed={interval === chosen}
            tabIndex={index === current ? 0 : -1}
            onClick={() => choose(interval)}
          />
        )
      })}
    </div>
  )
}

function DayTable({ points }: { readonly points: readonly BookPoint[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const columns: readonly Column<BookPoint>[] = [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ interval }) => formats.span(interval * intervalMs, (interval + 1) * intervalMs),
    },
    {
      ...{ name: 'state', title: say('intervals.column.state') },
      show: ({ state }) => <StateBadge state={state} />,
    },
    {
      ...{ name: 'in', title: say('interval.energy.in'), isNumber: true },
      show: ({ inWh }) => formats.exactEnergy(inWh),
    },
    {
      ...{ name: 'out', title: say('interval.energy.out'), isNumber: true },
      show: ({ outWh }) => formats.exactEnergy(outWh),
    },
    {
      ...{ name: 'moved', title: say('books.moved'), isNumber: true },
      show: ({ movedMicros }) => formats.exactMoney(movedMicros),
    },
    {
      ...{ name: 'balances', title: say('audit.chain.ledger'), isNumber: true },
      show: ({ balancesMicros }) => formats.exactMoney(balancesMicros),
    },
    {
      ...{ name: 'custody', title: say('audit.chain.custody'), isNumber: true },
      show: ({ custodyMicros }) =>
        custodyMicros === null ? '–' : formats.exactMoney(custodyMicros),
    },
  ]
  return (
    <details className='more'>
      <summary>{say('books.table')}</summary>
      <DataTable
        title={say('books.table')}
        frame='tall'
        columns={columns}
        rows={points.toReversed()}
        keyOf={({ interval }) => interval}
        file='busbar-books'
        saved={() => bookColumns(points, intervalMs)}
      />
    </details>
  )
}
