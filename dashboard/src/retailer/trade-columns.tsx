import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import type { Column } from '../parts/data-table.tsx'

type TradeRow = {
  readonly trade: number
  readonly fromInterval: number
  readonly endsAt: number
  readonly contractedWh: number
}

/** What every table of trades says of one, whoever's table it is. */
export function useTradeColumns<Row extends TradeRow>(): Readonly<
  Record<'number' | 'window' | 'contracted', Column<Row>>
> {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return {
    number: {
      ...{ name: 'trade', title: say('retailer.trade.number') },
      show: ({ trade }) => say('retailer.trade.title', { trade }),
      value: ({ trade }) => trade,
    },
    window: {
      ...{ name: 'from_interval', title: say('retailer.trade.window') },
      show: ({ fromInterval, endsAt }) =>
        formats.period(
          fromInterval * intervalMs,
          Math.max(fromInterval, endsAt) * intervalMs,
        ),
      value: ({ fromInterval }) => fromInterval,
    },
    contracted: {
      ...{ name: 'contracted_wh', title: say('retailer.trade.contracted'), isNumber: true },
      show: ({ contractedWh }) => formats.energy(contractedWh),
      value: ({ contractedWh }) => contractedWh,
    },
  }
}

/** The interval that a row is of. */
export function useIntervalColumn(): Column<{ readonly interval: number }> {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return {
    ...{ name: 'interval', title: say('retailer.energy.start') },
    show: ({ interval }) => formats.moment(interval * intervalMs),
    value: ({ interval }) => interval,
  }
}
