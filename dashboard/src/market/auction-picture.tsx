import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'

const [width, height] = [520, 250]
const [left, right, top, bottom] = [84, 508, 12, 208]
/** Where the energy that changed hands ends; what lies beyond is nobody's business. */
const middle = left + (right - left) * 0.62

/**
 * What is public of both curves: up to the energy that changed hands every buyer's limit lies at
 * the price or above, every seller's at the price or below. Where exactly, and all that was not
 * filled, is private: it is drawn as what it is, unknown.
 */
export function AuctionPicture(props: {
  readonly priceMicrosPerKwh: number
  /** Prices that an order may have. */
  readonly limits: readonly [min: number, max: number]
  readonly title: string
  readonly price: string
  readonly energy: string
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const [min, max] = shownRange(props.priceMicrosPerKwh, props.limits)
  const y = (price: number): number => top + ((max - price) / (max - min)) * (bottom - top)
  const at = y(props.priceMicrosPerKwh)
  return (
    <svg className='curves' viewBox={`0 0 ${width} ${height}`} role='img' aria-label={props.title}>
      <rect className='dark' x={middle} y={top} width={right - middle} height={bottom - top} />
      <rect className='buyers' x={left} y={top} width={middle - left} height={at - top} />
      <rect className='sellers' x={left} y={at} width={middle - left} height={bottom - at} />
      <path className='buy-edge' d={`M${left} ${top}V${at}`} fill='none' />
      <path className='sell-edge' d={`M${left} ${at}V${bottom}`} fill='none' />
      <path className='axis' d={`M${left} ${bottom}H${right}`} />
      <path className='drop' d={`M${middle} ${top}V${bottom}`} />
      <path className='price-line' d={`M${left} ${at}H${middle}`} />
      <circle cx={middle} cy={at} r='5.5' fill='var(--price)' />
      <text x={left - 8} y={top + 14} textAnchor='end'>{formats.price(max)}</text>
      <text x={left - 8} y={bottom} textAnchor='end'>{formats.price(min)}</text>
      <text className='mark' x={middle + 12} y={at + 5}>{props.price}</text>
      <text className='mark' x={middle} y={bottom + 24} textAnchor='middle'>{props.energy}</text>
      <text className='label-buy' x={left + 12} y={(top + at) / 2 + 5}>
        {say('auction.buyers')}
      </text>
      <text className='label-sell' x={left + 12} y={(at + bottom) / 2 + 5}>
        {say('auction.sellers')}
      </text>
      <text className='label-dark' x={right - 10} y={bottom - 12} textAnchor='end'>
        {say('auction.rest')}
      </text>
    </svg>
  )
}

/** Room above and below the price, within what the market takes. */
function shownRange(price: number, [least, most]: readonly [number, number]): [number, number] {
  const min = price < 0 ? least : Math.max(least, 0)
  const max = Math.min(most, Math.max(price * 2, 100_000))
  return min < price && price < max ? [min, max] : [least, most]
}
