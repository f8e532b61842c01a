import { bilateralZone } from '@busbar/core/exchange'
import type { Market } from '@busbar/protocols/api'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect } from 'react'
import type { Formats } from '../format/formats.ts'
import { keys } from '../live/keys.ts'
import { useReading, useTexts } from './language.tsx'
import { useServices } from './services.tsx'

export function useMarketQuery(): UseQueryResult<Market> {
  const { client, live } = useServices()
  const asked = useQuery({
    queryKey: keys.market,
    queryFn: ({ signal }) => client.market({ signal }),
  })
  const { data } = asked
  useEffect(() => {
    // The stream is newer than any answer, once it has told the time.
    if (data !== undefined) live.tell(data.clock)
  }, [data, live])
  return asked
}

const MarketContext = createContext<Market | undefined>(undefined)

/** For pages that know the market. */
export function MarketProvider(props: {
  readonly market: Market
  readonly children: ReactNode
}): ReactNode {
  return <MarketContext value={props.market}>{props.children}</MarketContext>
}

export function useMarket(): Market {
  const market = useContext(MarketContext)
  if (market === undefined) throw new Error('this page stands inside of a market')
  return market
}

/** What a zone is called, that of contracts too; its number where nobody has named it. */
export function useZoneName(): (zone: number) => string {
  const { zones } = useMarket()
  const { say } = useTexts()
  return (zone) =>
    zone === bilateralZone
      ? say('zone.contracts')
      : (zones.find((one) => one.zone === zone)?.name ?? String(zone))
}

/** Where runs are posted: the zones, and the contracts of all of them. */
export function usePlaces(): readonly (readonly [zone: number, name: string])[] {
  const { zones, rulebook, scheduledRulebooks } = useMarket()
  const zoneName = useZoneName()
  const rules = [rulebook, ...scheduledRulebooks.map((one) => one.rulebook)]
  const hasContracts = rules.some(({ trades }) => trades !== undefined)
  const numbers = zones.map(({ zone }) => zone)
  return [...numbers, ...(hasContracts ? [bilateralZone] : [])].map((zone) => [
    zone,
    zoneName(zone),
  ])
}

/** Figures of this market, in the reader's language. */
export function useFormats(): Formats {
  return useReading().formatsFor(useMarket().display)
}
