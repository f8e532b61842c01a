import type { PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { heightOf, labelAt, rangeOf, type Shape, shapeOf } from './auction-curves.ts'

const [width, height] = [520, 250]
const [left, right, top, bottom] = [100, 508, 12, 208]
/** Where the energy that changed hands ends; what lies beyond is nobody's business. */
const end = left + (right - left) * 0.8
const frame = { left, end, top, bottom }

/**
 * Both curves as far as they were filled, in the steps that are public; of a side without them that
 * its limits lie beyond the price. All that was not filled is drawn as what it is, unknown.
 */
export function AuctionPicture(props: {
  readonly curves: PublicInterval['curves']
  readonly priceMicrosPerKwh: number
  readonly energyWh: number
  /** Prices that an order may have. */
  readonly limits: readonly [min: number, max: number]
  readonly title: string
  readonly price: string
  readonly energy: string
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { curves, priceMicrosPerKwh, energyWh } = props
  const range = rangeOf(curves, priceMicrosPerKwh, props.limits)
  const scale = { frame, range, priceMicrosPerKwh, energyWh }
  const at = heightOf(scale, priceMicrosPerKwh)
  const [buy, sell] = [shapeOf(curves?.buy ?? null, scale), shapeOf(curves?.sell ?? null, scale)]
  const [min, max] = range
  return (
    <svg className='curves' viewBox={`0 0 ${width} ${height}`} role='img' aria-label={props.title}>
      <rect className='dark' x={end} y={top} width={right - end} height={bottom - top} />
      <Side name='buy' shape={buy} from={top} to={at} />
      <Side name='sell' shape={sell} from={at} to={bottom} />
      <path className='axis' d={`M${left} ${bottom}H${right}`} />
      <path className='drop' d={`M${end} ${top}V${bottom}`} />
      <path className='price-line' d={`M${left} ${at}H${end}`} />
      <circle cx={end} cy={at} r='5.5' fill='var(--price)' />
      <text x={left - 8} y={top + 14} textAnchor='end'>{formats.price(max)}</text>
      <text x={left - 8} y={bottom} textAnchor='end'>{formats.price(min)}</text>
      <text className='mark' x={left - 8} y={at + 5} textAnchor='end'>{props.price}</text>
      <text x={left} y={bottom + 24}>0</text>
      <text className='mark' x={end} y={bottom + 24} textAnchor='middle'>{props.energy}</text>
      <text className='label-buy' x={left + 12} y={labelAt('buy', curves?.buy ?? null, scale)}>
        {say(buy === undefined ? 'auction.buyers' : 'auction.demand')}
      </text>
      <text className='label-sell' x={left + 12} y={labelAt('sell', curves?.sell ?? null, scale)}>
        {say(sell === undefined ? 'auction.sellers' : 'auction.supply')}
      </text>
      <text className='label-dark' x={right - 8} y={bottom - 12} textAnchor='end'>
        {say('auction.rest')}
      </text>
    </svg>
  )
}

/** The curve of a side; without its steps, all the prices where it may be. */
function Side(props: {
  readonly name: 'buy' | 'sell'
  readonly shape: Shape | undefined
  readonly from: number
  readonly to: number
}): ReactNode {
  const { name, shape, from, to } = props
  if (shape === undefined) {
    return (
      <>
        <rect className={name} x={left} y={from} width={end - left} height={to - from} />
        <path className={`${name}-edge`} d={`M${left} ${from}V${to}`} fill='none' />
      </>
    )
  }
  return (
    <>
      <path className={name} d={shape.area} />
      <path className={`${name}-edge`} d={shape.edge} fill='none' />
    </>
  )
}
