import type { WhatIfAnswer } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type ChartLine, TimeChart } from '../charts/time-chart.tsx'
import { type Column, DataTable, shown } from '../parts/data-table.tsx'
import { Switch } from '../parts/parts.tsx'
import { byDay, dayNamed, savedDays, type Sums } from './what-if-span.ts'

/** A day or a zone. */
export type Row = Sums & { readonly name: string }

const measures = ['energy', 'price', 'fees', 'moved'] as const
type Measure = (typeof measures)[number]

/** What is drawn of two rulebooks; of money that is elsewhere there is one figure. */
const valuesOf: Readonly<Record<Measure, (row: Sums) => readonly (number | null)[]>> = {
  energy: ({ own, other }) => [own.energyWh, other.energyWh],
  price: ({ own, other }) => [own.meanPriceMicrosPerKwh, other.meanPriceMicrosPerKwh],
  fees: ({ own, other }) => [own.feesMicros, other.feesMicros],
  moved: ({ movedMicros }) => [movedMicros],
}

/**
 * Day by day: one measure as a chart, and a line for each day. On a phone a line has that measure
 * alone; where there is room it has them all.
 */
export function WhatIfDays({ answer }: { readonly answer: WhatIfAnswer }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { display: { timeZone } } = useMarket()
  const [measure, choose] = useState<Measure>('energy')
  const days = byDay(answer.days).map(({ day, ...sums }) => {
    const startMs = dayNamed(day, timeZone)?.startMs
    return { ...sums, name: startMs === undefined ? day : formats.day(startMs), startMs }
  })
  const title = say('whatIf.days')
  return (
    <div className='stack'>
      <div className='row apart choosing'>
        <h3>{title}</h3>
        <Switch
          label={title}
          choices={measures.map((one) => [one, say(`whatIf.measure.${one}`)] as const)}
          chosen={measure}
          choose={choose}
        />
      </div>
      {days.length < 2 ? null : <DayChart answer={answer} days={days} measure={measure} />}
      <DataTable
        title={title}
        frame='narrow'
        columns={useColumns(say('whatIf.column.day'), measure)}
        rows={days}
        keyOf={({ name }) => name}
        file='what-if'
        saved={() => savedDays(answer.days)}
      />
    </div>
  )
}

function DayChart(props: {
  readonly answer: WhatIfAnswer
  readonly days: readonly (Row & { readonly startMs: number | undefined })[]
  readonly measure: Measure
}): ReactNode {
  const { answer: { from, to }, days, measure } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const endMs = (to + 1) * intervalMs
  const show = useShown(measure)
  const all = days.map(valuesOf[measure])
  const values = (of: number): ChartLine['values'] => all.map((one) => one[of] ?? null)
  const own: ChartLine = {
    ...{ label: say('whatIf.column.own'), color: '--self', shape: 'bars', show },
    values: values(0),
  }
  const other: ChartLine = {
    ...{ label: say('whatIf.column.new'), color: '--price', shape: 'line', show },
    values: values(1),
  }
  return (
    <TimeChart
      title={say(`whatIf.${measure}`)}
      timesMs={days.map(({ startMs }) => startMs ?? 0)}
      spanMs={[from * intervalMs, endMs]}
      lines={measure === 'moved' ? [{ ...own, label: say('whatIf.moved') }] : [own, other]}
      height={200}
      together='what-if'
      // The day after the last is none of these, and at the edge there is no room for it.
      showTime={(atMs) => (atMs < endMs ? formats.day(atMs) : '')}
      showTick={show}
    />
  )
}

function useShown(measure: Measure): (value: number) => string {
  const { energy, price, money } = useFormats()
  return { energy, price, fees: money, moved: money }[measure]
}

/**
 * Figures by one rulebook and by the other.
 *
 * @param only what a phone shows of them; without it all
 */
export function useColumns(title: string, only?: Measure): readonly Column<Row>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const column = (measure: Measure, show: (value: number) => string): Column<Row> => ({
    ...{ name: measure, title: say(`whatIf.${measure}`), isNumber: true },
    isAside: only !== undefined && only !== measure,
    show: (row) => valuesOf[measure](row).map((value) => shown(value, show)).join(' → '),
  })
  return [
    { name: 'name', title, show: ({ name }) => name },
    column('energy', formats.energy),
    column('price', formats.price),
    column('fees', formats.money),
    column('moved', formats.money),
  ]
}
