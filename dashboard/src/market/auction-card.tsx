import type { PublicInterval, Series } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { ProofBadge } from '../parts/proof-badge.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { AuctionPicture } from './auction-picture.tsx'
import { lastCleared } from './series-range.ts'

/** The last auction: its one price, its energy, and what is public of the orders behind them. */
export function AuctionCard({ series }: { readonly series: Series }): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { client } = useServices()
  const index = lastCleared(series)
  const interval = series.interval[index]
  const asked = useQuery({
    queryKey: keys.interval(series.zone, interval ?? -1),
    queryFn: ({ signal }) => client.interval(series.zone, interval ?? -1, { signal }),
    enabled: interval !== undefined,
  })
  if (interval === undefined) {
    return (
      <Card title={say('auction.title')}>
        <Note tone='plain' icon='wait' title={say('auction.none')}>
          <p>{say('auction.none.next')}</p>
        </Note>
      </Card>
    )
  }
  const intervalMs = rulebook.intervalSeconds * 1_000
  const spanOf = (one: number): string =>
    formats.span(one * intervalMs, (one + 1) * intervalMs)
  const span = spanOf(interval)
  const price = series.priceMicrosPerKwh[index] ?? null
  const energyWh = series.tradedWh[index] ?? 0
  const orders = series.orderCount[index] ?? 0
  const voids = series.voidCount[index] ?? 0
  const place = { zone: series.zone, interval }
  return (
    <Card
      title={say('auction.title')}
      beside={<ProofBadge state={series.proof[index] ?? 'none'} />}
    >
      <div className='row apart'>
        <p>
          <span className={price === null ? 'value' : 'hero figure is-price'}>
            {price === null ? say('auction.noTrade') : formats.price(price)}
          </span>{' '}
          {price === null ? null : <span className='soft'>{say('auction.perKwh')}</span>}
        </p>
        <p className='soft'>
          <strong className='figure'>{span}</strong>
          <br />
          <span className='figure'>{formats.energy(energyWh)}</span> {say('auction.traded')}
          <br />
          {count('auction.orders', orders, formats.count(orders))}
          {voids === 0 ? null : `, ${count('auction.voids', voids, formats.count(voids))}`}
        </p>
      </div>
      {price === null ? (
        <NoTrade series={series} spanOf={spanOf} />
      ) : (
        <AuctionFigure
          price={price}
          energyWh={energyWh}
          span={span}
          curves={asked.data?.curves ?? null}
        />
      )}
      <Link to={pathOf('interval', place)} className='button'>
        {say('auction.more')}
        <Icon name='right' size={18} />
      </Link>
    </Card>
  )
}

/** Why there is no price, and which was the last one. */
function NoTrade(props: {
  readonly series: Series
  readonly spanOf: (interval: number) => string
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { series, spanOf } = props
  const before = series.priceMicrosPerKwh.findLastIndex((price) => price !== null)
  const [price, interval] = [series.priceMicrosPerKwh[before], series.interval[before]]
  return (
    <p className='soft no-trade'>
      {say('auction.noTrade.why')}{' '}
      {price == null || interval === undefined ? null : say('auction.noTrade.before', {
        price: formats.price(price), interval: spanOf(interval),
      })}
    </p>
  )
}

/** An auction as a picture, and in words what it shows and what it does not. */
export function AuctionFigure(props: {
  readonly price: number
  readonly energyWh: number
  readonly span: string
  readonly curves: PublicInterval['curves']
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const words = { energy: formats.energy(props.energyWh), price: formats.price(props.price) }
  const { curves } = props
  const areTold = curves !== null && (curves.buy !== null || curves.sell !== null)
  return (
    <>
      <AuctionPicture
        curves={curves}
        priceMicrosPerKwh={props.price}
        energyWh={props.energyWh}
        limits={[rulebook.priceMinMicrosPerKwh, rulebook.priceMaxMicrosPerKwh]}
        title={say('auction.picture', { interval: props.span, ...words })}
        price={words.price}
        energy={words.energy}
      />
      <p className='small soft'>
        {say(rulebook.orderBook === 'open' ? 'auction.why.open' : 'auction.why', words)}{' '}
        {curves === null ? null : say(areTold ? 'auction.steps' : 'auction.steps.none')}
      </p>
    </>
  )
}
