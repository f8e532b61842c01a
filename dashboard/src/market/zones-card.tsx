import type { Market, Series } from '@busbar/protocols/api'
import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card } from '../parts/parts.tsx'
import { Link } from '../route/router.tsx'
import { lastCleared } from './series-range.ts'

type Zone = Market['zones'][number]

/** Zones whose newest price is asked for. */
const pricedMax = 50

/** The zones as the tree that they are, each with its newest price. */
export function ZonesCard({ current }: { readonly current: number }): ReactNode {
  const { say } = useTexts()
  const { zones } = useMarket()
  const { client } = useServices()
  const opened = useOpened()
  const asked = useQueries({
    queries: zones.slice(0, pricedMax).map(({ zone }) => ({
      queryKey: keys.newest(zone),
      queryFn: () => client.series({ zone, points: 2 }),
      enabled: opened,
    })),
  })
  const newest = new Map(asked.map(({ data }, i) => [zones[i]?.zone ?? 0, data]))
  const roots = zones.filter(({ parent }) => parent === null)
  return (
    <Card title={say('zones.title')}>
      <p className='small soft'>{say('zones.hint')}</p>
      <Level zones={zones} among={roots} newest={newest} current={current} />
    </Card>
  )
}

function Level(props: {
  readonly zones: readonly Zone[]
  readonly among: readonly Zone[]
  readonly newest: ReadonlyMap<number, Series | undefined>
  readonly current: number
}): ReactNode {
  const { zones, among, newest, current } = props
  return (
    <ul className='zones'>
      {among.map((zone) => {
        const below = zones.filter(({ parent }) => parent === zone.zone)
        return (
          <li key={zone.zone}>
            <ZoneLink zone={zone} series={newest.get(zone.zone)} current={current} />
            {below.length === 0 ? null : (
              <Level zones={zones} among={below} newest={newest} current={current} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

function ZoneLink(props: {
  readonly zone: Zone
  readonly series: Series | undefined
  readonly current: number
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zone, series, current } = props
  const index = series === undefined ? -1 : lastCleared(series)
  const price = series?.priceMicrosPerKwh[index] ?? null
  const isCurrent = zone.zone === current
  return (
    <Link
      to={zone.zone === 0 ? '/' : `/?zone=${zone.zone}`}
      className='zone'
      aria-current={isCurrent ? 'true' : undefined}
    >
      <strong>{zone.name}</strong>
      {zone.parent === null ? null : (
        <span className='small soft'>
          {say('zones.bridge', { power: formats.power(zone.bridgeWatts) })}
        </span>
      )}
      <span className='figure'>
        {price === null ? '–' : `${formats.price(price)} ${say('auction.perKwh')}`}
      </span>
    </Link>
  )
}
