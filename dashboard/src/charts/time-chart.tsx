import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useReading, useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { tickLabels, tickSteps } from './ticks.ts'

export type ChartLine = {
  readonly label: string
  /** A custom property of the style: `--price`. */
  readonly color: string
  readonly shape: 'steps' | 'bars' | 'area' | 'line'
  readonly values: readonly (number | null)[]
  readonly show: (value: number) => string
}

export type TimeChartProps = {
  readonly title: string
  /** The beginning of each point, UTC milliseconds, ascending. */
  readonly timesMs: readonly number[]
  readonly spanMs: readonly [fromMs: number, untilMs: number]
  readonly lines: readonly ChartLine[]
  readonly height: number
  /** Charts of one name move their cursors together. */
  readonly together: string
  /** How times are written under it. */
  readonly showTime: (atMs: number) => string
  readonly showTick: (value: number) => string
}

/** Days and hours begin where the market's do, wherever its reader is. */
type PlotProps = TimeChartProps & { readonly timeZone: string }

/**
 * A chart over time with its newest figures, or those under the cursor, above it. The arrow keys
 * move the cursor; the figures are text, which a reader of the screen hears.
 */
export function TimeChart(props: TimeChartProps): ReactNode {
  const { title, timesMs, lines, height } = props
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const [under, setUnder] = useState<number | null>(null)
  const { theme } = useReading()
  const { say } = useTexts()
  const { display: { timeZone } } = useMarket()
  usePlot(box, plot, { ...props, timeZone }, theme, setUnder)
  const last = timesMs.length - 1
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined || plot.current === undefined) return
    event.preventDefault()
    const next = Math.min(last, Math.max(0, (under ?? last) + step))
    const left = plot.current.valToPos((timesMs[next] ?? 0) / 1_000, 'x')
    plot.current.setCursor({ left, top: height / 2 })
  }
  return (
    <div className='chart'>
      <div className='chart-head'>
        <h3>{title}</h3>
        <Legend lines={lines} index={under} atMs={under === null ? undefined : timesMs[under]} />
      </div>
      <div
        ref={box}
        className='chart-box'
        tabIndex={0}
        role='group'
        aria-label={`${title}. ${say('series.chart')}`}
        onKeyDown={move}
        style={{ height }}
      />
    </div>
  )
}

function Legend(props: {
  readonly lines: readonly ChartLine[]
  /** Null for the newest figure of each. */
  readonly index: number | null
  readonly atMs: number | undefined
}): ReactNode {
  const formats = useFormats()
  return (
    <div className='legend' aria-live={props.atMs === undefined ? 'off' : 'polite'}>
      {props.atMs === undefined ? null : <span>{formats.moment(props.atMs)}</span>}
      {props.lines.map(({ label, color, shape, values, show }) => {
        const value = props.index === null ? newestOf(values) : (values[props.index] ?? null)
        return (
          <span key={label}>
            <span
              className={shape === 'steps' || shape === 'line' ? 'key' : 'key block'}
              style={{ color: `var(${color})` }}
            />
            {label} <b>{value === null ? '–' : show(value)}</b>
          </span>
        )
      })}
    </div>
  )
}

const newestOf = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null

/** Makes the plot anew when its form changes, and gives it new data when only that does. */
function usePlot(
  box: { readonly current: HTMLDivElement | null },
  plot: { current: uPlot | undefined },
  props: PlotProps,
  theme: string,
  setUnder: (index: number | null) => void,
): void {
  const { timesMs, lines, height, spanMs } = props
  const form = JSON.stringify([
    ...[theme, height, props.together, spanMs],
    ...lines.map(({ label, color, shape }) => [label, color, shape]),
  ])
  const data = useRef<uPlot.AlignedData>([[]])
  data.current = [
    timesMs.map((atMs) => atMs / 1_000),
    ...lines.map(({ values }) => [...values]),
  ]
  const latest = useRef(props)
  latest.current = props
  const [dark, setDark] = useState(() => darkness().matches)
  useEffect(() => {
    const wanted = darkness()
    const look = (): void => setDark(wanted.matches)
    wanted.addEventListener('change', look)
    return () => wanted.removeEventListener('change', look)
  }, [])
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const made = new uPlot(
      optionsOf(element, () => latest.current, setUnder),
      data.current,
      element,
    )
    plot.current = made
    const watcher = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: latest.current.height })
    })
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [form, dark, box, plot, setUnder])
  useEffect(() => {
    plot.current?.setData(data.current, true)
  }, [plot, timesMs, lines])
}

const darkness = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)')

function optionsOf(
  element: HTMLElement,
  props: () => PlotProps,
  setUnder: (index: number | null) => void,
): uPlot.Options {
  const { lines, height, together } = props()
  const color = resolver(element)
  const grid = { stroke: color('--line'), width: 1 }
  const font = `12px ${getComputedStyle(element).fontFamily}`
  const axis = { stroke: color('--ink-soft'), font, ticks: { show: false } }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), props().timeZone),
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: false, y: false },
      sync: { key: together },
    },
    scales: {
      x: { time: true, range: () => [props().spanMs[0] / 1_000, props().spanMs[1] / 1_000] },
      y: { range: (_plot, low, high) => rangeOf(low, high) },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: (_plot, _axis, from) => spaceOf(props().showTime(from * 1_000)),
        // Below the lowest figure of the other axis, not beside it.
        gap: 10,
        size: 30,
        values: (_plot, splits) => splits.map((at) => props().showTime(at * 1_000)),
      },
      {
        ...axis,
        grid,
        size: (plot, shown) => widthOf(plot.ctx, font, shown),
        space: 26,
        incrs: [...tickSteps],
        values: (_plot, splits) => [...tickLabels(splits, props().showTick)],
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, color))],
    hooks: {
      setCursor: [({ cursor }) => setUnder(cursor.idx ?? null)],
    },
  }
}

/** So far apart that one label does not touch the next, in pixels. */
const spaceOf = (label: string): number => Math.max(64, 7 * label.length + 12)

/** So that charts below each other begin at one place. */
const axisMin = 64
const axisGap = 12

/** Wide enough for the longest of its figures, in the pixels of the style. */
function widthOf(
  context: CanvasRenderingContext2D,
  font: string,
  shown: readonly string[] | null,
): number {
  context.save()
  context.font = font
  const widths = (shown ?? []).map((text) => context.measureText(text).width)
  context.restore()
  return Math.ceil(Math.max(axisMin, ...widths.map((width) => width + axisGap)))
}

/** Each point holds from its beginning on. */
const steps = uPlot.paths.stepped?.({ align: 1 })
const bars = uPlot.paths.bars?.({ align: 1, size: [0.82, 28] })

/** A figure that is never below zero begins at zero; one that is shows where zero is. */
function rangeOf(low: number | null, high: number | null): [number, number] {
  const [bottom, top] = [Math.min(0, low ?? 0), Math.max(0, high ?? 0)]
  const room = (top - bottom) * 0.08
  return bottom === top ? [0, 1] : [bottom === 0 ? 0 : bottom - room, top + room]
}

function seriesOf(
  { label, color: name, shape }: ChartLine,
  color: (name: string) => string,
): uPlot.Series {
  const stroke = color(name)
  const soft = color(`${name}-soft`)
  const line = { label, stroke, width: 2, points: { show: false } }
  switch (shape) {
    case 'steps':
      return { ...line, ...(steps === undefined ? {} : { paths: steps }) }
    case 'line':
      return line
    case 'area':
      return { ...line, width: 1.5, fill: soft }
    case 'bars':
      return { ...line, width: 0, fill: stroke, ...(bars === undefined ? {} : { paths: bars }) }
  }
}

/** Colours of the style as a canvas takes them: `light-dark()` is worked out by an element. */
function resolver(element: HTMLElement): (name: string) => string {
  const probe = document.createElement('i')
  probe.hidden = true
  element.append(probe)
  const colors = new Map<string, string>()
  return (name) => {
    const known = colors.get(name)
    if (known !== undefined) return known
    probe.style.color = `var(${name}, transparent)`
    const found = getComputedStyle(probe).color
    colors.set(name, found)
    return found
  }
}
